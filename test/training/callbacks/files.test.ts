// Protects: checkpoints and CSV logs: when and under which names they are written, as Keras does, and what is in them.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { tensor } from '../../../src/core/tensor.ts';
import { loadModel } from '../../../src/model/load-model.ts';
import { sequential } from '../../../src/model/model.ts';
import { layers } from '../../../src/nn/layers/table.ts';
import { csvLogger } from '../../../src/training/callbacks/csv-logger.ts';
import { type ModelCheckpointOptions, modelCheckpoint } from '../../../src/training/callbacks/model-checkpoint.ts';
import { formatNumber } from '../../../src/training/callbacks/python-format.ts';
import { temporaryFolder } from '../../runs/temporary-folder.ts';
import { golden } from './golden.ts';
import { play } from './play.ts';

const x = tensor([[1], [2], [3], [4]]);
const y = tensor([[2], [4], [6], [8]]);

function line() {
  const model = sequential([layers.dense({ units: 1 })], { backend: 'reference' });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return model;
}

describe('modelCheckpoint', () => {
  it('saves when Keras does, under the names that Python’s format gives', async () => {
    for (const { options, steps, epochs, saved } of golden.modelCheckpoint) {
      const { filepath, ...rest } = options as unknown as { filepath: string } & ModelCheckpointOptions;
      const { model } = await play(modelCheckpoint(filepath.replace(/\.keras$/, ''), rest), epochs, steps);
      const expected = saved.map((name) => name.replace(/\.keras$/, ''));
      assert.deepEqual(model.saved, expected, filepath);
    }
  });

  it('goes on with its best value in the next training', async () => {
    const callback = modelCheckpoint('{epoch}', { saveBestOnly: true, monitor: 'loss' });
    await play(callback, [{ loss: 1 }]);
    assert.deepEqual((await play(callback, [{ loss: 2 }, { loss: 0.5 }])).model.saved, ['2']);
  });

  it('saves a model that can be loaded, with its numbers and classes, or its weights alone', async (context) => {
    const folder = temporaryFolder(context);
    const model = line();
    const print = context.mock.method(console, 'log', () => undefined);
    const whole = modelCheckpoint(path.join(folder, 'a', '{epoch:02d}'), { verbose: 1, classNames: ['yes', 'no'] });
    const weights = modelCheckpoint(path.join(folder, 'b', '{loss:.0f}.safetensors'), {
      saveWeightsOnly: true,
      saveBestOnly: true,
      monitor: 'loss',
      verbose: 1,
    });
    const { history } = await model.fit(x, y, { epochs: 2, callbacks: [whole, weights] });
    const loaded = await loadModel(path.join(folder, 'a', '02'), { backend: 'reference' });
    assert.deepEqual(await loaded.model.getWeights(), await model.getWeights());
    assert.deepEqual(loaded.description.metrics, { loss: history['loss']![1] });
    assert.deepEqual(loaded.description.classNames, ['yes', 'no']);
    const file = path.join(folder, 'b', `${Math.round(history['loss']![1]!)}.safetensors`);
    const other = line();
    other.build([1]);
    await other.loadWeights(file);
    assert.deepEqual(await other.getWeights(), await model.getWeights());
    const printed = print.mock.calls.map((call) => String(call.arguments[0]));
    assert.equal(printed[0], `Epoch 1: saved ${path.join(folder, 'a', '01')}.`);
    assert.equal(printed[1], `Epoch 1: loss improved from nothing to ${history['loss']![0]}.`);
    await play(modelCheckpoint('x', { saveBestOnly: true, initialValueThreshold: 0, verbose: 1 }), [{ val_loss: 1 }]);
    assert.equal(print.mock.calls.at(-1)!.arguments[0], 'Epoch 1: val_loss did not improve from 0.');
  });

  it('refuses paths, names and formats that do not fit', async () => {
    assert.throws(() => modelCheckpoint('a.h5'), {
      name: 'OptionError',
      message:
        'modelCheckpoint: expected a folder for the model, received "a.h5". Leave the ending out, or save a file of weights by saveWeightsOnly.',
    });
    assert.throws(() => modelCheckpoint('a.weights.h5', { saveWeightsOnly: true }), {
      name: 'OptionError',
      message: 'modelCheckpoint: expected a file that ends in .safetensors for weights alone, received "a.weights.h5".',
    });
    assert.throws(
      () => modelCheckpoint('a', { saveFreq: 'batch' as never }),
      /^OptionError: modelCheckpoint: saveFreq, where it is not 'epoch', must be a whole number of at least 1/,
    );
    const fails = (template: string, message: RegExp) =>
      assert.rejects(play(modelCheckpoint(template), [{ loss: 1, accuracy: 1 }]), message);
    await fails('{val_loss:.2f}', /^OptionError: modelCheckpoint: expected a name among epoch, loss, accuracy in /);
    await fails('{acuracy}', /received "acuracy"\. Did you mean "accuracy"\?$/);
    await fails(
      '{loss:02d}',
      /expected a format as :02d for epoch or :\.2f for the other numbers, received "\{loss:02d\}"/,
    );
    await fails(
      '{epoch',
      /expected pairs of braces, received "\{epoch"\. Write \{\{ or \}\} for a brace of the name\.$/,
    );
  });
});

describe('Python’s formats', () => {
  it('round ties to even, and write exponents and zeros as Python', () => {
    // From CPython 3.11.
    const cases: [number, string, string][] = [
      [2.5, '.0f', '2'],
      [0.125, '.2f', '0.12'],
      [0.15, '.20f', '0.14999999999999999445'],
      [2.5, '.0e', '2e+00'],
      [9.995, '.3g', '9.99'],
      [999999.5, 'g', '1e+06'],
      [5e-324, '.3e', '4.941e-324'],
      [1e22, '', '1e+22'],
      [1e15, '', '1000000000000000.0'],
      [-0, '', '-0.0'],
      [-1234.5678, ',.2f', '-1,234.57'],
      [-2.5, '08.2f', '-0002.50'],
      [Number.NaN, 'F', 'NAN'],
      [1.7e308, '%', 'inf%'],
    ];
    for (const [value, specification, text] of cases) assert.equal(formatNumber(value, specification, false), text);
    assert.equal(formatNumber(-5, '+04d', true), '-005');
    assert.equal(formatNumber(1234567, '_', true), '1_234_567');
    for (const wrong of ['x', '.2d', '5.', '#x']) assert.equal(formatNumber(1, wrong, true), undefined);
  });
});

describe('csvLogger', () => {
  it('writes what Keras writes, byte for byte', async (context) => {
    const file = path.join(temporaryFolder(context), 'new', 'log.csv');
    for (const { options, trainings, text } of golden.csvLogger) {
      if (existsSync(file)) writeFileSync(file, '');
      for (const epochs of trainings) await play(csvLogger(file, options), epochs);
      assert.equal(readFileSync(file, 'utf8'), text, JSON.stringify(options));
    }
  });

  it('refuses separators that are none, and says where it cannot write', async (context) => {
    for (const separator of ['', ',,', '"']) {
      assert.throws(() => csvLogger('a', { separator }), {
        name: 'OptionError',
        message: `csvLogger: separator must be one character, received ${JSON.stringify(separator)}.`,
      });
    }
    const folder = temporaryFolder(context);
    writeFileSync(path.join(folder, 'file'), '');
    await assert.rejects(
      play(csvLogger(path.join(folder, 'file', 'log.csv')), []),
      /^StorageError: writing .*log\.csv/,
    );
    await assert.rejects(play(csvLogger(folder, { append: true }), []), /^StorageError: writing /);
  });
});
