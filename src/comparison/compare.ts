/** `compare`: trains each setting with each seed, one after the other, and says which differ. */
import { CajalError, OptionError, ShapeError } from '../core/errors.ts';
import { checkKeys, checkName, checkNumber, show } from '../core/options.ts';
import type { Tensor } from '../core/tensor.ts';
import { arrayDataset } from '../data/array-dataset.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Model } from '../model/model.ts';
import type { History } from '../training/callbacks/history.ts';
import type { Callback } from '../training/callbacks/index.ts';
import { terminateOnNaN } from '../training/callbacks/index.ts';
import {
  type ComparedRun,
  type CompareRunsOptions,
  type Comparison,
  compareRuns,
  type EpochRow,
} from './comparison.ts';
import { gradeExamples } from './example-results.ts';
import { sharedMetricNames } from './shared-metrics.ts';

/** What is compared, and on what. */
export interface CompareOptions<Setting> extends CompareRunsOptions {
  /** Makes the compiled model of a setting; give the seed on to `sequential`, so that weights and order follow from it. */
  readonly build: (setting: Setting, seed: number) => Model | Promise<Model>;
  readonly settings: readonly Setting[];
  /** What a setting is called; by default text and numbers as they are, and of objects `key=value, key=value`. */
  readonly nameOf?: (setting: Setting) => string;
  /** How many, from 0 on, or which; default 5. */
  readonly seeds?: number | readonly number[];
  /** Arrays are shuffled by the model's seed; a dataset by its own: give a function to make one for each seed. */
  readonly data: readonly [Tensor, Tensor] | Dataset | ((seed: number) => Dataset);
  /** What all models are asked at the end, and after each epoch. */
  readonly validationData: readonly [Tensor, Tensor] | Dataset;
  /** What each validation example belongs to (slide, patient), where several are alike. */
  readonly groups?: readonly (string | number)[];
  /** Default 1. */
  readonly epochs?: number;
  /** Of arrays, default 32. */
  readonly batchSize?: number;
  readonly callbacks?: (setting: Setting, seed: number) => readonly Callback[];
  /** Called after each training. */
  readonly onRun?: (run: ComparedRun, done: number, total: number) => void;
}

const optionNames: readonly (keyof CompareOptions<unknown>)[] = [
  'build',
  'settings',
  'nameOf',
  'seeds',
  'data',
  'validationData',
  'groups',
  'epochs',
  'batchSize',
  'callbacks',
  'onRun',
  'metric',
  'resamples',
  'seed',
  'signal',
  'onProgress',
];

/**
 * Trains every setting with every seed and compares the last models on the validation data: mean and 95 % interval over
 * seeds, each pair of settings by a paired bootstrap over groups of examples and seeds, Holm's correction over all pairs.
 * A setting that fails is recorded, and the others go on.
 *
 * @throws OptionError for fewer than two settings, equal names or unknown options; AbortError where the signal says so;
 *   DataError where every training failed
 * @example
 * const { settings, pairs } = await compare({
 *   settings: ['sgd', 'adam'] as const,
 *   build: (optimizer, seed) => {
 *     const model = sequential([layers.input({ shape: [4] }), layers.dense({ units: 3, activation: 'softmax' })], { seed });
 *     model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
 *     return model;
 *   },
 *   data: [x, y],
 *   validationData: [otherX, otherY],
 *   seeds: 5,
 *   epochs: 20,
 * });
 */
export async function compare<Setting>(options: CompareOptions<Setting>): Promise<Comparison> {
  checkKeys('compare', options, optionNames);
  const {
    settings,
    onRun,
    groups,
    validationData,
    batchSize = 32,
    metric,
    resamples,
    seed,
    signal,
    onProgress,
  } = options;
  if (metric !== undefined) checkName('compare', 'metric', metric, sharedMetricNames);
  const names = namesOf(options);
  if (typeof options.build !== 'function') {
    throw new OptionError(
      `compare: build must be a function that makes a compiled model of a setting, received ${show(options.build)}.`,
    );
  }
  const seeds = seedsOf(options.seeds ?? 5);
  const validation = isPair(validationData)
    ? arrayDataset(validationData[0], validationData[1], { batchSize, shuffle: false })
    : validationData;
  if (groups && groups.length !== validation.size) {
    throw new ShapeError(
      `compare: expected a group for each of ${validation.size} validation examples, received ${groups.length}. Give one for each.`,
    );
  }
  const runs: ComparedRun[] = [];
  for (const [place, setting] of settings.entries()) {
    for (const each of seeds) {
      const run = await trainOne(options, setting, each, validation);
      runs.push({
        setting: names[place]!,
        seed: each,
        ...run,
        ...(groups && run.results && { groups: groups.map(String) }),
      });
      onRun?.(runs.at(-1)!, runs.length, settings.length * seeds.length);
    }
  }
  return compareRuns(runs, {
    ...(metric && { metric }),
    ...(resamples !== undefined && { resamples }),
    ...(seed !== undefined && { seed }),
    ...(onProgress && { onProgress }),
    signal,
  });
}

function namesOf<Setting>({ settings, nameOf = describeSetting }: CompareOptions<Setting>): string[] {
  if (!Array.isArray(settings)) {
    throw new OptionError(`compare: settings must be a list, received ${show(settings)}. Write ['adam', 'sgd'].`);
  }
  if (settings.length < 2) {
    throw new OptionError(`compare: expected at least two settings, received ${settings.length}. Add another one.`);
  }
  const names = settings.map((setting) => nameOf(setting));
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice === undefined) return names;
  throw new OptionError(
    `compare: expected settings of different names, received "${twice}" twice. Leave one out, or give nameOf.`,
  );
}

function describeSetting(setting: unknown): string {
  if (typeof setting !== 'object' || setting === null) return String(setting);
  return Object.entries(setting)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(', ');
}

function seedsOf(seeds: number | readonly number[]): readonly number[] {
  if (typeof seeds === 'number') {
    checkNumber('compare', 'seeds', seeds, { integer: true, min: 1 });
    return Array.from({ length: seeds }, (_, seed) => seed);
  }
  for (const seed of seeds) checkNumber('compare', 'a seed', seed, { integer: true, min: 0 });
  if (seeds.length > 0 && new Set(seeds).size === seeds.length) return seeds;
  throw new OptionError(`compare: expected different seeds, received [${seeds.join(', ')}]. Give each once.`);
}

async function trainOne<Setting>(
  { build, data, epochs = 1, batchSize = 32, callbacks, signal }: CompareOptions<Setting>,
  setting: Setting,
  seed: number,
  validationData: Dataset,
): Promise<Omit<ComparedRun, 'setting' | 'seed'>> {
  const began = performance.now();
  let history: EpochRow[] = [];
  const secondsSince = () => (performance.now() - began) / 1000;
  try {
    const model = await build(setting, seed);
    const options = {
      epochs,
      validationData,
      callbacks: [terminateOnNaN(), ...(callbacks?.(setting, seed) ?? [])],
      ...(signal && { signal }),
    };
    const trained = isPair(data)
      ? await model.fit(data[0], data[1], { ...options, batchSize })
      : await model.fit(typeof data === 'function' ? data(seed) : data, options);
    history = rowsOf(trained);
    const seconds = secondsSince();
    const { results, names } = await gradeModel(model, validationData, signal);
    const { parameterCount } = model.network;
    if (!results.logLosses.every(Number.isFinite) || history.length === 0) {
      const failure = `the loss is not a finite number after epoch ${history.length}. Lower the learning rate.`;
      return { history, seconds, parameterCount, failure };
    }
    return { history, seconds, parameterCount, results, ...(names && { names }) };
  } catch (error) {
    if (!(error instanceof CajalError) || error.code === 'aborted') throw error;
    return { history, seconds: secondsSince(), failure: error.message };
  }
}

function rowsOf({ epoch, history }: History): EpochRow[] {
  return epoch.map((number, place) => ({
    ...Object.fromEntries(Object.entries(history).map(([name, values]) => [name, values[place]!])),
    epoch: number + 1,
  }));
}

async function gradeModel(model: Model, data: Dataset, signal: AbortSignal | undefined) {
  const width = model.network.outputShape.at(-1)!;
  if (model.network.outputShape.length !== 2) {
    throw new ShapeError(
      `compare: expected models with one row of class probabilities for each example, received outputs of shape ` +
        `[${model.network.outputShape.join(', ')}]. End the model in a dense layer.`,
    );
  }
  const probabilities: number[] = [];
  const truths: number[] = [];
  const names: string[] = [];
  await model.evaluate(data, {
    ...(signal && { signal }),
    onBatch(batch, { predictions, targets }) {
      probabilities.push(...(predictions.data as Float32Array));
      for (let row = 0; row < batch.inputs.shape[0]!; row++) truths.push(classOf(targets.data, row, width));
      names.push(...(batch.names ?? []));
    },
  });
  return { results: gradeExamples(probabilities, truths, width), names: names.length > 0 ? names : undefined };
}

function classOf(targets: ArrayLike<number>, row: number, width: number): number {
  if (width === 1) return targets[row]! > 0.5 ? 1 : 0;
  let largest = 0;
  for (let place = 1; place < width; place++) {
    if (targets[row * width + place]! > targets[row * width + largest]!) largest = place;
  }
  return largest;
}

function isPair<Other>(data: Other | readonly [Tensor, Tensor]): data is readonly [Tensor, Tensor] {
  return Array.isArray(data);
}
