/** A dataset over anything that can read examples by their numbers: order of epochs, batching and reading ahead are
 * here, so that a source is only a `read` function. */
import type { DType } from '../core/dtype.ts';
import { OptionError } from '../core/errors.ts';
import { checkName, checkNumber } from '../core/options.ts';
import { Random } from '../core/random.ts';
import { BalancedOrder } from './balanced-order.ts';
import type { Batch, Dataset } from './dataset.ts';

/** Examples that are read by number. */
export interface ExampleSource {
  readonly size: number;
  readonly inputShape: readonly number[];
  readonly targetShape: readonly number[];
  readonly inputType: DType;
  readonly classNames?: readonly string[];
  /** The class number of each example, where it is known: balanced sampling needs it. */
  readonly labels?: ArrayLike<number>;
  /** The batch made of these examples, in this order; their numbers are added to it. */
  read(indices: Uint32Array): Batch | Promise<Batch>;
  close?(): Promise<void>;
}

/** Which examples an epoch has: `all` once, or `balanced`, the same number of each class. */
export const samplings = ['all', 'balanced'] as const;

/** One of them. */
export type Sampling = (typeof samplings)[number];

/** How examples become batches. */
export interface BatchOptions {
  /** Examples in each batch, by default 32 as in Keras. */
  batchSize?: number;
  /** A new random order for each epoch, by default true. */
  shuffle?: boolean;
  /** What the order depends on, together with the number of the epoch; by default 0. */
  seed?: number;
  /** Batches that are read ahead while one is being used, by default 2. */
  prefetch?: number;
  /**
   * By default `all`: each example once in an epoch. `balanced`: ⌈examples / classes⌉ of each class, so that an epoch stays about
   * as long. Each class is drawn in rounds that go on over epochs: none of its examples comes again before all of them came.
   * It needs examples of known classes.
   */
  sampling?: Sampling;
}

/** The names of `BatchOptions`, for those who check their own options. */
export const batchOptionNames: readonly (keyof BatchOptions)[] = [
  'batchSize',
  'shuffle',
  'seed',
  'prefetch',
  'sampling',
];

/**
 * Makes a dataset from a source of examples.
 *
 * @throws OptionError where the batch size or the number of batches to read ahead is not a whole number, or too small; where
 *   sampling is balanced and the classes are not known, or the order is not to be random
 * @example
 * const dataset = indexedDataset({ size: 100, inputShape: [2], targetShape: [1], inputType: 'float32', read }, { seed: 7 });
 */
export function indexedDataset(source: ExampleSource, options: BatchOptions = {}): Dataset {
  return new IndexedDataset(source, options);
}

class IndexedDataset implements Dataset {
  readonly batchSize: number;
  readonly batchCount: number;
  readonly classNames?: readonly string[];
  #source: ExampleSource;
  #shuffle: boolean;
  #seed: number;
  #prefetch: number;
  #balanced: BalancedOrder | undefined;
  #nextEpoch = 0;

  constructor(source: ExampleSource, options: BatchOptions) {
    this.#source = source;
    this.batchSize = checkNumber('dataset', 'batchSize', options.batchSize ?? 32, { integer: true, min: 1 });
    this.#shuffle = options.shuffle ?? true;
    this.#seed = checkNumber('dataset', 'seed', options.seed ?? 0, { integer: true });
    this.#prefetch = checkNumber('dataset', 'prefetch', options.prefetch ?? 2, { integer: true, min: 0 });
    this.#balanced = balancedOrder(source, options);
    this.batchCount = Math.ceil(this.size / this.batchSize);
    if (source.classNames) this.classNames = source.classNames;
  }

  get size(): number {
    return this.#balanced?.size ?? this.#source.size;
  }

  get inputShape(): readonly number[] {
    return this.#source.inputShape;
  }

  get targetShape(): readonly number[] {
    return this.#source.targetShape;
  }

  get inputType(): DType {
    return this.#source.inputType;
  }

  async *epoch(index: number, from = 0): AsyncGenerator<Batch, void, undefined> {
    checkNumber('dataset.epoch', 'index', index, { integer: true, min: 0 });
    checkNumber('dataset.epoch', 'from', from, { integer: true, min: 0 });
    const order = this.#orderOf(index);
    const ahead: Promise<Batch>[] = [];
    for (let batch = from; batch < this.batchCount; batch++) {
      const last = Math.min(this.batchCount - 1, batch + this.#prefetch);
      while (batch + ahead.length <= last) {
        const start = (batch + ahead.length) * this.batchSize;
        ahead.push(this.#read(order.subarray(start, start + this.batchSize)));
      }
      yield await ahead.shift()!;
    }
  }

  [Symbol.asyncIterator](): AsyncIterator<Batch> {
    return this.epoch(this.#nextEpoch++);
  }

  async close(): Promise<void> {
    await this.#source.close?.();
  }

  /** The numbers of the examples of an epoch. A second time in one epoch an example's number is higher by their count. */
  #orderOf(epoch: number): Uint32Array {
    if (this.#balanced) return this.#balanced.epoch(epoch);
    if (this.#shuffle) return new Random(this.#seed, 'shuffle', epoch).permutation(this.size);
    return Uint32Array.from({ length: this.size }, (_, example) => example);
  }

  #read(indices: Uint32Array): Promise<Batch> {
    const batch = this.#numbered(indices);
    // A batch read ahead may fail before anyone waits for it, or when nobody will: its reader gets the error from `yield await`.
    batch.catch(() => undefined);
    return batch;
  }

  async #numbered(indices: Uint32Array): Promise<Batch> {
    const { size } = this.#source;
    const examples = this.#balanced ? indices.map((index) => index % size) : indices;
    return { ...(await this.#source.read(examples)), indices: indices.slice() };
  }
}

function balancedOrder({ labels }: ExampleSource, options: BatchOptions): BalancedOrder | undefined {
  const { sampling = 'all', shuffle = true, seed = 0 } = options;
  if (checkName('dataset', 'sampling', sampling, samplings) === 'all') return undefined;
  const wrong = (received: string) =>
    new OptionError(
      `dataset: balanced sampling needs ${received}. Leave sampling out, or weigh classes in the loss (classWeight).`,
    );
  if (!shuffle) throw wrong('a random order, received shuffle: false');
  if (!labels) throw wrong('examples with a class each, received others');
  return new BalancedOrder(labels, seed);
}
