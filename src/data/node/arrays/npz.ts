/** NumPy's `.npz` format: a zip archive of `.npy` files, each named for its array. */
import { unzipSync } from 'fflate';
import { FormatError } from '../../../core/errors.ts';
import type { Tensor } from '../../../core/tensor.ts';
import { parseNpy } from '../../npy.ts';

/**
 * Reads all arrays of an archive, by their names: `x_train`, `y_train`, `x_test`, `y_test` in Keras's sets.
 *
 * @param where what messages name, such as the file
 * @throws FormatError where it is no such archive, is damaged (every array's checksum is compared), or holds something else
 */
export function parseNpz(where: string, bytes: Uint8Array): Record<string, Tensor> {
  let entries: Map<string, number>;
  let files: Record<string, Uint8Array>;
  try {
    entries = checksumsOf(bytes);
    files = unzipSync(bytes, { filter: ({ name }) => name.endsWith('.npy') });
  } catch (cause) {
    throw new FormatError(
      `${where}: expected a .npz archive, received ${bytes.length} bytes that do not unpack (${(cause as Error).message}). Save it again by numpy.savez.`,
      { cause },
    );
  }
  const tensors = Object.create(null) as Record<string, Tensor>;
  for (const [name, content] of Object.entries(files)) {
    if (crc32(content) !== entries.get(name)) {
      throw new FormatError(
        `${where}: expected ${JSON.stringify(name)} with the checksum that the archive states, received other bytes. The file is damaged: download or save it again.`,
      );
    }
    tensors[name.slice(0, -'.npy'.length)] = parseNpy(`${where} (${JSON.stringify(name)})`, content);
  }
  if (Object.keys(tensors).length > 0) return tensors;
  throw new FormatError(
    `${where}: expected an archive with .npy files, received one with ${[...entries.keys()].slice(0, 5).join(', ') || 'nothing'}. Save it by numpy.savez.`,
  );
}

/** CRC-32 of each file by its name, from the archive's directory (PKWARE's APPNOTE, 4.3.12 and 4.3.16). */
function checksumsOf(bytes: Uint8Array): Map<string, number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw new Error('no zip directory');
  const checksums = new Map<string, number>();
  let entry = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    if (view.getUint32(entry, true) !== 0x02014b50) throw new Error('a damaged zip directory');
    const nameBytes = view.getUint16(entry + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(entry + 46, entry + 46 + nameBytes));
    checksums.set(name, view.getUint32(entry + 16, true));
    entry += 46 + nameBytes + view.getUint16(entry + 30, true) + view.getUint16(entry + 32, true);
  }
  return checksums;
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let word = byte;
  for (let bit = 0; bit < 8; bit++) word = word & 1 ? (word >>> 1) ^ 0xedb88320 : word >>> 1;
  return word;
});

function crc32(bytes: Uint8Array): number {
  let word = 0xffffffff;
  for (const byte of bytes) word = (word >>> 8) ^ table[(word ^ byte) & 0xff]!;
  return (word ^ 0xffffffff) >>> 0;
}
