/** Protects what careless users are told: numbers where tensors belong, things that are no layers, options in the wrong place,
 * functions that were not called. Nothing of it may end in an error of JavaScript's own, or in silence. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  arrayDataset,
  CajalError,
  classificationReport,
  compare,
  confusionMatrix,
  defineLayer,
  earlyStopping,
  input,
  layers,
  loadModel,
  Model,
  model,
  optimizers,
  plotModel,
  sequential,
  tensor,
  toCategorical,
  valueAndGradients,
} from '../../src/index.ts';

type Case = readonly [action: (bad: never) => unknown, bad: unknown, message: RegExp];

const x = tensor(new Float32Array(8), [2, 4]);
const y = tensor([
  [1, 0],
  [0, 1],
]);

function compiled(): Model {
  const made = sequential([layers.input({ shape: [4] }), layers.dense({ units: 2, activation: 'softmax' })]);
  made.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return made;
}

async function refuse(cases: readonly Case[]): Promise<void> {
  for (const [action, bad, message] of cases) {
    await assert.rejects(
      async () => action(bad as never),
      (error: unknown) => {
        assert.ok(error instanceof CajalError, `expected an error of cajal for ${message}, received ${error}`);
        assert.match(error.message, message);
        return true;
      },
    );
  }
}

describe('bad input', () => {
  it('into fit, evaluate, predict and trainOnBatch: what is no tensor', async () => {
    const made = compiled();
    const list = /inputs as a tensor, received a list\. Write tensor\(\[\[0, 1\], \[1, 0\]\]\)/;
    const whole =
      /expected inputs as a tensor with a typed array of as many numbers as its shape says, received the shape/;
    await refuse([
      [(bad) => made.fit(bad, y), undefined, /^fit: expected inputs as a tensor, received nothing\. Write tensor/],
      [(bad) => made.fit(bad, y), [[1, 2, 3, 4]], list],
      [(bad) => made.fit(bad, y), new Float32Array(8), list],
      [(bad) => made.fit(x, bad), [0, 1], /^fit: expected targets as a tensor, received a list/],
      [(bad) => made.fit(x, bad), undefined, /^fit: expected targets as a tensor, received nothing/],
      [(bad) => made.evaluate(bad, y), null, /expected inputs as a tensor, received null/],
      [(bad) => made.predict(bad), [[1, 2, 3, 4]], list],
      [(bad) => made.predict(bad), 3, /^predict: expected inputs as a tensor, received 3/],
      [(bad) => made.predict(bad), { ...x, data: new Float32Array(3) }, whole],
      [(bad) => made.predict(bad), { ...x, data: [1] }, /with no typed array\. Make it by tensor\(numbers, shape\)/],
      [(bad) => made.predict(bad), { ...x, shape: 'abc' }, /received the shape "abc" with 8 numbers/],
      [(bad) => made.predict(bad), { ...x, dtype: 'float99' }, /^predict: unknown dtype of inputs "float99"/],
      [(bad) => made.trainOnBatch(bad, y), [null], list],
      [(bad) => made.trainOnBatch(x, bad), 'cat', /targets as a tensor, received "cat"/],
      [(bad) => arrayDataset(bad, y), undefined, /^arrayDataset: expected x as a tensor, received nothing/],
      [(bad) => arrayDataset(x, bad), [0, 1], /^arrayDataset: expected y as a tensor, received a list/],
    ]);
  });

  it('into fit, evaluate and predict: options', async () => {
    const made = compiled();
    const object = /: expected options by name, in an object, received 5\. Write \{ \w+: … \}\.$/;
    const signal = /signal must be an AbortSignal, received "x"\. Give the signal of an AbortController/;
    await refuse([
      [(bad) => made.fit(x, y, bad), 5, object],
      [(bad) => made.evaluate(x, y, bad), 5, object],
      [(bad) => made.predict(x, bad), 5, object],
      [(bad) => made.fit(x, y, { signal: bad }), 'x', signal],
      [(bad) => made.evaluate(x, y, { signal: bad }), 'x', signal],
      [(bad) => made.predict(x, { signal: bad }), 'x', signal],
      [(bad) => made.evaluate(x, y, { onBatch: bad }), 'x', /onBatch must be a function, received "x"/],
      [(bad) => made.fit(x, y, { callbacks: bad }), earlyStopping(), /^fit: callbacks must be a list, received/],
      [
        (bad) => made.fit(x, y, { callbacks: bad }),
        [earlyStopping],
        /callbacks as objects with hooks as onEpochEnd, received a function\. Call it, as in earlyStopping\(\)/,
      ],
      [(bad) => made.fit(x, y, { callbacks: bad }), [null], /received null\. Write \[earlyStopping\(\)\]/],
    ]);
  });

  it('into compile', async () => {
    const made = compiled();
    const loss = 'meanSquaredError';
    await refuse([
      [(bad) => made.compile(bad), undefined, /^compile: expected options by name, in an object, received nothing/],
      [(bad) => made.compile({ optimizer: bad, loss }), null, /^compile: expected optimizer as a name, or as/],
      [
        (bad) => made.compile({ optimizer: bad, loss }),
        optimizers.adam,
        /received a function\. Call it: optimizers\.adam/,
      ],
      [(bad) => made.compile({ metrics: bad, loss }), 'accuracy', /metrics must be a list, received "accuracy"/],
    ]);
  });

  it('into sequential, model, build, add and getLayer', async () => {
    const made = compiled();
    const row = () => sequential([layers.dense({ units: 2 })]);
    const notLayer = 'expected a layer, a model or an input, received';
    const begin = input({ shape: [4] });
    await refuse([
      [(bad) => sequential(bad), layers.flatten(), /^sequential: expected a list of layers, received a function/],
      [(bad) => sequential([bad]), layers.flatten, new RegExp(`place 1: ${notLayer} a function\\. Call it: layers`)],
      [(bad) => sequential([begin, bad]), undefined, new RegExp(`place 2: ${notLayer} nothing`)],
      [(bad) => sequential([bad]), made.getLayer(0), /a layer at its place in a model\. Give dense's layer: getLayer/],
      [(bad) => made.add(bad), 'dense', new RegExp(`^add: ${notLayer} "dense"`)],
      [(bad) => sequential([], bad), 'name', /^sequential: expected options by name, in an object/],
      [(bad) => sequential([], { seed: bad }), 'x', /^sequential: seed must be a whole number, received "x"/],
      [
        (bad) => row().build(bad),
        4,
        /build: expected the shape of one example as a list, as \[150, 150, 3\], received 4/,
      ],
      [(bad) => made.getLayer(bad), undefined, /getLayer: layer must be a name, received nothing\. Choose from dense/],
      [(bad) => model(bad), undefined, /^model: expected options by name, in an object, received nothing/],
      [
        (bad) => layers.dense(bad),
        10,
        /^Dense: expected options by name, in an object, received 10\. Write \{ units: … \}/,
      ],
      [(bad) => layers.flatten(bad), [], /^Flatten: expected options by name, in an object, received \[\]/],
      [(bad) => optimizers.adam(bad), null, /^adam: expected options by name, in an object, received null/],
      [(bad) => layers.dense({ units: bad }), 10n, /units must be a whole number of at least 1, received 10\.$/],
      [(bad) => Model.fromConfig(bad), null, /^fromConfig: expected options by name, in an object, received null/],
      [(bad) => Model.fromConfig(bad), {}, /^fromConfig: expected a configuration with a list of layers, as getConfig/],
    ]);
  });

  it('into weights and files', async () => {
    const made = compiled();
    const map = /expected \w+ as a Map of typed arrays by the names of weights, as getWeights gives it, received \[\]/;
    const path = /: expected a path as text, received \w+\. Give one as 'models\/cats'/;
    await refuse([
      [(bad) => made.setWeights(bad), [], /^setWeights: expected 2 arrays for sequential .*, received 0\./],
      [(bad) => made.setWeights(bad), {}, /expected weights as a Map of typed arrays by the names of weights/],
      [(bad) => made.applyGradients(bad), [], map],
      [
        (bad) => made.setWeights(new Map([['dense/bias', bad]])),
        [0, 0],
        /^variable "dense\/bias": expected a typed array, as a Float32Array, received \[0,0\]/,
      ],
      [(bad) => made.save(bad), undefined, path],
      [(bad) => made.saveWeights(bad), null, path],
      [(bad) => made.loadWeights(bad), 5, path],
      [(bad) => loadModel(bad), undefined, path],
    ]);
  });

  it('into adapt, and from a folder whose metrics are none', async () => {
    const data = /^Normalization: adapt: expected data as a tensor, received /;
    const folder = await mkdtemp(join(tmpdir(), 'cajal-'));
    await compiled().save(folder);
    const file = join(folder, 'model.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace(/"metrics": \[[^\]]*\]/, '"metrics": null'));
    await refuse([
      [(bad) => layers.normalization().adapt(bad), undefined, data],
      [(bad) => layers.normalization().adapt(bad), [1, 2], data],
      [loadModel, folder, /^loadModel: expected metrics as lists, received null\. Save the model again/],
    ]);
    await rm(folder, { recursive: true });
  });

  it('into functions beside the model', async () => {
    const made = compiled();
    const build = compiled;
    const lists = { settings: ['a', 'b'], data: [x, y], validationData: [x, y] } as const;
    await refuse([
      [(bad) => plotModel(bad), 'model', /^plotModel: expected a model, received "model"/],
      [
        (bad) => valueAndGradients(bad, () => assert.fail()),
        null,
        /expected a model and a function that writes a loss/,
      ],
      [(bad) => valueAndGradients(made, bad), 'mse', /received sequential and "mse"/],
      [(bad) => tensor(bad), 'cat', /^tensor: expected numbers, nested lists of them or a typed array, received "cat"/],
      [(bad) => tensor(bad), [1, null], /received null\. Write tensor/],
      [
        (bad) => tensor(new Float32Array(2), bad),
        2,
        /^tensor: expected a shape as a list of sizes, as \[2, 3\], received 2/,
      ],
      [(bad) => toCategorical(bad), 'cat', /^toCategorical: expected labels as a tensor, received "cat"/],
      [
        (bad) => confusionMatrix(bad, [0], 2),
        undefined,
        /^confusionMatrix: expected targets as a tensor, received nothing/,
      ],
      [(bad) => confusionMatrix([0], [0], bad), undefined, /classCount must be a whole number of at least 1/],
      [
        (bad) => classificationReport(bad, ['a']),
        1,
        /expected a confusion matrix and a list of class names, received 1/,
      ],
      [
        (bad) => defineLayer(bad),
        { className: 'Own' },
        /expected a definition with className, options, configure and call/,
      ],
      [(bad) => compare({ build, ...lists, settings: bad }), undefined, /settings must be a list, received nothing/],
      [
        (bad) => compare({ ...lists, build: bad }),
        'x',
        /build must be a function that makes a compiled model of a setting/,
      ],
    ]);
  });
});
