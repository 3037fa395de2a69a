/** A dataset whose batches are changed as they come, the next one while one is being used. What a change depends on is the
 * epoch, the batch and the numbers of its examples: so an epoch can begin anywhere. */
import type { DType } from '../core/dtype.ts';
import { checkNumber } from '../core/options.ts';
import type { Batch, Dataset } from '../data/dataset.ts';

/** Where a batch stands. */
export interface BatchPlace {
  readonly epoch: number;
  /** The number of the batch, counted over all epochs. */
  readonly step: number;
  /** The number of each example in its dataset; their places in the epoch where the dataset does not number them. */
  readonly indices: Uint32Array;
}

/** What is done to the batches. */
export interface BatchChange {
  readonly inputShape: readonly number[];
  readonly inputType: DType;
  /** Batches that are changed ahead. */
  readonly prefetch: number;
  change(batch: Batch, place: BatchPlace): Promise<Batch>;
  /** Lets go of what changing holds. */
  close?(): void;
}

/** The dataset with its batches changed: the same order, sizes and targets' shape. */
export class ChangedDataset implements Dataset {
  readonly inputShape: readonly number[];
  readonly inputType: DType;
  readonly classNames?: readonly string[];
  readonly #source: Dataset;
  readonly #change: BatchChange;
  #nextEpoch = 0;

  constructor(where: string, source: Dataset, change: BatchChange) {
    checkNumber(where, 'prefetch', change.prefetch, { integer: true, min: 0 });
    this.inputShape = change.inputShape;
    this.inputType = change.inputType;
    if (source.classNames) this.classNames = source.classNames;
    this.#source = source;
    this.#change = change;
  }

  get size(): number {
    return this.#source.size;
  }

  get batchSize(): number {
    return this.#source.batchSize;
  }

  get batchCount(): number {
    return this.#source.batchCount;
  }

  get targetShape(): readonly number[] {
    return this.#source.targetShape;
  }

  async *epoch(index: number, from = 0): AsyncGenerator<Batch, void, undefined> {
    const ahead: Promise<Batch>[] = [];
    let number = from;
    for await (const batch of this.#source.epoch(index, from)) {
      const changed = this.#change.change(batch, this.#placeOf(batch, index, number++));
      // One that is made ahead may fail before anyone waits for it: its reader gets the error below.
      changed.catch(() => undefined);
      ahead.push(changed);
      if (ahead.length > this.#change.prefetch) yield await ahead.shift()!;
    }
    for (const batch of ahead) yield await batch;
  }

  [Symbol.asyncIterator](): AsyncIterator<Batch> {
    return this.epoch(this.#nextEpoch++);
  }

  async close(): Promise<void> {
    this.#change.close?.();
    await this.#source.close();
  }

  #placeOf(batch: Batch, epoch: number, number: number): BatchPlace {
    const count = batch.inputs.shape[0]!;
    const first = number * this.batchSize;
    const indices = batch.indices ?? Uint32Array.from({ length: count }, (_, place) => first + place);
    return { epoch, step: epoch * this.batchCount + number, indices };
  }
}
