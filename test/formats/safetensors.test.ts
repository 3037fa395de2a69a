// Protects: files of the safetensors package are read as they were written, ours are read by it, and a damaged file is always
// a FormatError: never a crash, a wrong number of bytes or memory for a size that a header claims.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { FormatError } from '../../src/core/errors.ts';
import { Random } from '../../src/core/random.ts';
import { type Tensor, tensor } from '../../src/core/tensor.ts';
import { decodeSafetensors, encodeSafetensors } from '../../src/formats/safetensors.ts';

const tensors = new Map<string, Tensor>([
  [
    'dense/kernel',
    tensor([
      [1.5, -2],
      [0.25, 1e-30],
    ]),
  ],
  ['bytes', tensor(Uint8Array.of(1, 2, 255), [3])],
  ['whole', tensor(Int32Array.of(-1, 2 ** 31 - 1), [2, 1])],
  ['scalar', tensor(0.5)],
  ['nothing', tensor(new Float32Array(), [0, 4])],
  ['Ünicode "name"', tensor(Int8Array.of(-128), [1])],
  ['half', tensor(Uint16Array.of(0x3c00), [1], 'float16')],
  ['brain', tensor(Uint16Array.of(0x3f80), [1], 'bfloat16')],
]);
const metadata = { format: 'cajal', note: 'größer' };

/** A file with a header of one's own. */
function fileWith(header: unknown, body: Uint8Array = new Uint8Array(0)): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + json.length + body.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  file.set(body, 8 + json.length);
  return file;
}

describe('safetensors', () => {
  it('come back as they were written, in their order, with their text', () => {
    const read = decodeSafetensors('file', encodeSafetensors(tensors, metadata));
    assert.deepEqual([...read.tensors], [...tensors]);
    assert.deepEqual(read.metadata, metadata);
    assert.deepEqual(decodeSafetensors('file', encodeSafetensors(new Map())), { tensors: new Map(), metadata: {} });
  });

  it('begin with a header that is padded to eight bytes', () => {
    const file = encodeSafetensors(tensors, metadata);
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    assert.equal(length % 8, 0);
    const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
    assert.deepEqual(header['dense/kernel'], { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] });
    assert.deepEqual(header['__metadata__'], metadata);
  });

  it('of the package that defines the format are read', () => {
    const file = readFileSync(new URL('../golden/tensors.safetensors', import.meta.url));
    const read = decodeSafetensors('golden', file);
    assert.deepEqual(read.metadata, { format: 'np', note: 'größer als ASCII' });
    const expected: Record<string, Tensor> = {
      'dense/kernel': tensor([
        [-0.5, -0.25, 0],
        [0.25, 0.5, 0.75],
      ]),
      bytes: tensor(Uint8Array.of(0, 127, 255), [3]),
      whole: tensor(Int32Array.of(-1, 2 ** 31 - 1), [2, 1]),
      half: tensor(Uint16Array.of(0x3c00, 0xc000), [2], 'float16'),
      small: tensor(Int8Array.of(-128, 127), [2]),
      scalar: tensor(0.25),
      nothing: tensor(new Float32Array(), [0, 4]),
    };
    assert.deepEqual(Object.fromEntries(read.tensors), expected);
  });

  it('are read from any byte of any buffer, into memory of their own', () => {
    const numbers = Buffer.from(Float32Array.of(1.5, 2.5).buffer);
    const file = fileWith('{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} ', numbers);
    for (let shift = 0; shift < 8; shift++) {
      const shifted = Buffer.alloc(file.length + shift);
      shifted.set(file, shift);
      const { data } = decodeSafetensors('file', shifted.subarray(shift)).tensors.get('x')!;
      shifted.fill(0);
      assert.deepEqual([...data], [1.5, 2.5]);
      assert.equal(data.buffer.byteLength, 8);
    }
  });
});

describe('damaged files', () => {
  const whole = encodeSafetensors(tensors, metadata);

  it('cut at any byte are refused', () => {
    for (let length = 0; length < whole.length; length++) {
      assert.throws(() => decodeSafetensors('file', whole.subarray(0, length)), FormatError, `${length} bytes`);
    }
  });

  it('with flipped bits give a FormatError or tensors, and never much memory', () => {
    const random = new Random(9);
    for (let trial = 0; trial < 4000; trial++) {
      const damaged = whole.slice();
      for (let flips = 0; flips <= random.integer(3); flips++) {
        damaged[random.integer(trial % 2 ? damaged.length : 400)]! ^= 1 << random.integer(8);
      }
      try {
        for (const { data } of decodeSafetensors('file', damaged).tensors.values()) {
          assert.ok(data.byteLength <= whole.length);
        }
      } catch (error) {
        assert.ok(error instanceof FormatError, `${error}`);
      }
    }
  });

  it('say what is wrong', () => {
    const fails = (file: Uint8Array, message: RegExp) =>
      assert.throws(
        () => decodeSafetensors('m.safetensors', file),
        (error: Error) => {
          assert.ok(error instanceof FormatError);
          assert.match(error.message, message);
          return true;
        },
      );
    const received = 'm.safetensors: expected a safetensors file, received';
    fails(new Uint8Array(7), new RegExp(`^${received} 7 bytes that are too few\\. Copy or save it again\\.$`));
    fails(
      new TextEncoder().encode('PNG picture'),
      new RegExp(`^${received} 11 bytes that begin like another format\\.`),
    );
    fails(
      fileWith({}).subarray(0, 9),
      new RegExp(`^${received} 9 bytes that end inside the header \\(truncated\\)\\.`),
    );
    for (const header of ['[]', 'null', '3', '{', '"not an object"'])
      fails(fileWith(header), /whose header is not JSON/);
    const entry = (part: object) =>
      fileWith({ x: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...part } }, new Uint8Array(8));
    const wrongEntry =
      /^m\.safetensors: tensor "x": expected a dtype among F32, U8, I32, F16, BF16, I8, U16, a shape and data_offsets, received \{/;
    for (const part of [
      { dtype: 'F128' },
      { shape: [-1] },
      { shape: [0.5] },
      { shape: 2 },
      { data_offsets: [0] },
      { data_offsets: 7 },
    ]) {
      fails(entry(part), wrongEntry);
    }
    fails(fileWith({ x: null }), /expected a dtype among/);
    fails(
      entry({ shape: [3] }),
      /^m\.safetensors: tensor "x": expected 12 bytes for its shape, received offsets 0 to 8\.$/,
    );
    fails(entry({ data_offsets: [-8, 0] }), /expected 8 bytes for its shape, received offsets -8 to 0\.$/);
    fails(
      entry({ shape: [2 ** 40], data_offsets: [0, 2 ** 42] }),
      /expected bytes up to 4398046511104, received a file that ends at 8 \(truncated\)\.$/,
    );
    fails(
      fileWith({ __metadata__: { a: 1 } }),
      /^m\.safetensors: expected __metadata__ to hold text by name, received \{"a":1\}\.$/,
    );
    fails(fileWith({ __metadata__: null }), /expected __metadata__ to hold text by name, received null\.$/);
  });
});
