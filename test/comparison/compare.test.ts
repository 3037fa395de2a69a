// Protects `compare()`: settings that differ are told apart, equal ones are not, failures are recorded, and what a person
// may give wrong is said.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareRuns } from '../../src/comparison/comparison.ts';
import { formatComparison } from '../../src/comparison/comparison-text.ts';
import { Random } from '../../src/core/random.ts';
import {
  arrayDataset,
  type CompareOptions,
  compare,
  layers,
  type Model,
  optimizers,
  sequential,
  tensor,
} from '../../src/index.ts';

/** Three clouds of points; `[count, 2]` and one-hot `[count, 3]`. */
function clouds(count: number, seed: number) {
  const random = new Random(seed, 'clouds');
  const labels = Array.from({ length: count }, (_, index) => index % 3);
  const x = labels.flatMap((label) => [
    Math.cos(label * 2.1) + 0.5 * random.normal(),
    Math.sin(label * 2.1) + 0.5 * random.normal(),
  ]);
  const y = labels.flatMap((label) => [0, 1, 2].map((place) => (place === label ? 1 : 0)));
  return [tensor(Float32Array.from(x), [count, 2]), tensor(Float32Array.from(y), [count, 3])] as const;
}

interface Setting {
  optimizer: 'sgd' | 'adam';
  units: number;
}

function build({ optimizer, units }: Setting, seed: number): Model {
  const model = sequential(
    [
      layers.input({ shape: [2] }),
      layers.dense({ units, activation: 'tanh' }),
      layers.dense({ units: 3, activation: 'softmax' }),
    ],
    { seed },
  );
  const made = optimizer === 'adam' ? optimizers.adam({ learningRate: 0.05 }) : optimizers.sgd({ learningRate: 0.001 });
  model.compile({ optimizer: made, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

const data = clouds(90, 1);
const validationData = clouds(60, 2);
const common = { build, data, validationData, epochs: 12, batchSize: 16, resamples: 400 };

test('a setting that learns is told from one that does not, and from its own twin it is not', async () => {
  const told: string[] = [];
  const comparison = await compare<Setting>({
    ...common,
    settings: [
      { optimizer: 'adam', units: 16 },
      { optimizer: 'adam', units: 17 },
      { optimizer: 'sgd', units: 1 },
    ],
    seeds: 3,
    onRun: ({ setting, seed }, done, total) => told.push(`${setting} ${seed} ${done}/${total}`),
  });
  assert.equal(told[4], 'optimizer=adam, units=17 1 5/9');
  const [first, twin, weak] = comparison.settings;
  assert.equal(first!.values!.accuracy.n, 3);
  assert.equal(first!.parameterCount, 3 * 16 + 17 * 3);
  assert.equal(first!.runs[0]!.history.length, 12);
  assert.equal(first!.runs[0]!.history[0]!.epoch, 1);
  assert.ok(first!.values!.accuracy.mean > weak!.values!.accuracy.mean + 0.2);
  assert.deepEqual({ examples: comparison.examples, groups: comparison.groups }, { examples: 60, groups: 60 });
  const verdicts = comparison.pairs.map(({ first: a, second: b, isDifferent }) => [a, b, isDifferent]);
  assert.deepEqual(verdicts, [
    [first!.name, twin!.name, false],
    [first!.name, weak!.name, true],
    [twin!.name, weak!.name, true],
  ]);
  const text = formatComparison(comparison);
  assert.match(text, /optimizer=adam, units=16 and optimizer=adam, units=17: no difference that these runs can show/);
  assert.match(text, /optimizer=adam, units=16 is better than optimizer=sgd, units=1: \d+\.\d points of accuracy more/);
  assert.equal(JSON.stringify(comparison).includes('null'), false, 'it is JSON as it stands');

  const again = await compare<Setting>({
    ...common,
    settings: [
      { optimizer: 'adam', units: 16 },
      { optimizer: 'sgd', units: 1 },
    ],
    seeds: [1, 2],
  });
  assert.deepEqual(
    again.settings[0]!.runs.map(({ values, history }) => ({ values, history })),
    first!.runs.slice(1).map(({ values, history }) => ({ values, history })),
    'the same seeds give the same bits',
  );
});

test('one seed has no interval, and the text says what that means', async () => {
  const comparison = await compare<Setting>({
    ...common,
    settings: [
      { optimizer: 'adam', units: 8 },
      { optimizer: 'sgd', units: 8 },
    ],
    seeds: 1,
  });
  assert.deepEqual(Object.keys(comparison.settings[0]!.values!.accuracy), ['n', 'mean']);
  assert.match(formatComparison(comparison), /One seed has no interval.*two models.*not of two settings/s);
});

test('a setting that fails or diverges is recorded, and the others go on', async () => {
  const comparison = await compare({
    ...common,
    settings: ['good', 'broken', 'wild'],
    seeds: 2,
    epochs: 2,
    build(setting, seed) {
      if (setting === 'broken') return sequential([layers.input({ shape: [5] }), layers.dense({ units: 3 })], { seed });
      const model = sequential([layers.input({ shape: [2] }), layers.dense({ units: 3, activation: 'softmax' })], {
        seed,
      });
      if (setting === 'wild') void model.setWeights(new Map([['dense/kernel', new Float32Array(6).fill(Number.NaN)]]));
      model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
      return model;
    },
  });
  const [good, broken, wild] = comparison.settings;
  assert.equal(good!.values!.accuracy.n, 2);
  assert.match(broken!.runs[0]!.failure!, /expected|built/);
  assert.match(wild!.runs[1]!.failure!, /the loss is not a finite number after epoch 0/);
  assert.deepEqual(comparison.pairs, []);
  assert.deepEqual(
    comparison.untested.map(({ reason }) => reason),
    ['no common seed', 'no common seed', 'no common seed'],
  );
  assert.match(formatComparison(comparison), /broken, seeds 0 and 1, failed: /);
});

test('groups are drawn together, and datasets can be made for each seed', async () => {
  const comparison = await compare<Setting>({
    ...common,
    settings: [
      { optimizer: 'adam', units: 8 },
      { optimizer: 'sgd', units: 8 },
    ],
    seeds: 2,
    data: (seed) => arrayDataset(data[0], data[1], { seed, batchSize: 16 }),
    groups: Array.from({ length: 60 }, (_, example) => Math.floor(example / 6)),
    metric: 'logLoss',
  });
  assert.deepEqual(
    { groups: comparison.groups, isHigherBetter: comparison.isHigherBetter },
    { groups: 10, isHigherBetter: false },
  );
  assert.match(formatComparison(comparison), /10 groups/);
});

test('runs on other examples are not tested against each other', async () => {
  const results = { classCount: 2, trueClasses: [0], predictedClasses: [0], logLosses: [0.1], binaryAccuracies: [1] };
  const run = { seed: 0, history: [], seconds: 1, results };
  const comparison = await compareRuns([
    { ...run, setting: 'a', names: ['x.png'] },
    { ...run, setting: 'b', names: ['y.png'] },
  ]);
  assert.deepEqual(comparison.untested, [{ first: 'a', second: 'b', reason: 'other examples' }]);
  assert.match(formatComparison(comparison), /a and b were asked about other examples, so they are not tested/);
});

test('what is wrong is said', async () => {
  const settings: Setting[] = [
    { optimizer: 'adam', units: 8 },
    { optimizer: 'sgd', units: 8 },
  ];
  const refuse = (options: Partial<CompareOptions<Setting>>, message: RegExp) =>
    assert.rejects(compare<Setting>({ ...common, settings, ...options }), message);
  await refuse(
    { settings: settings.slice(1) },
    /compare: expected at least two settings, received 1\. Add another one/,
  );
  await refuse(
    { settings: [settings[0]!, settings[0]!] },
    /expected settings of different names, received "optimizer=adam, units=8" twice/,
  );
  await refuse({ seeds: 0 }, /compare: seeds must be a whole number of at least 1, received 0/);
  await refuse({ seeds: [] }, /expected different seeds, received \[\]/);
  await refuse({ seeds: [1, 1] }, /expected different seeds, received \[1, 1\]/);
  await refuse({ seeds: [-1] }, /a seed must be a whole number of at least 0/);
  await refuse({ groups: ['a'] }, /expected a group for each of 60 validation examples, received 1/);
  await refuse(
    { metric: 'acuracy' as 'accuracy', seeds: 1, epochs: 1 },
    /unknown metric "acuracy"\. Did you mean "accuracy"\?/,
  );
  await refuse({ ...({ epoch: 3 } as object) }, /compare: unknown option "epoch"\. Did you mean "epochs"\?/);
  await refuse(
    { build: () => sequential([layers.input({ shape: [2] }), layers.dense({ units: 3 })]), seeds: 1 },
    /expected at least one run with results, received 2: .*compiled/,
  );
  await assert.rejects(compare<Setting>({ ...common, settings, signal: AbortSignal.abort() }), { name: 'AbortError' });
  const wide = (_: Setting, seed: number) => {
    const model = sequential([layers.input({ shape: [2, 1, 1] }), layers.conv2d({ filters: 3, kernelSize: 1 })], {
      seed,
    });
    model.compile({ loss: 'meanSquaredError' });
    return model;
  };
  const x = tensor(new Float32Array(8), [4, 2, 1, 1]);
  const y = tensor(new Float32Array(24), [4, 2, 1, 3]);
  await refuse(
    { build: wide, data: [x, y], validationData: [x, y], seeds: 1 },
    /expected models with one row of class probabilities/,
  );
  const none = { ...arrayDataset(...clouds(3, 1)), size: 0, batchCount: 0 };
  await refuse({ validationData: none as never, seeds: 1 }, /received an empty dataset/);
});
