// Protects: what careless callers of fit and its callbacks are told, where a wrong value would hang or crash the training.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tensor } from '../../src/core/tensor.ts';
import { arrayDataset } from '../../src/data/array-dataset.ts';
import { sequential } from '../../src/model/model.ts';
import { layers } from '../../src/nn/layers/table.ts';
import { csvLogger, earlyStopping } from '../../src/training/callbacks/index.ts';

const x = tensor([[1], [2]]);
const model = () => {
  const made = sequential([layers.input({ shape: [1] }), layers.dense({ units: 1 })]);
  made.compile({ loss: 'mse' });
  return made;
};

test('a dataset that gives nothing ends the training', async () => {
  const data = arrayDataset(x, x, { batchSize: 1 });
  const empty = { ...data, batchCount: 2, inputShape: [1], async *epoch() {} };
  await assert.rejects(
    model().fit(empty as never),
    /^DataError: fit: expected 2 batches in each epoch of the dataset, as its batchCount says, received none\./,
  );
  await assert.rejects(
    model().fit({ ...empty, batchCount: Number.NaN } as never),
    /^OptionError: fit: the dataset's batchCount must be a whole number of at least 0, received NaN\./,
  );
});

test('callbacks are told what is wrong with them', async () => {
  await assert.rejects(
    model().fit(x, x, { callbacks: [{ onEpochEnd: 'x' } as never] }),
    /^OptionError: fit: expected onEpochEnd of a callback as a function, received "x"\./,
  );
  assert.throws(
    () => earlyStopping({ monitor: null as never }),
    /^OptionError: earlyStopping: monitor must be a name as val_loss, received null\./,
  );
  assert.throws(
    () => csvLogger('log.csv', { separator: 3 as never }),
    /^OptionError: csvLogger: separator must be one character, received 3\./,
  );
});
