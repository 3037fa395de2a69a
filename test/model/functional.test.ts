// Protects: models of any wiring: shared layers, models inside models, parts of models, several inputs and outputs, frozen
// layers, and that models which share layers share their weights. Wrong wiring is told apart by message.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Tensor, tensor } from '../../src/core/tensor.ts';
import { Model, model, sequential } from '../../src/model/model.ts';
import { layers } from '../../src/nn/layers/table.ts';
import { joinLayer as join } from '../support/join-layer.ts';

const { input, dense, flatten } = layers;

const numbers = (rows: number, columns: number, factor = 1): Tensor =>
  tensor(
    Float32Array.from({ length: rows * columns }, (_, place) => factor * Math.sin(place + 1)),
    [rows, columns],
  );
const weightsOf = async (one: Model) =>
  Object.fromEntries([...(await one.getWeights())].map(([name, data]) => [name, [...data]]));
const compiled = (one: Model) => {
  one.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return one;
};

describe('wiring', () => {
  it('joins branches, in Keras’s order and names', async () => {
    const x = input({ shape: [3], name: 'x' });
    const left = dense({ units: 4, name: 'left' })(x);
    const right = dense({ units: 4, name: 'right' })(x);
    const sum = join({ name: 'sum' })([left, right]);
    const net = model({ inputs: x, outputs: dense({ units: 2 })(sum), name: 'branches' });
    assert.deepEqual(
      net.layers.map(({ name }) => name),
      ['x', 'left', 'right', 'sum', 'dense'],
    );
    assert.deepEqual((await net.predict(numbers(5, 3))).shape, [5, 2]);
  });

  it('uses a shared layer’s weights in both places, and adds up both gradients', async () => {
    const a = input({ shape: [2], name: 'a' });
    const b = input({ shape: [2], name: 'b' });
    const shared = dense({ units: 1, useBias: false, kernelInitializer: 'ones', name: 'shared' });
    const net = compiled(model({ inputs: [a, b], outputs: join()([shared(a), shared(b)]) }));
    assert.equal(net.network.parameterCount, 2);
    const one = tensor([[1, 2]]);
    const two = tensor([[3, 4]]);
    assert.deepEqual([...(await net.predict([one, two])).data], [10]);
    assert.deepEqual([...(await net.predict({ b: two, a: one })).data], [10]);
    // d (10 − 0)² / d w = 2 · 10 · (a + b)
    await net.trainOnBatch([one, two], tensor([[0]]));
    const [kernel] = Object.values(await weightsOf(net));
    assert.deepEqual(
      kernel!.map((value) => Math.round(value * 1e4) / 1e4),
      [1 - 0.01 * 20 * 4, 1 - 0.01 * 20 * 6].map((value) => Math.round(value * 1e4) / 1e4),
    );
  });

  it('is the same after saving its configuration', async () => {
    const x = input({ shape: [3] });
    const shared = dense({ units: 3, activation: 'tanh' });
    const inner = sequential([input({ shape: [3] }), dense({ units: 3, name: 'core' })], { name: 'inner' });
    const y = join()([shared(shared(x)), inner(x), inner(shared(x), { training: false })]);
    const net = model({ inputs: x, outputs: [y, dense({ units: 1, name: 'second' })(y)], name: 'deep' });
    const config = net.getConfig();
    const again = Model.fromConfig(JSON.parse(JSON.stringify(config)), { name: 'deep', customLayers: [join] });
    assert.deepEqual(again.getConfig(), config);
    await again.setWeights(await net.getWeights());
    const given = numbers(4, 3);
    assert.deepEqual(await again.predictOutputs(given), await net.predictOutputs(given));
    assert.deepEqual(
      (await net.predictOutputs(given)).map(({ shape }) => shape),
      [
        [4, 3],
        [4, 1],
      ],
    );
  });
});

describe('models of common layers', () => {
  it('see each other’s training', async () => {
    const net = sequential([input({ shape: [3] }), dense({ units: 4, name: 'features' }), dense({ units: 1 })]);
    const features = model({ inputs: net.inputs, outputs: net.getLayer('features').output });
    const x = numbers(8, 3);
    const before = await features.predict(x);
    await compiled(net).fit(x, numbers(8, 1), { epochs: 2, batchSize: 4 });
    const after = await features.predict(x);
    assert.notDeepEqual(after, before);
    const { 'features/kernel': kernel } = await weightsOf(net);
    assert.deepEqual((await weightsOf(features))['features/kernel'], kernel);
    assert.deepEqual(
      features.layers.map(({ name }) => name),
      ['input_layer', 'features'],
    );
  });

  it('bring two memories together, whichever was opened first', async () => {
    const make = (name: string) => sequential([input({ shape: [3] }), dense({ units: 2, name })], { name: `${name}s` });
    const [one, two] = [make('one'), make('two')];
    const x = numbers(5, 3);
    const apart = [await one.predict(x), await two.predict(x)];
    await compiled(two).fit(x, numbers(5, 2), { batchSize: 5 });
    const trained = await two.predict(x);
    const begin = input({ shape: [3] });
    const both = model({ inputs: begin, outputs: join()([one(begin), two(begin)]) });
    const sum = [...(await both.predict(x)).data];
    const expected = sum.map((_, place) => apart[0]!.data[place]! + trained.data[place]!);
    assert.ok(sum.every((value, place) => Math.abs(value - expected[place]!) < 1e-6));
    // The model whose memory was given up goes on, slots and all.
    await two.fit(x, numbers(5, 2), { batchSize: 5 });
    assert.notDeepEqual(await two.predict(x), trained);
    const later = [...(await both.predict(x)).data];
    assert.notDeepEqual(later, sum);
    assert.deepEqual(Object.keys(await weightsOf(both)), [
      'ones/one/kernel',
      'ones/one/bias',
      'twos/two/kernel',
      'twos/two/bias',
    ]);
  });

  it('take weights that were set before anything was opened', async () => {
    const inner = sequential([input({ shape: [2] }), dense({ units: 1, useBias: false, name: 'd' })], {
      name: 'inner',
    });
    await inner.setWeights(new Map([['d/kernel', Float32Array.of(2, 3)]]));
    const x = input({ shape: [2] });
    const outer = model({ inputs: x, outputs: inner(x) });
    assert.deepEqual([...(await outer.predict(tensor([[1, 1]]))).data], [5]);
  });

  it('take weights as a list in their order', async () => {
    const net = sequential([input({ shape: [2] }), dense({ units: 1 })]);
    await net.setWeights([Float32Array.of(2, 3), Float32Array.of(1)]);
    assert.deepEqual([...(await net.predict(tensor([[1, 1]]))).data], [6]);
    assert.equal(net.countParams(), 3);
    await assert.rejects(
      net.setWeights([Float32Array.of(1)]),
      /^OptionError: setWeights: expected 2 arrays for sequential \(dense\/kernel, dense\/bias\), received 1\./,
    );
  });

  it('refuse layers on two backends', async () => {
    const make = (backend: 'reference' | 'native' | 'wasm') =>
      sequential([input({ shape: [1] }), dense({ units: 1 })], { backend, name: backend });
    const [one, two] = [make('reference'), make('wasm')];
    await Promise.all([one.predict(tensor([[1]])), two.predict(tensor([[1]]))]);
    const x = input({ shape: [1] });
    await assert.rejects(
      model({ inputs: x, outputs: join()([one(x), two(x)]) }).predict(tensor([[1]])),
      /^BackendError: model: expected layers whose weights lie on one backend, received some on each of two\./,
    );
  });
});

describe('rows', () => {
  it('grow and shrink, and keep what was learnt', async () => {
    const net = sequential([dense({ units: 3, inputShape: [2], name: 'first' })]);
    net.add(dense({ units: 1, name: 'last' }));
    const x = numbers(6, 2);
    await compiled(net).fit(x, numbers(6, 1), { batchSize: 3 });
    const learnt = (await weightsOf(net))['first/kernel'];
    assert.equal(net.pop().name, 'last');
    net.add(dense({ units: 4, name: 'other' }));
    assert.deepEqual((await net.predict(x)).shape, [6, 4]);
    assert.deepEqual((await weightsOf(net))['first/kernel'], learnt);
    assert.throws(
      () => sequential().pop(),
      /^OptionError: pop: expected at least one layer in sequential, received none/,
    );
    const empty = sequential();
    empty.add(input({ shape: [2] }));
    empty.add(flatten());
    assert.deepEqual(empty.output.shape, [-1, 2]);
  });

  it('take models as layers', async () => {
    const base = sequential([input({ shape: [3] }), dense({ units: 2 })], { name: 'base' });
    const net = sequential([base, dense({ units: 1 })]);
    assert.deepEqual((await net.predict(numbers(2, 3))).shape, [2, 1]);
    assert.deepEqual(Object.keys(await weightsOf(net)), [
      'base/dense/kernel',
      'base/dense/bias',
      'dense/kernel',
      'dense/bias',
    ]);
    assert.equal(net.getLayer('base').network!.layers.length, 1);
  });
});

describe('frozen layers', () => {
  it('stay as they are from the next compile on', async () => {
    const net = sequential([
      input({ shape: [3] }),
      dense({ units: 2, name: 'base' }),
      dense({ units: 1, name: 'head' }),
    ]);
    net.getLayer('base').trainable = false;
    compiled(net);
    const before = await weightsOf(net);
    await net.fit(numbers(4, 3), numbers(4, 1), { batchSize: 4 });
    const after = await weightsOf(net);
    assert.deepEqual(after['base/kernel'], before['base/kernel']);
    assert.notDeepEqual(after['head/kernel'], before['head/kernel']);
    net.trainable = true;
    compiled(net);
    await net.fit(numbers(4, 3), numbers(4, 1), { batchSize: 4 });
    assert.notDeepEqual((await weightsOf(net))['base/kernel'], before['base/kernel']);
  });

  it('freeze all that is in a model', async () => {
    const base = sequential([input({ shape: [3] }), dense({ units: 2 })], { name: 'base' });
    const net = sequential([base, dense({ units: 1, name: 'head' })]);
    net.getLayer('base').trainable = false;
    assert.equal(net.network.frozenLayers().size, 1);
    assert.match(net.summary(), /Trainable params: 3 /);
    const saved = Model.fromConfig(net.getConfig());
    assert.equal(saved.network.frozenLayers().size, 1);
  });
});

describe('wrong wiring', () => {
  const x = input({ shape: [3], name: 'x' });
  it('is told by what is missing', () => {
    const other = input({ shape: [4], name: 'other' });
    assert.throws(
      () => model({ inputs: x, outputs: dense({ units: 1 })(other) }),
      /^OptionError: model: expected outputs that follow from the inputs, received one that also needs the input "other" of shape \[4\]\. Add it to inputs\./,
    );
    assert.throws(
      () => model({ inputs: [x, other], outputs: dense({ units: 1 })(x) }),
      /^OptionError: model: expected every input to lead to an output, received InputLayer "other" \(input 2 of 2\), which none of the outputs uses\./,
    );
    assert.throws(
      () => model({ inputs: x, outputs: dense({ units: 1 }) as never }),
      /^OptionError: model: expected outputs as symbolic tensors, .* received something else\./,
    );
    assert.throws(() => model({ inputs: [], outputs: x }), /expected inputs as symbolic tensors, .* received none\./);
    const y = dense({ units: 1, name: 'same' })(dense({ units: 1, name: 'same' })(x));
    assert.throws(
      () => model({ inputs: x, outputs: y }),
      /^OptionError: model: expected different layer names, received "same" twice\. Rename one of them\./,
    );
  });

  it('is told where a layer is called', () => {
    assert.throws(
      () => dense({ units: 1 })(tensor([[1]]) as never),
      /^OptionError: Dense: expected the output of another layer, or of input\(\{ shape \}\), received numbers\. To run numbers through a model call predict\./,
    );
    assert.throws(() => dense({ units: 1 })(flatten() as never), /received a layer or model that was not called/);
    assert.throws(() => dense({ units: 1 })(3 as never), /received 3\./);
    assert.throws(() => dense({ units: 1 })([x, x]), /^OptionError: Dense: expected one input, received 2\./);
    assert.throws(() => join()([]), /^OptionError: Join: expected at least one input, received 0\./);
    assert.throws(
      () => dense({ units: 1 })(x, { train: false } as never),
      /^OptionError: Dense: unknown option "train"\. Choose from training\./,
    );
    const shared = dense({ units: 1, name: 'shared' });
    shared(x);
    assert.throws(
      () => shared(input({ shape: [4] })),
      /^ShapeError: Dense "shared": expected inputs for which its kernel stays \[3, 1\], as where it was called first, received ones for which it would be \[4, 1\]\. Make a layer for each\./,
    );
    const base = sequential([input({ shape: [3] }), dense({ units: 2 })], { name: 'base' });
    assert.throws(
      () => base(input({ shape: [4] })),
      /^ShapeError: Sequential "base": expected an input of shape \[batch, 3\], received \[batch, 4\]\./,
    );
  });

  it('is told in saved models', () => {
    const layer = (name: string, from: string) => ({
      className: 'Dense',
      name,
      config: { units: 3 },
      calls: [{ inputs: [[from, 0, 0] as const] }],
    });
    const config = (list: ReturnType<typeof layer>[], output: string) => ({
      inputs: [{ name: 'x', shape: [3] }],
      layers: list,
      outputs: [[output, 0, 0] as const],
    });
    assert.throws(
      () => Model.fromConfig(config([layer('a', 'b'), layer('b', 'a')], 'a')),
      /^OptionError: model: expected layers without a cycle, received "a", "b", which wait for each other's outputs\./,
    );
    assert.throws(
      () => Model.fromConfig(config([layer('a', 'nowhere')], 'a')),
      /^OptionError: model: expected the inputs of "a" to be layers of the model, received "nowhere"\./,
    );
    assert.throws(
      () => Model.fromConfig(config([layer('a', 'x')], 'b')),
      /^OptionError: model: expected outputs of its layers, received \["b",0,0\], which is none\./,
    );
    const custom = sequential([input({ shape: [1] }), dense({ units: 1, kernelInitializer: () => 1 })]);
    assert.throws(
      () => custom.getConfig(),
      /^OptionError: Dense "dense": expected options that can be saved, received a function for kernelInitializer\./,
    );
  });

  it('is told by models', async () => {
    const net = model({ inputs: x, outputs: dense({ units: 1, name: 'd' })(x), name: 'net' });
    assert.throws(
      () => net.add(flatten()),
      /^OptionError: add: expected a row of layers, made by sequential, received the model net/,
    );
    assert.throws(() => net.getLayer('e'), /^OptionError: net\.getLayer: unknown layer "e"\..*Choose from x, d\./);
    assert.throws(
      () => net.getLayer(7),
      /^OptionError: net\.getLayer: the place must be a whole number of at least 0 and of at most 1, received 7\./,
    );
    await assert.rejects(
      net.predict([numbers(1, 3), numbers(1, 3)]),
      /^OptionError: predict: expected 1 inputs \(x\), received 2\./,
    );
    await assert.rejects(net.predict({ y: numbers(1, 3) }), /^OptionError: predict: inputs: unknown option "y"/);
    const two = input({ shape: [3], name: 'two' });
    const pair = model({ inputs: [x, two], outputs: join()([x, two]) });
    await assert.rejects(
      pair.predict({ x: numbers(1, 3) }),
      /^OptionError: predict: expected inputs by name for x, two, received none for "two"\./,
    );
    await assert.rejects(
      pair.predict([numbers(2, 3), numbers(1, 3)]),
      /^ShapeError: inputs: "two": expected 2 examples, as the first input has, received 1\./,
    );
    assert.throws(
      () => dense({ units: 1, trainable: 'no' as never }),
      /^OptionError: Dense: trainable must be true or false, received "no"\./,
    );
  });
});

it('a row cannot change while it trains', async () => {
  const net = compiled(sequential([input({ shape: [2] }), dense({ units: 1 })]));
  const training = net.fit(numbers(4, 2), numbers(4, 1));
  assert.throws(
    () => net.add(dense({ units: 1 })),
    /^TrainingError: add: expected sequential to be free, received one that is already training\. Await the first fit/,
  );
  await training;
});
