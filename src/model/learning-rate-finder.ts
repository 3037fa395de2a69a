/** Looks for a learning rate by training a few steps with ever larger ones (Smith, "Cyclical learning rates for training neural
 * networks", 2017). The model is the same afterwards, to the bit. */
import { AbortError, DataError, OptionError } from '../core/errors.ts';
import { checkKeys, checkNumber } from '../core/options.ts';
import type { Dataset, MultiBatch, Tensors } from '../data/dataset.ts';
import { type ClassWeight, checkClassWeight, withClassWeight } from '../training/class-weight.ts';
import { ahead } from '../training/evaluate-loop.ts';
import { stepsOf } from '../training/fit-loop.ts';
import { RunningLoss, readSweep, type SweepReading, sweptLearningRates } from '../training/learning-rate-sweep.ts';
import type { Trainer } from '../training/trainer.ts';
import { fitArrays } from './fit-data.ts';
import type { Model } from './model.ts';

/** A step of a sweep. */
export interface LearningRateStep {
  /** Counted from 0. */
  readonly step: number;
  /** Steps that were asked for. */
  readonly steps: number;
  readonly learningRate: number;
  /** Of the batch, before the update. */
  readonly loss: number;
  /** The mean of the losses so far, the latest of which count most. */
  readonly smoothed: number;
}

/** Options of a sweep. */
export interface LearningRateFinderOptions {
  /** The first learning rate; default 1e-7. */
  readonly minimum?: number;
  /** The last; default 10. */
  readonly maximum?: number;
  /** Steps between them, each a training step on one batch; default 100. */
  readonly steps?: number;
  /** How much each loss counts of the one beside it, in the means that are read; default 0.8. */
  readonly smoothing?: number;
  /** Weights of the classes, as `fit` takes them. */
  readonly classWeight?: ClassWeight;
  /** Ends the sweep after the current step with an AbortError; the model is put back then too. */
  readonly signal?: AbortSignal;
  /** Called after each step. */
  readonly onStep?: (step: LearningRateStep) => void;
}

/** Options of a sweep on arrays. */
export interface LearningRateFinderArraysOptions extends LearningRateFinderOptions {
  /** Default 32. Use that of the training: the best learning rate depends on it. */
  readonly batchSize?: number;
}

/** What a sweep found: a learning rate and a loss for each step until the loss was lost. */
export interface LearningRateSearch extends SweepReading {
  readonly learningRates: readonly number[];
  readonly losses: readonly number[];
}

const optionNames = ['minimum', 'maximum', 'steps', 'smoothing', 'classWeight', 'signal', 'onStep'];
const where = 'learningRateFinder';

/**
 * Trains for some steps, each with a larger learning rate, and reads the losses: at the suggested learning rate they fall most
 * steeply. It ends early where the smoothed loss exceeds four times its least value, or is no number. Weights, the optimizer's
 * slots, its learning rate and the steps taken are the same afterwards, also after an error.
 *
 * @param model compiled; it starts from the weights and slots that it has
 * @throws TrainingError where the model is not compiled or is training; OptionError for a wrong option; AbortError where the signal
 *   says so
 * @example
 * const { suggestion, remark } = await learningRateFinder(model, x, y, { batchSize: 32 });
 * if (suggestion === undefined) console.log(remark);
 * else model.compile({ optimizer: optimizers.adam({ learningRate: suggestion }), loss: 'categoricalCrossentropy' });
 */
export async function learningRateFinder(
  model: Model,
  data: Dataset<MultiBatch>,
  options?: LearningRateFinderOptions,
): Promise<LearningRateSearch>;
export async function learningRateFinder(
  model: Model,
  x: Tensors,
  y: Tensors,
  options?: LearningRateFinderArraysOptions,
): Promise<LearningRateSearch>;
export async function learningRateFinder(
  model: Model,
  data: Dataset<MultiBatch> | Tensors,
  second?: LearningRateFinderOptions | Tensors,
  third: LearningRateFinderArraysOptions = {},
): Promise<LearningRateSearch> {
  if (typeof (data as Dataset).epoch === 'function') {
    const options = (second ?? {}) as LearningRateFinderOptions;
    checkKeys(where, options, optionNames);
    return sweepOver(model, data as Dataset<MultiBatch>, options);
  }
  checkKeys(where, third, [...optionNames, 'batchSize']);
  const { batchSize = 32, ...options } = third;
  const network = model.builtNetwork;
  const { dataset } = fitArrays(data as Tensors, second as Tensors, { batchSize }, network, model.seed);
  return sweepOver(model, dataset, options);
}

function sweepOver(
  model: Model,
  data: Dataset<MultiBatch>,
  options: LearningRateFinderOptions,
): Promise<LearningRateSearch> {
  const minimum = checkNumber(where, 'minimum', options.minimum ?? 1e-7, { min: 0, exclusive: true });
  const maximum = checkNumber(where, 'maximum', options.maximum ?? 10, { min: 0, exclusive: true });
  const steps = checkNumber(where, 'steps', options.steps ?? 100, { integer: true, min: 10 });
  const smoothing = checkNumber(where, 'smoothing', options.smoothing ?? 0.8, { min: 0, max: 1, exclusive: 'max' });
  if (minimum >= maximum) {
    throw new OptionError(`${where}: minimum must be below maximum (${maximum}), received ${minimum}.`);
  }
  if (data.batchCount === 0) throw new DataError(`${where}: expected at least one example, received an empty dataset.`);
  return model.trainAlone(where, data.inputShape, async ({ trainer }) => {
    if (options.classWeight) checkClassWeight(options.classWeight, trainer.network.outputShape);
    const putBack = await keepState(trainer);
    try {
      return await sweep(trainer, data, sweptLearningRates(minimum, maximum, steps), smoothing, options);
    } finally {
      await putBack();
    }
  });
}

async function sweep(
  trainer: Trainer,
  data: Dataset<MultiBatch>,
  swept: readonly number[],
  smoothing: number,
  { signal, onStep, classWeight }: LearningRateFinderOptions,
): Promise<LearningRateSearch> {
  const steps = swept.length;
  const losses: number[] = [];
  const running = new RunningLoss(smoothing);
  for await (const batch of ahead(stepsOf(data, 0, steps))) {
    if (signal?.aborted) throw new AbortError(`${where}: stopped by its signal.`, { cause: signal.reason });
    const step = losses.length;
    const learningRate = swept[step]!;
    const { loss } = await trainer.train(withClassWeight(batch, classWeight), learningRate);
    if (!Number.isFinite(loss)) break;
    losses.push(loss);
    const smoothed = running.add(loss);
    onStep?.({ step, steps, learningRate, loss, smoothed });
    if (smoothed > running.limit) break;
  }
  const learningRates = swept.slice(0, losses.length);
  return { learningRates, losses, ...readSweep(learningRates, losses, smoothing) };
}

/** Copies what training steps change. @returns what puts it back. The optimizer's own learning rate is never touched. */
async function keepState(trainer: Trainer): Promise<() => Promise<void>> {
  const { memory, iterations } = trainer;
  const names = [...trainer.network.weights.map(({ name }) => name), ...trainer.slotNames];
  const kept = await Promise.all(names.map((name) => memory.read(name)));
  return async () => {
    await Promise.all(names.map((name, index) => memory.write(name, kept[index]!)));
    trainer.iterations = iterations;
  };
}
