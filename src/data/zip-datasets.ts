/** Several inputs or targets for each example, as networks with several inputs or outputs take them. */
import type { Tensor } from '../core/tensor.ts';
import { arrayDataset } from './array-dataset.ts';
import type { Batch, Dataset, MultiBatch } from './dataset.ts';
import type { BatchOptions } from './indexed-dataset.ts';

/**
 * Batches of several tensors, in the same order of examples.
 *
 * @throws ShapeError where they differ in their number of examples
 */
export function zipDatasets(
  inputs: readonly Tensor[],
  targets: readonly Tensor[],
  options: BatchOptions,
): Dataset<MultiBatch> {
  // Datasets of the same seed have the same order, so that one for each pair of tensors can be read side by side.
  const count = Math.max(inputs.length, targets.length);
  const pairs = Array.from({ length: count }, (_, index) =>
    arrayDataset(inputs[Math.min(index, inputs.length - 1)]!, targets[Math.min(index, targets.length - 1)]!, options),
  );
  const [first] = pairs as [Dataset, ...Dataset[]];
  async function* epoch(index: number, from?: number): AsyncGenerator<MultiBatch, void, undefined> {
    const readers = pairs.map((pair) => pair.epoch(index, from)[Symbol.asyncIterator]());
    while (true) {
      const results = await Promise.all(readers.map((reader) => reader.next()));
      if (results.some(({ done }) => done)) return;
      const batches = results.map(({ value }) => value as Batch);
      yield {
        ...batches[0]!,
        inputs: batches.slice(0, inputs.length).map((batch) => batch.inputs),
        targets: batches.slice(0, targets.length).map((batch) => batch.targets),
      };
    }
  }
  let next = 0;
  return {
    size: first.size,
    batchSize: first.batchSize,
    batchCount: first.batchCount,
    inputShape: first.inputShape,
    targetShape: first.targetShape,
    inputType: first.inputType,
    epoch,
    [Symbol.asyncIterator]: () => epoch(next++),
    close: async () => undefined,
  };
}
