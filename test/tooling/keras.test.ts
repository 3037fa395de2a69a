/** Protects docs/keras.md: every name of Keras that lessons of this field use is here, each difference has its reason, no golden
 * is left out of the list, and the lesson at its top runs. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { hasName, takesOption } from '../../scripts/keras/cajal-name.ts';
import { type ComparedName, type ComparedSection, compareNames } from '../../scripts/keras/comparison.ts';
import { Goldens } from '../../scripts/keras/goldens.ts';
import type { KerasName } from '../../scripts/keras/keras-name.ts';
import { pageOf } from '../../scripts/keras/page.ts';
import { kerasSections } from '../../scripts/keras/sections.ts';
import { root } from '../../scripts/project.mjs';
import {
  activations,
  constraints,
  initializers,
  layers,
  losses,
  metrics,
  optimizers,
  regularizers,
  schedules,
} from '../../src/index.ts';

/** What someone with a lesson may expect to find; Keras's names without `keras.`. */
const expected = {
  layers:
    'Dense Conv2D SeparableConv2D DepthwiseConv2D Conv2DTranspose MaxPooling2D AveragePooling2D GlobalAveragePooling2D GlobalMaxPooling2D Flatten Reshape Permute ZeroPadding2D Cropping2D UpSampling2D BatchNormalization LayerNormalization GroupNormalization Dropout SpatialDropout2D GaussianNoise Activation ReLU LeakyReLU PReLU ELU Softmax Add Subtract Multiply Average Maximum Concatenate Rescaling Normalization Normalization.adapt Resizing CenterCrop',
  activations:
    'relu relu6 leaky_relu elu selu gelu silu swish hard_sigmoid hard_swish sigmoid tanh softplus softsign softmax mish linear',
  initializers:
    'GlorotUniform GlorotNormal HeUniform HeNormal LecunUniform LecunNormal Orthogonal Constant Zeros Ones RandomNormal RandomUniform TruncatedNormal VarianceScaling',
  regularizers: 'L1 L2 L1L2',
  constraints: 'MaxNorm MinMaxNorm UnitNorm NonNeg',
  losses:
    'BinaryCrossentropy CategoricalCrossentropy SparseCategoricalCrossentropy BinaryFocalCrossentropy CategoricalFocalCrossentropy MeanSquaredError MeanAbsoluteError MeanAbsolutePercentageError MeanSquaredLogarithmicError Huber LogCosh KLDivergence Poisson Hinge SquaredHinge CategoricalHinge CosineSimilarity',
  optimizers: 'SGD RMSprop Adam AdamW Adamax Nadam Adagrad Adadelta Lion Ftrl',
  'optimizers.schedules':
    'ExponentialDecay PiecewiseConstantDecay PolynomialDecay InverseTimeDecay CosineDecay CosineDecayRestarts',
  metrics:
    'BinaryAccuracy CategoricalAccuracy SparseCategoricalAccuracy TopKCategoricalAccuracy SparseTopKCategoricalAccuracy Precision Recall F1Score AUC',
  callbacks:
    'EarlyStopping ModelCheckpoint ReduceLROnPlateau LearningRateScheduler CSVLogger TensorBoard TerminateOnNaN BackupAndRestore LambdaCallback ProgbarLogger History',
  Model:
    'compile fit evaluate predict summary get_layer output trainable get_config from_config get_weights set_weights save',
  Sequential: 'add pop',
} as const;

const tables = {
  layers,
  activations,
  initializers,
  regularizers,
  constraints,
  losses,
  metrics,
  optimizers,
  schedules,
};

/** What lessons use that has no name of its own in Keras, by cajal's. */
const expectedHere = [
  'layers.input',
  'metrics.accuracy',
  'metrics.cohenKappa',
  'metrics.matthewsCorrelation',
  'metrics.expectedCalibrationError',
  'confusionMatrix',
  'classificationReport',
  'schedules.oneCycle',
  'learningRateFinder',
  'optimizers.sgd({ decay })',
  "optimizers.adadelta({ preset: 'keras2' })",
  'optimizers.adam({ learningRateMultipliers })',
  ...['clipnorm', 'clipvalue', 'globalClipnorm', 'useEma', 'gradientAccumulationSteps', 'weightDecay'].map(
    (option) => `optimizers.adam({ ${option} })`,
  ),
  'optimizers.adamW({ excludeFromWeightDecay })',
  'Model.fit({ classWeight })',
  'Model.fit({ sampleWeights })',
  'sequential',
  'model',
  'plotModel',
  'defineLayer',
  'valueAndGradients',
];

describe('the list of Keras names', () => {
  const goldens = new Goldens();
  let sections: ComparedSection[] = [];
  let names: ComparedName[] = [];

  before(async () => {
    sections = await compareNames(kerasSections, goldens);
    names = sections.flatMap((section) => section.names);
  });

  it('has every name that lessons of this field use', () => {
    const listed = new Set(names.map(({ keras }) => keras));
    const wanted = Object.entries(expected).flatMap(([module, short]) =>
      short.split(' ').map((name) => `keras.${module}.${name}`),
    );
    assert.deepEqual(
      wanted.filter((name) => !listed.has(name)),
      [],
    );
    const here = new Set(names.map(({ cajal }) => cajal));
    assert.deepEqual(
      expectedHere.filter((name) => !here.has(name)),
      [],
    );
  });

  it('has no name twice, none absent, and none unexplained', () => {
    assert.equal(new Set(names.map(({ keras }) => keras)).size, names.length);
    const wrong = names.filter(({ standing }) => standing === 'absent' || standing === 'unexplained');
    assert.deepEqual(
      wrong.map(({ keras, cajal, standing, problems }) => `${keras}, ${cajal}: ${standing}. ${problems.join('. ')}`),
      [],
    );
  });

  it('has every name that a golden was made for; those of `ops` are of kernels', () => {
    const listed = new Set(names.map(({ keras }) => keras));
    const missing = goldens.names.filter((name) => !listed.has(name) && !name.startsWith('keras.ops.'));
    assert.deepEqual(missing, []);
  });

  it('has every name of cajal’s tables', () => {
    const listed = new Set(names.map(({ cajal }) => cajal));
    const all = Object.entries(tables).flatMap(([table, rows]) => Object.keys(rows).map((name) => `${table}.${name}`));
    const missing = all.filter((name) => !listed.has(name));
    assert.deepEqual(missing, []);
  });

  it('counts as equal what has goldens only', () => {
    const equal = names.filter(({ standing }) => standing === 'equal');
    assert.ok(equal.length > 130, `${equal.length} names are equal`);
    for (const { keras, cases, differs, lacks } of equal) {
      assert.ok(cases.length > 0 && differs === undefined && lacks === undefined, keras);
    }
  });

  it('is what the page shows', () => {
    const page = readFileSync(path.join(root, 'docs/keras.md'), 'utf8');
    assert.equal(page.slice(page.indexOf('## What was compared')), pageOf(sections, goldens));
  });
});

describe('comparing a name', () => {
  async function standingOf(name: KerasName): Promise<string> {
    const [section] = await compareNames([{ title: '', words: '', names: [name] }], new Goldens());
    const [{ standing, problems } = { standing: 'none', problems: [] }] = section?.names ?? [];
    return [standing, ...problems].join(': ');
  }

  it('finds what is not there', async () => {
    assert.equal(await hasName('layers.conv2d'), true);
    assert.equal(await hasName('layers.conv5d'), false);
    assert.equal(await hasName('Model.fit'), true);
    assert.equal(await hasName('Model.train'), false);
    assert.equal(await hasName('Model.fromConfig'), true);
    assert.equal(await hasName('optimizers.adam({ clipnorm })'), true);
    assert.equal(await hasName('optimizers.adam({ clipNorm })'), false);
    assert.equal(await takesOption('Model.fit', 'epochs'), true);
    assert.equal(await takesOption('Model.fit', 'epoch'), false);
    assert.equal(await takesOption('csvLogger', 'separator'), true);
    assert.equal(await takesOption('csvLogger', 'seperator'), false);
    assert.equal(await standingOf({ keras: 'keras.layers.Dense', cajal: 'layers.dance' }), 'absent');
  });

  it('asks for reasons', async () => {
    const dropout = { keras: 'keras.layers.Dropout', cajal: 'layers.dropout' };
    assert.equal(await standingOf(dropout), 'unexplained: layers.dropout lacks noise_shape: layers.dropout lacks seed');
    const lacks = { noise_shape: 'a reason', seed: 'a reason' };
    assert.equal(await standingOf({ ...dropout, lacks }), 'differs');
    assert.equal(
      await standingOf({ ...dropout, lacks: { ...lacks, rate: 'a reason' } }),
      'unexplained: layers.dropout takes rate',
    );
    assert.equal(
      await standingOf({ ...dropout, lacks: { ...lacks, rates: 'a reason' } }),
      'unexplained: keras.layers.Dropout has no option rates',
    );
  });

  it('compares defaults', async () => {
    const swapped = { keras: 'keras.layers.LeakyReLU', cajal: 'layers.reLU' };
    assert.match(
      await standingOf(swapped),
      /layers\.reLU has 0 for negativeSlope where none is given, keras\.layers\.LeakyReLU 0\.3/,
    );
    assert.match(
      await standingOf({ keras: 'keras.optimizers.Adam', cajal: 'optimizers.sgd' }),
      /optimizers\.sgd has 0\.01 for learningRate where none is given, keras\.optimizers\.Adam 0\.001/,
    );
  });

  it('asks for goldens or a test that is there', async () => {
    const own = { keras: 'something of one’s own', cajal: 'tensor' };
    assert.equal(await standingOf(own), 'unexplained: no golden has it, and no test is named');
    assert.equal(
      await standingOf({ ...own, test: ['test/none.test.ts', 'x'] }),
      'unexplained: test/none.test.ts is not there',
    );
    const file = 'test/core/shape.test.ts';
    assert.match(await standingOf({ ...own, test: [file, 'no such title'] }), /has no test "no such title"$/);
    assert.equal(await standingOf({ ...own, test: [file, 'describe('] }), 'own test');
  });
});

it('the lesson in both runs, and has as many parameters as the page says of Keras’s', () => {
  const page = readFileSync(path.join(root, 'docs/keras.md'), 'utf8');
  const total = /`(Total params: [^`]+)`/.exec(page)?.[1];
  const [, lesson = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
  const source = JSON.stringify(pathToFileURL(path.join(root, 'src/index.ts')).href);
  const pictures = `(() => {
    const part = {
      x: tensor(Uint8Array.from({ length: 40 * 784 }, (_, i) => i % 251), [40, 28, 28, 1]),
      y: tensor(Uint8Array.from({ length: 40 }, (_, i) => i % 10), [40, 1]),
    };
    return { train: part, test: part };
  })()`;
  const text = lesson
    .replace("'cajal'", source)
    .replace("import { datasets } from 'cajal/data/node';", `import { tensor } from ${source};`)
    .replace("await datasets.mnist('mnist')", pictures);
  assert.doesNotMatch(text, /mnist|'cajal/);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'cajal-lesson-'));
  const file = path.join(folder, 'lesson.mts');
  writeFileSync(file, text);
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import=tsx', file], {
    cwd: root,
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true });
  assert.equal(status, 0, stderr);
  assert.ok(total !== undefined && stdout.includes(total), stdout);
  assert.match(stdout, /top_3: \d/);
});
