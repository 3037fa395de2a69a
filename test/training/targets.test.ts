// Protects: targets that do not fit a loss or an output are refused with advice; those that do are written as the loss reads
// them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tensor } from '../../src/core/tensor.ts';
import { losses } from '../../src/nn/losses/table.ts';
import { checkSampleWeights, prepareTargets } from '../../src/training/targets.ts';

const ints = (...values: readonly number[]) => tensor(Int32Array.from(values), [values.length, 1]);

describe('prepareTargets', () => {
  it('keeps rows, in float32, and shapes that differ by ones', () => {
    const rows = prepareTargets(tensor(Uint8Array.of(1, 0, 0, 1), [2, 2]), 'categoricalCrossentropy', [-1, 2]);
    assert.deepEqual([rows.dtype, rows.shape, [...rows.data]], ['float32', [2, 2], [1, 0, 0, 1]]);
    const flat = prepareTargets(tensor([1, 0, 1]), 'binaryCrossentropy', [-1, 1]);
    assert.deepEqual(flat.shape, [3, 1]);
  });

  it('writes class numbers as one-hot rows, also of sequences', () => {
    const rows = prepareTargets(ints(2, 0), 'sparseCategoricalCrossentropy', [-1, 3]);
    assert.deepEqual([...rows.data], [0, 0, 1, 1, 0, 0]);
    const places = tensor(Int32Array.of(1, 0, 0, 1), [2, 2]);
    const sequence = prepareTargets(places, 'sparseCategoricalCrossentropy', [-1, 2, 2]);
    assert.deepEqual(
      [sequence.shape, [...sequence.data]],
      [
        [2, 2, 2],
        [0, 1, 1, 0, 1, 0, 0, 1],
      ],
    );
  });

  it('says what to do with class numbers where rows are expected, and the other way round', () => {
    assert.throws(() => prepareTargets(ints(0, 3), 'categoricalCrossentropy', [-1, 4]), {
      name: 'ShapeError',
      message:
        'fit: expected targets of shape [2, 4] for categoricalCrossentropy, received [2, 1]. Those look like class numbers: ' +
        'use toCategorical(y, 4), or the loss sparseCategoricalCrossentropy.',
    });
    assert.throws(() => prepareTargets(tensor([[1, 0, 0]]), 'binaryCrossentropy', [-1, 2]), {
      name: 'ShapeError',
      message:
        'fit: expected targets of shape [1, 2] for binaryCrossentropy, received [1, 3]. ' +
        'The last layer must have as many outputs as the targets have columns.',
    });
    assert.throws(() => prepareTargets(tensor([[1, 0, 0]]), 'sparseCategoricalCrossentropy', [-1, 3]), {
      name: 'ShapeError',
      message:
        'fit: expected one class number per example, shape [1, 1], for sparseCategoricalCrossentropy, received [1, 3]. ' +
        'For one-hot rows use the loss categoricalCrossentropy.',
    });
  });

  it('refuses class numbers without an output', () => {
    for (const [label, shown] of [
      [3, '3'],
      [-1, '-1'],
      [0.5, '0.5'],
      [Number.NaN, 'NaN'],
    ] as const) {
      assert.throws(() => prepareTargets(tensor([0, label]), 'sparseCategoricalCrossentropy', [-1, 3]), {
        name: 'DataError',
        message:
          `fit: expected class numbers from 0 to 2, received ${shown} (number 1 of the batch). ` +
          'The last layer must have an output for each class.',
      });
    }
  });

  it('leaves the class out that a loss ignores', () => {
    const loss = losses.sparseCategoricalCrossentropy({ ignoreClass: -1 });
    assert.deepEqual([...prepareTargets(ints(1, -1), loss, [-1, 2]).data], [0, 1, 0, 0]);
  });

  it('refuses targets of cross-entropies that are no shares', () => {
    const refuses = (
      row: readonly number[],
      loss: 'binaryCrossentropy' | 'categoricalFocalCrossentropy',
      end: string,
    ) =>
      assert.throws(() => prepareTargets(tensor([row.map(() => 0), row]), loss, [-1, row.length]), {
        name: 'DataError',
        message: `fit: expected ${end}`,
      });
    refuses(
      [2],
      'binaryCrossentropy',
      'targets between 0 and 1 for binaryCrossentropy, received 2 (example 1 of the batch). ' +
        'Class numbers above 1 need an output for each class, and the loss sparseCategoricalCrossentropy.',
    );
    refuses(
      [0, -1],
      'binaryCrossentropy',
      'targets between 0 and 1 for binaryCrossentropy, received -1 (example 1 of the batch). ' +
        'Divide by the largest, or use the loss meanSquaredError.',
    );
    refuses(
      [0, 255],
      'categoricalFocalCrossentropy',
      'targets between 0 and 1 for categoricalFocalCrossentropy, received 255 (example 1 of the batch). ' +
        'Divide by the largest, or use the loss meanSquaredError.',
    );
  });

  it('refuses targets that are not numbers, for every loss', () => {
    const isNone = (value: number, expected: string) =>
      assert.throws(() => prepareTargets(tensor([[0], [value]]), 'meanSquaredError', [-1, 1]), {
        name: 'DataError',
        message: `fit: expected targets that are numbers for meanSquaredError, received ${value} (example 1 of the batch). ${expected}`,
      });
    isNone(Number.NaN, 'Leave such examples out.');
    assert.deepEqual([...prepareTargets(tensor([[-3], [7]]), 'meanSquaredError', [-1, 1]).data], [-3, 7]);
  });
});

describe('checkSampleWeights', () => {
  it('refuses weights that are too few, negative or no numbers', () => {
    checkSampleWeights([0, 2.5], 2);
    assert.throws(() => checkSampleWeights([1], 2), {
      name: 'ShapeError',
      message: 'fit: expected as many sample weights as inputs (2), received 1.',
    });
    for (const [weight, shown] of [
      [-1, '-1'],
      [Number.NaN, 'NaN'],
      [Infinity, 'Infinity'],
    ] as const) {
      assert.throws(() => checkSampleWeights([1, weight], 2), {
        name: 'DataError',
        message:
          `fit: expected sample weights of 0 or more, received ${shown} (number 1 of the batch). ` +
          'A weight of 0 leaves an example out.',
      });
    }
  });
});
