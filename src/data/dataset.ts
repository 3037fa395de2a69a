/** What training reads: a `Dataset` gives batches, epoch after epoch, in an order that depends only on its seed and
 * the number of the epoch. */
import type { DType } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';

/** Some examples and what the network should say about them. */
export interface Batch {
  /** `[batch, height, width, channels]` or `[batch, features]`; pictures stay uint8 0…255. */
  readonly inputs: Tensor;
  /** float32: one-hot rows `[batch, classes]`, or labels `[batch, 1]`. */
  readonly targets: Tensor;
  /** Where each example came from, such as its path inside the folder. */
  readonly names?: readonly string[];
  /** The number of each example in its dataset, the same in every epoch: what is drawn for an example follows from it. */
  readonly indices?: Uint32Array;
  /** One weight for each example's loss. */
  readonly sampleWeights?: Float32Array;
}

/** A tensor, or one for each input or output of a network that has several: in their order, or by name. */
export type Tensors = Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>;

/** A batch for networks with several inputs or outputs. */
export interface MultiBatch extends Omit<Batch, 'inputs' | 'targets'> {
  readonly inputs: Tensors;
  readonly targets: Tensors;
}

/**
 * Batches of examples. Iterating over a dataset gives one epoch; iterating again gives the next one.
 *
 * @example
 * for await (const { inputs, targets } of dataset.epoch(0)) await model.trainOnBatch(inputs, targets);
 */
export interface Dataset<Item extends MultiBatch = Batch> extends AsyncIterable<Item> {
  /** The number of examples. */
  readonly size: number;
  /** Examples in each batch; the last batch of an epoch may be smaller. */
  readonly batchSize: number;
  /** Batches in an epoch: ⌈size / batchSize⌉. */
  readonly batchCount: number;
  /** The shape of one example, without the batch axis. */
  readonly inputShape: readonly number[];
  /** The shape of one target, without the batch axis. */
  readonly targetShape: readonly number[];
  /** The element type of the inputs. */
  readonly inputType: DType;
  /** The names of the classes in the order of the outputs, where they are known. */
  readonly classNames?: readonly string[];
  /**
   * The batches of one epoch.
   *
   * @param index which epoch, from 0; the same index gives the same batches again, also in another process
   * @param from how many batches to leave out at the start; they are not read
   */
  epoch(index: number, from?: number): AsyncIterable<Item>;
  /** Lets go of what the dataset holds in memory. Never needed: the garbage collector does it too. */
  close(): Promise<void>;
}
