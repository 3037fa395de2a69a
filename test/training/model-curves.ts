/** Trains whole models as test/golden/model-curves.json says that Keras does, and compares: the weights' names and order, the
 * losses, the moving statistics of batch normalization, the accuracy at the end. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { BackendName } from '../../src/backends/backend.ts';
import { BackendError } from '../../src/core/errors.ts';
import { chooseBackend } from '../../src/engine/choose-backend.ts';
import type { Model } from '../../src/model/model.ts';
import type { LossName } from '../../src/nn/losses/table.ts';
import { type OptimizerName, optimizerOf } from '../../src/nn/optimizers/table.ts';
import { type FormulaTask, formulaBatch, formulaWeights } from '../support/formula.ts';
import { type WholeModelName, wholeModels } from '../support/whole-models.ts';

interface Training {
  readonly network: WholeModelName;
  readonly options: { readonly filters: readonly number[]; readonly units?: number };
  readonly optimizer: { readonly name: OptimizerName } & Readonly<Record<string, number | string>>;
  readonly loss: LossName;
  readonly task: FormulaTask;
  /** Keras's path and the shape of each weight. */
  readonly weights: readonly (readonly [string, readonly number[]])[];
  /** For how many steps Keras agrees with itself when its first weights change by a millionth of themselves. */
  readonly steady: number;
  readonly losses: readonly number[];
  /** After 50 steps, in the order of the weights. */
  readonly moving?: readonly (readonly number[])[];
  readonly movingAtEnd?: readonly (readonly number[])[];
  readonly accuracy: number;
  /** From first weights of Keras's own, for five seeds. */
  readonly accuracies: readonly number[];
}

interface Golden {
  readonly keras: string;
  readonly trainings: Readonly<Record<string, Training>>;
}

const golden: Golden = JSON.parse(readFileSync(new URL('../golden/model-curves.json', import.meta.url), 'utf8'));

/** Steps on which every training agrees with itself, and after which the moving statistics are compared. */
const strictSteps = 50;

type Size = 'reduced' | 'full';

function trainingsOf(size: Size): [string, Training][] {
  return Object.entries(golden.trainings).filter(([name]) => name.startsWith(size));
}

/** Tests the trainings of one size from the formula's weights: all steps and the accuracy, or the first steps alone. */
export async function testModelCurves(size: Size, backend: BackendName, length: 'whole' | 'short'): Promise<void> {
  const skip = await reasonToSkip(backend);
  for (const [name, training] of trainingsOf(size)) {
    const steps = length === 'short' ? strictSteps : training.losses.length;
    test(`${backend}: ${name} as Keras ${golden.keras}`, { skip }, () => compareTraining(training, steps, backend));
  }
}

/** Tests that trainings from cajal's own weights, for as many seeds, become as accurate as Keras's. */
export function testAccuracies(size: Size, seeds: number): void {
  for (const [name, training] of trainingsOf(size)) {
    test(`${name} from weights of its own is as accurate as Keras`, () => compareAccuracy(training, seeds));
  }
}

async function reasonToSkip(backend: BackendName): Promise<string | false> {
  try {
    await (await chooseBackend({ backend })).backend.close();
    return false;
  } catch (error) {
    if (error instanceof BackendError) return error.message;
    throw error;
  }
}

function compiledModel(training: Training, options: { backend?: BackendName; seed?: number }): Model {
  const { size, classes } = training.task;
  const model = wholeModels[training.network]({ size, classes, ...training.options }, options);
  const { name, ...rest } = training.optimizer;
  model.compile({ optimizer: optimizerOf('test', name, rest), loss: training.loss });
  return model;
}

async function compareTraining(training: Training, steps: number, backend: BackendName): Promise<void> {
  const { task, losses, steady } = training;
  const model = compiledModel(training, { backend });
  compareNames(model, training);
  await model.setWeights(formulaWeights(model.network));
  for (const [step, expected] of losses.slice(0, steps).entries()) {
    const { x, y } = formulaBatch(step, task);
    const { loss } = await model.trainOnBatch(x, y);
    if (step < steady) near(loss!, expected, 1e-3 * Math.max(expected, 0.05), `step ${step}: a loss`);
    if (step + 1 === strictSteps && training.moving) await compareMoving(model, training.moving, 1e-4);
  }
  if (steps < losses.length) return;
  if (training.movingAtEnd) await compareMoving(model, training.movingAtEnd, 1e-2);
  checkAccuracy(await accuracyOf(model, training), training);
}

/** Keras's `batch_normalization_1/moving_mean` is cajal's `batchNormalization1/movingMean`: alike but for case and lines. */
function compareNames(model: Model, { weights }: Training): void {
  const plain = (name: string) => name.replace(/[_/]|\d/g, '').toLowerCase();
  const received = model.network.weights.map(({ name, shape }) => [plain(name), [...shape]]);
  assert.deepEqual(
    received,
    weights.map(([name, shape]) => [plain(name), shape]),
  );
}

/** Within a share of the largest statistic of the layer. */
async function compareMoving(model: Model, expected: readonly (readonly number[])[], share: number): Promise<void> {
  const weights = [...(await model.getWeights())].filter(([name]) => name.includes('/moving'));
  assert.equal(weights.length, expected.length);
  for (const [index, [name, values]] of weights.entries()) {
    const largest = Math.max(...expected[index]!.map(Math.abs));
    expected[index]!.forEach((value, channel) => {
      near(values[channel]!, value, share * largest, `${name} ${channel}: a statistic`);
    });
  }
}

function near(received: number, expected: number, tolerance: number, what: string): void {
  assert.ok(
    Math.abs(received - expected) <= tolerance,
    `${what} of ${expected} within ${tolerance} expected, received ${received}`,
  );
}

/** The share of right answers on the batches that follow those of the training, at least 256 pictures. */
async function accuracyOf(model: Model, { task, losses }: Training): Promise<number> {
  let right = 0;
  let count = 0;
  for (; count < 256; count += task.batch) {
    const { x, y } = formulaBatch(losses.length + count / task.batch, task);
    const { data } = await model.predict(x);
    for (let example = 0; example < task.batch; example++) {
      const row = [...data.slice(example * task.classes, (example + 1) * task.classes)];
      if (y.data[example * task.classes + row.indexOf(Math.max(...row))] === 1) right++;
    }
  }
  return right / count;
}

function checkAccuracy(received: number, { accuracy, accuracies }: Training): void {
  const [lowest, highest] = [Math.min(accuracy, ...accuracies), Math.max(accuracy, ...accuracies)];
  assert.ok(
    received >= lowest && received <= highest,
    `an accuracy from ${lowest} to ${highest} expected, received ${received}`,
  );
}

/** The mean over seeds, for a single seed may well lie beyond five others. */
async function compareAccuracy(training: Training, seeds: number): Promise<void> {
  let total = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const model = compiledModel(training, { seed });
    for (const step of training.losses.keys()) {
      const { x, y } = formulaBatch(step, training.task);
      await model.trainOnBatch(x, y);
    }
    total += await accuracyOf(model, training);
  }
  checkAccuracy(total / seeds, training);
}
