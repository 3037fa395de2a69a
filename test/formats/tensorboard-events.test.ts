// Protects: event files byte for byte as TensorFlow writes them, and what histograms count.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32c, encodeFileHeader, encodeSummary, histogramOf } from '../../src/formats/tensorboard-events.ts';
import { golden } from '../training/callbacks/golden.ts';

describe('event files', () => {
  it('have the bytes that TensorFlow writes', () => {
    const histogram = {
      min: -1.5,
      max: 2,
      count: 4,
      sum: 1.25,
      sumOfSquares: 7.0625,
      limits: [-0.5, 0.5, 2],
      counts: [1, 2, 1],
    };
    const summary = encodeSummary(1700000001.25, 5_000_000_000, [
      { tag: 'epoch_loss', scalar: 0.1 },
      { tag: 'a/histogram', histogram },
    ]);
    const bytes = Buffer.concat([encodeFileHeader(1700000000.5), summary]);
    assert.equal(bytes.toString('hex'), golden.eventFile);
  });

  it('have the checksums of RFC 3720', () => {
    assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
    assert.equal(crc32c(new Uint8Array(32).fill(255)), 0x62a8ab43);
    assert.equal(crc32c(Uint8Array.from({ length: 32 }, (_, index) => index)), 0x46dd794e);
  });
});

describe('histograms', () => {
  it('count every finite number once, in buckets of one width', () => {
    const { min, max, count, sum, sumOfSquares, limits, counts } = histogramOf([0, 1, 2, 3, 4, Number.NaN, 2.5], 4);
    assert.deepEqual([min, max, count, sum, sumOfSquares], [0, 4, 6, 12.5, 36.25]);
    assert.deepEqual(
      [limits, counts],
      [
        [1, 2, 3, 4],
        [1, 1, 2, 2],
      ],
    );
  });

  it('hold equal numbers, or none', () => {
    assert.deepEqual(histogramOf([3, 3]), {
      min: 3,
      max: 3,
      count: 2,
      sum: 6,
      sumOfSquares: 18,
      limits: [3.5],
      counts: [2],
    });
    assert.equal(histogramOf([Number.POSITIVE_INFINITY]).count, 0);
  });
});
