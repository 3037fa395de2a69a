/** Protects the random numbers: published answers of Philox 4×32-10, and the streams, orders and distributions on top. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { philox, Random, streamOf } from '../../src/core/random.ts';

type Four = readonly [number, number, number, number];

/** Known answers of the authors' own tests (Random123, kat_vectors): counter, key, result. */
const answers: readonly (readonly [Four, readonly [number, number], Four])[] = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

describe('philox', () => {
  for (const [counter, key, expected] of answers) {
    it(`gives the published answer for ${counter[0].toString(16)}`, () => {
      const words = new Uint32Array(4);
      philox(counter, key, words);
      assert.deepEqual([...words], [...expected]);
    });
  }
});

describe('Random', () => {
  it('repeats itself for the same seed, stream and step', () => {
    const draw = () => {
      const random = new Random(7, 'shuffle', 3);
      return Array.from({ length: 9 }, () => random.nextWord());
    };
    assert.deepEqual(draw(), draw());
  });

  it('draws other numbers for another seed, stream or step', () => {
    const first = (seed: number, stream: string, step: number) => new Random(seed, stream, step).nextWord();
    const drawn = [first(7, 'a', 0), first(8, 'a', 0), first(7, 'b', 0), first(7, 'a', 1)];
    assert.equal(new Set(drawn).size, 4);
  });

  it('names streams by FNV-1a', () => {
    assert.equal(streamOf(''), 0x811c9dc5);
    assert.equal(streamOf('a'), 0xe40c292c);
    assert.equal(streamOf('foobar'), 0xbf9cf968);
  });

  it('draws numbers in [0, 1) with 24 bits', () => {
    const random = new Random(1);
    let sum = 0;
    for (let count = 0; count < 10_000; count++) {
      const value = random.next();
      assert.ok(value >= 0 && value < 1 && Number.isInteger(value * 2 ** 24));
      sum += value;
    }
    assert.ok(Math.abs(sum / 10_000 - 0.5) < 0.01);
  });

  it('draws numbers within bounds', () => {
    const random = new Random(2);
    for (let count = 0; count < 1000; count++) {
      const value = random.uniform(-3, 5);
      assert.ok(value >= -3 && value < 5);
    }
  });

  it('draws each whole number about as often', () => {
    const random = new Random(3);
    const counts = [0, 0, 0, 0, 0, 0, 0];
    for (let count = 0; count < 7000; count++) counts[random.integer(7)]!++;
    for (const count of counts) assert.ok(Math.abs(count - 1000) < 120, `expected about 1000, received ${count}`);
  });

  it('draws normal numbers with mean 0 and deviation 1', () => {
    const random = new Random(4);
    const values = Array.from({ length: 20_000 }, () => random.normal());
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    assert.ok(Math.abs(mean) < 0.03);
    assert.ok(Math.abs(variance - 1) < 0.05);
  });

  it('draws truncated normal numbers within two deviations', () => {
    const random = new Random(5);
    const values = Array.from({ length: 20_000 }, () => random.truncatedNormal());
    const variance = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
    assert.ok(values.every((value) => Math.abs(value) <= 2));
    // The deviation of a normal distribution cut at two deviations, as Keras corrects for it.
    assert.ok(Math.abs(Math.sqrt(variance) - 0.87962566) < 0.02);
  });

  it('permutes: each number once, in another order', () => {
    const order = new Random(6).permutation(100);
    assert.deepEqual(
      [...order].sort((a, b) => a - b),
      Array.from({ length: 100 }, (_, index) => index),
    );
    assert.notDeepEqual(
      order,
      Uint32Array.from({ length: 100 }, (_, index) => index),
    );
    assert.equal(new Random(6).permutation(0).length, 0);
  });
});
