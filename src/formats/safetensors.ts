/** Safetensors: named tensors in one file. Eight bytes with the header's length (little endian), the header in JSON, then
 * the numbers. Format: github.com/huggingface/safetensors. */
import { arrayClass, bytesPerElement, type DType, dtypes } from '../core/dtype.ts';
import { FormatError } from '../core/errors.ts';
import { elementCount } from '../core/shape.ts';
import { type Tensor, tensor } from '../core/tensor.ts';

const names: Partial<Record<DType, string>> = {
  float32: 'F32',
  uint8: 'U8',
  int32: 'I32',
  float16: 'F16',
  bfloat16: 'BF16',
  int8: 'I8',
  uint16: 'U16',
};

const largestHeaderBytes = 100 * 1024 * 1024;

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Tensors and the text that goes with them, as one file. */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, Entry | Readonly<Record<string, string>>> = {};
  if (Object.keys(metadata).length > 0) header['__metadata__'] = metadata;
  let end = 0;
  for (const [name, { shape, dtype, data }] of tensors) {
    header[name] = { dtype: names[dtype]!, shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  let json = JSON.stringify(header);
  json = json.padEnd(
    Math.ceil(new TextEncoder().encode(json).length / 8) * 8 - new TextEncoder().encode(json).length + json.length,
  );
  const head = new TextEncoder().encode(json);
  const file = new Uint8Array(8 + head.length + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(head.length), true);
  file.set(head, 8);
  let offset = 8 + head.length;
  for (const { data } of tensors.values()) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return file;
}

/** What a file holds. */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads a file.
 *
 * @param where what to name in messages, such as the file's path
 * @throws FormatError where it is truncated, foreign, or its header contradicts its length
 */
export function decodeSafetensors(where: string, file: Uint8Array): Safetensors {
  const { header, start } = readHeader(where, file);
  const tensors = new Map<string, Tensor>();
  let metadata: Readonly<Record<string, string>> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') metadata = readMetadata(where, entry);
    else tensors.set(name, readTensor(`${where}: tensor "${name}"`, entry, file.subarray(start)));
  }
  return { tensors, metadata };
}

function readHeader(where: string, file: Uint8Array): { header: Record<string, Entry>; start: number } {
  const foreign = (reason: string, cause?: unknown) =>
    new FormatError(
      `${where}: expected a safetensors file, received ${file.length} bytes ${reason}. Copy or save it again.`,
      {
        cause,
      },
    );
  if (file.length < 8) throw foreign('that are too few');
  const length = Number(new DataView(file.buffer, file.byteOffset, 8).getBigUint64(0, true));
  if (length > largestHeaderBytes) throw foreign('that begin like another format');
  if (8 + length > file.length) throw foreign('that end inside the header (truncated)');
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(8, 8 + length)));
    if (typeof header !== 'object' || header === null || Array.isArray(header)) throw new SyntaxError('not an object');
    return { header: header as Record<string, Entry>, start: 8 + length };
  } catch (cause) {
    throw foreign('whose header is not JSON', cause);
  }
}

function readMetadata(where: string, entry: unknown): Readonly<Record<string, string>> {
  const isText =
    typeof entry === 'object' && entry !== null && Object.values(entry).every((value) => typeof value === 'string');
  if (isText) return entry as Readonly<Record<string, string>>;
  throw new FormatError(`${where}: expected __metadata__ to hold text by name, received ${JSON.stringify(entry)}.`);
}

function readTensor(where: string, entry: Entry, body: Uint8Array): Tensor {
  const dtype = dtypes.find((name) => names[name] === entry?.dtype);
  const shape = entry?.shape;
  const [start, end] = Array.isArray(entry?.data_offsets) ? entry.data_offsets : [];
  const isShape = Array.isArray(shape) && shape.every((size) => Number.isInteger(size) && size >= 0);
  if (!dtype || !isShape || !Number.isInteger(start) || !Number.isInteger(end)) {
    throw new FormatError(
      `${where}: expected a dtype among ${Object.values(names).join(', ')}, a shape and data_offsets, received ${JSON.stringify(entry)}.`,
    );
  }
  const bytes = elementCount(shape) * bytesPerElement(dtype);
  if (end! - start! !== bytes || start! < 0) {
    throw new FormatError(`${where}: expected ${bytes} bytes for its shape, received offsets ${start} to ${end}.`);
  }
  if (end! > body.length) {
    throw new FormatError(
      `${where}: expected bytes up to ${end}, received a file that ends at ${body.length} (truncated).`,
    );
  }
  // A copy, because numbers may lie at any byte of the file (and a Buffer's own `slice` would share its memory).
  const { buffer } = new Uint8Array(body.subarray(start!, end!));
  return tensor(new (arrayClass(dtype))(buffer), shape, dtype);
}
