/** A dataset whose targets are made anew from each batch: for those without labels, and for autoencoders. */
import type { Batch, Dataset } from './dataset.ts';

/**
 * The same batches with other targets.
 *
 * @param targetShape the shape of one target, without the batch axis
 * @param numbersOf the targets of a batch, in row-major order
 */
export function mapTargets(
  dataset: Dataset,
  targetShape: readonly number[],
  numbersOf: (batch: Batch) => Float32Array,
): Dataset {
  return new MappedTargets(dataset, targetShape, numbersOf);
}

class MappedTargets implements Dataset {
  readonly size: number;
  readonly batchSize: number;
  readonly batchCount: number;
  readonly inputShape: readonly number[];
  readonly targetShape: readonly number[];
  readonly inputType: Dataset['inputType'];
  readonly classNames?: readonly string[];
  #dataset: Dataset;
  #numbersOf: (batch: Batch) => Float32Array;
  #nextEpoch = 0;

  constructor(dataset: Dataset, targetShape: readonly number[], numbersOf: (batch: Batch) => Float32Array) {
    this.size = dataset.size;
    this.batchSize = dataset.batchSize;
    this.batchCount = dataset.batchCount;
    this.inputShape = dataset.inputShape;
    this.inputType = dataset.inputType;
    this.targetShape = targetShape;
    if (dataset.classNames) this.classNames = dataset.classNames;
    this.#dataset = dataset;
    this.#numbersOf = numbersOf;
  }

  async *epoch(index: number, from?: number): AsyncGenerator<Batch, void, undefined> {
    for await (const batch of this.#dataset.epoch(index, from)) {
      const shape = [batch.inputs.shape[0]!, ...this.targetShape];
      yield { ...batch, targets: { shape, dtype: 'float32', data: this.#numbersOf(batch) } };
    }
  }

  [Symbol.asyncIterator](): AsyncIterator<Batch> {
    return this.epoch(this.#nextEpoch++);
  }

  close(): Promise<void> {
    return this.#dataset.close();
  }
}
