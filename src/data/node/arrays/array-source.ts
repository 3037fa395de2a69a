/** Where files of arrays come from: a path, or content that is in memory already. */
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { DataError, FormatError, OptionError } from '../../../core/errors.ts';
import { show } from '../../../core/options.ts';
import { showName } from '../../show-name.ts';

/** The path of a file, or its content. */
export type ArraySource = string | Uint8Array;

/**
 * The content of a file, unpacked where it is compressed by gzip.
 *
 * @returns also what messages call it: the path, or `kind`
 * @throws DataError where the file cannot be read, FormatError where it does not unpack
 */
export async function bytesOf(source: ArraySource, kind: string): Promise<{ name: string; bytes: Uint8Array }> {
  if (typeof source !== 'string' && !(source instanceof Uint8Array)) {
    throw new OptionError(
      `${kind}: expected the path of a file, or its bytes, received ${show(source)}. Check the path.`,
    );
  }
  const isPath = typeof source === 'string';
  const name = isPath ? showName(source) : kind;
  const bytes = isPath ? await readWhole(source) : source;
  const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return { name, bytes: isCompressed ? await unpack(name, bytes) : bytes };
}

async function readWhole(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new DataError(
      `${showName(path)}: expected a file, received an error (${(cause as Error).message}). Check the path.`,
      { cause },
    );
  }
}

async function unpack(name: string, bytes: Uint8Array): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(bytes);
  } catch (cause) {
    throw new FormatError(
      `${name}: expected a whole gzip file, received one that does not unpack (${(cause as Error).message}). Download it again.`,
      { cause },
    );
  }
}
