/** Predicting in batches. */
import { AbortError, BackendError } from '../core/errors.ts';
import { checkKeys, checkNumber, checkSignal } from '../core/options.ts';
import { elementCount, formatShape } from '../core/shape.ts';
import { type Tensor, tensor } from '../core/tensor.ts';
import type { Tensors } from '../data/dataset.ts';
import type { Network } from '../nn/network.ts';
import {
  type Callback,
  checkCallbacks,
  type PredictionHandle,
  type TrainedModel,
} from '../training/callbacks/callback.ts';
import { namedTensors } from '../training/tensors.ts';
import type { Trainer } from '../training/trainer.ts';
import { callEach } from '../training/training.ts';

/** Options of a prediction. */
export interface PredictOptions {
  /** Default 32. */
  readonly batchSize?: number;
  /** Batches to predict; by default all. */
  readonly steps?: number;
  readonly callbacks?: readonly Callback[];
  readonly signal?: AbortSignal;
}

/** Predictions of each output for all examples. @throws ShapeError, OptionError or AbortError */
export async function predictInBatches(
  model: TrainedModel & { readonly network: Network },
  open: () => Promise<Trainer>,
  x: Tensors,
  options: PredictOptions,
): Promise<Tensor[]> {
  checkKeys('predict', options, ['batchSize', 'steps', 'callbacks', 'signal']);
  const { network } = model;
  const { signal } = options;
  checkSignal('predict', signal);
  const batchSize = checkNumber('predict', 'batchSize', options.batchSize ?? 32, { integer: true, min: 1 });
  const limit = options.steps ?? Number.MAX_SAFE_INTEGER;
  checkNumber('predict', 'steps', limit, { integer: true, min: 1 });
  const callbacks = checkCallbacks('predict', options.callbacks ?? []);
  const inputs = namedTensors('predict', 'inputs', x, network.inputNames);
  const trainer = await open();
  const count = Math.min(inputs[0]!.shape[0]!, limit * batchSize);
  const prediction: PredictionHandle = { model, steps: Math.ceil(count / batchSize) };
  const results = network.outputs.map(({ shape }) => {
    const whole = [count, ...shape.slice(1)];
    return tensor(zeros(whole), whole);
  });
  await callEach(callbacks, (callback) => callback.onPredictBegin?.(prediction));
  for (let start = 0; start < count; start += batchSize) {
    if (signal?.aborted) throw new AbortError('predict: stopped by its signal.', { cause: signal.reason });
    const batch = start / batchSize;
    if (callbacks.length > 0) await callEach(callbacks, (one) => one.onPredictBatchBegin?.(batch, prediction));
    const outputs = await trainer.predict(inputs.map((input) => rowsOf(input, start, start + batchSize)));
    outputs.forEach(({ data }, index) => {
      results[index]!.data.set(data as Float32Array, (start * results[index]!.data.length) / count);
    });
    if (callbacks.length > 0)
      await callEach(callbacks, (one) => one.onPredictBatchEnd?.(batch, { outputs }, prediction));
  }
  await callEach(callbacks, (callback) => callback.onPredictEnd?.(prediction));
  return results;
}

function zeros(shape: readonly number[]): Float32Array {
  try {
    return new Float32Array(elementCount(shape));
  } catch (cause) {
    throw new BackendError(
      `predict: expected predictions that memory can hold, received ${formatShape(shape)}. Predict fewer examples at a time.`,
      { cause },
    );
  }
}

function rowsOf({ data, shape, dtype }: Tensor, start: number, end: number): Tensor {
  const size = data.length / Math.max(1, shape[0]!);
  const last = Math.min(end, shape[0]!);
  return tensor(data.subarray(start * size, last * size), [last - start, ...shape.slice(1)], dtype);
}
