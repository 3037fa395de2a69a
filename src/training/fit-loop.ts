/** The training loop: epochs of steps, validation, callbacks. What is drawn depends on (seed, epoch, step) only, so a
 * training that begins again at an epoch goes on with the same bits. */
import { AbortError, DataError } from '../core/errors.ts';
import { checkNumber, checkSignal } from '../core/options.ts';
import type { Dataset, MultiBatch } from '../data/dataset.ts';
import { type Callback, checkCallbacks, type TrainedModel } from './callbacks/callback.ts';
import { type History, history } from './callbacks/history.ts';
import { type FitVerbosity, progbarLogger } from './callbacks/progbar-logger.ts';
import { type ClassWeight, checkClassWeight, withClassWeight } from './class-weight.ts';
import type { Compiled } from './compile-options.ts';
import { EpochMeans } from './epoch-means.ts';
import { ahead, evaluateLoop } from './evaluate-loop.ts';
import type { Trainer } from './trainer.ts';
import { callEach, Training } from './training.ts';

/** Options of a training over datasets. */
export interface FitLoopOptions {
  /** Default 1. */
  readonly epochs?: number;
  /** The first epoch's number, to go on from an earlier training; default 0. */
  readonly initialEpoch?: number;
  /** Steps that count as an epoch; by default the batches of the dataset. The data go on where the last epoch ended. */
  readonly stepsPerEpoch?: number;
  readonly validationData?: Dataset<MultiBatch>;
  /** Batches of each validation; by default all. */
  readonly validationSteps?: number;
  /** Validates after every so many epochs, or after the epochs of a list, counted from 1; default 1. Callbacks that monitor a number
   * of the validation wait for the next one. */
  readonly validationFreq?: number | readonly number[];
  readonly callbacks?: readonly Callback[];
  /** 1 prints a bar for each epoch, 2 a line; default 0: nothing, as a library's function. */
  readonly verbose?: FitVerbosity;
  /** Ends the training after the current step with an AbortError; the weights so far are kept. */
  readonly signal?: AbortSignal;
  /** Weights of the classes by number, for rare ones to count more. */
  readonly classWeight?: ClassWeight;
}

/** Trains. @throws AbortError where the signal says so; DataError where the dataset has no batches */
export async function fitLoop(
  trainer: Trainer,
  compiled: Compiled,
  model: TrainedModel,
  data: Dataset<MultiBatch>,
  options: FitLoopOptions,
): Promise<History> {
  const { validationData, signal, classWeight } = options;
  checkSignal('fit', signal);
  if (classWeight) checkClassWeight(classWeight, trainer.network.outputShape);
  const epochs = checkNumber('fit', 'epochs', options.epochs ?? 1, { integer: true, min: 0 });
  const first = checkNumber('fit', 'initialEpoch', options.initialEpoch ?? 0, { integer: true, min: 0 });
  checkNumber('fit', "the dataset's batchCount", data.batchCount, { integer: true, min: 0 });
  if (data.batchCount === 0) throw new DataError('fit: expected at least one example, received an empty dataset.');
  const steps = checkNumber('fit', 'stepsPerEpoch', options.stepsPerEpoch ?? data.batchCount, {
    integer: true,
    min: 1,
  });
  const isDue = validationTimes(options.validationFreq ?? 1);
  const seen = history();
  const { verbose = 0 } = options;
  // Bar and history come last, as in Keras: they have what callbacks log.
  const shown = verbose === 0 ? [] : [progbarLogger({ verbose })];
  const callbacks = [...checkCallbacks('fit', options.callbacks ?? []), ...shown, seen];
  const metrics = compiled.metrics(trainer.network);
  const validationMetrics = compiled.metrics(trainer.network);
  const training = new Training({ trainer, compiled, model, metrics, epochs, steps });
  // Steps may take microseconds: hooks that nobody has are not even asked for.
  const beginners = callbacks.filter(({ onTrainBatchBegin }) => onTrainBatchBegin);
  const enders = callbacks.filter(({ onTrainBatchEnd }) => onTrainBatchEnd);
  const validate = async (held: Dataset<MultiBatch>) => {
    const { validationSteps } = options;
    const limits = { ...(validationSteps !== undefined && { steps: validationSteps }), ...(signal && { signal }) };
    const result = await evaluateLoop(trainer, held, validationMetrics, training, { callbacks, ...limits });
    return Object.fromEntries(Object.entries(result).map(([name, value]) => [`val_${name}`, value]));
  };
  await callEach(callbacks, (callback) => callback.onTrainBegin?.(training));
  try {
    const beginning = training.beginning ?? { epoch: first, step: 0 };
    for (let epoch = beginning.epoch; epoch < epochs && training.stopReason === undefined; epoch++) {
      await callEach(callbacks, (callback) => callback.onEpochBegin?.(epoch, training));
      const means = new EpochMeans(metrics);
      let step = epoch === beginning.epoch ? beginning.step : 0;
      for await (const batch of ahead(stepsOf(data, epoch * steps + step, steps - step))) {
        if (signal?.aborted) throw new AbortError('fit: stopped by its signal.', { cause: signal.reason });
        if (beginners.length > 0) await callEach(beginners, (one) => one.onTrainBatchBegin?.(step, training));
        means.add(await trainer.train(withClassWeight(batch, classWeight)));
        if (enders.length > 0) {
          training.logs = means.logs();
          await callEach(enders, (one) => one.onTrainBatchEnd?.(step, training.logs, training));
        }
        step++;
        if (training.stopReason !== undefined) break;
      }
      training.logs = means.logs();
      if (step < steps) break;
      training.isValidationLeftOut = validationData !== undefined && !isDue(epoch + 1);
      if (validationData && isDue(epoch + 1)) Object.assign(training.logs, await validate(validationData));
      await callEach(callbacks, (callback) => callback.onEpochEnd?.(epoch, training.logs, training));
    }
    if (epochs > 0) await trainer.takeAverages();
  } catch (error) {
    training.isInterrupted = true;
    throw error;
  } finally {
    await callEach(callbacks, (callback) => callback.onTrainEnd?.(training.logs, training));
  }
  const { stopReason } = training;
  return { epoch: seen.epoch, history: seen.history, ...(stopReason !== undefined && { stopped: stopReason }) };
}

/** Whether an epoch, counted from 1, is followed by a validation. */
function validationTimes(freq: unknown): (epoch: number) => boolean {
  const rule = { integer: true, min: 1 };
  if (!Array.isArray(freq)) {
    const every = checkNumber('fit', 'validationFreq, where it is no list,', freq, rule);
    return (epoch) => epoch % every === 0;
  }
  const epochs = new Set(freq.map((one) => checkNumber('fit', 'each of validationFreq', one, rule)));
  return (epoch) => epochs.has(epoch);
}

/** `count` batches from the `start`th on, counted over all epochs of a dataset. */
export async function* stepsOf(
  data: Dataset<MultiBatch>,
  start: number,
  count: number,
): AsyncGenerator<MultiBatch, void, undefined> {
  let given = 0;
  while (given < count) {
    const position = start + given;
    for await (const batch of data.epoch(Math.floor(position / data.batchCount), position % data.batchCount)) {
      yield batch;
      given++;
      if (given === count) return;
    }
    // A dataset that gives nothing would be asked for ever.
    if (position === start + given) {
      throw new DataError(
        `fit: expected ${data.batchCount} batches in each epoch of the dataset, as its batchCount says, received none.`,
      );
    }
  }
}
