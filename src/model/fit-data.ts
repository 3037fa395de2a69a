/** What `fit` trains on, from what users give it: a dataset, or arrays. */
import { checkKeys } from '../core/options.ts';
import type { Tensor } from '../core/tensor.ts';
import { arrayDataset, splitArrays } from '../data/array-dataset.ts';
import type { Dataset, MultiBatch, Tensors } from '../data/dataset.ts';
import type { BatchOptions } from '../data/indexed-dataset.ts';
import { zipDatasets } from '../data/zip-datasets.ts';
import type { Network } from '../nn/network.ts';
import type { FitLoopOptions } from '../training/fit-loop.ts';
import { namedTensors } from '../training/tensors.ts';

/** Options of `fit` on arrays, beside those of a training. */
export interface FitArraysOptions extends Omit<FitLoopOptions, 'validationData'> {
  /** Default 32. */
  readonly batchSize?: number;
  /** Default true: a new order in each epoch. */
  readonly shuffle?: boolean;
  /** The share at the end of the arrays, before shuffling, that is held out for validation where no `validationData` are given;
   * default 0. */
  readonly validationSplit?: number;
  readonly validationData?: Dataset<MultiBatch> | readonly [Tensors, Tensors];
}

const loopOptions = [
  'epochs',
  'initialEpoch',
  'stepsPerEpoch',
  'validationData',
  'validationSteps',
  'callbacks',
  'verbose',
  'signal',
  'classWeight',
];
const arrayOptions = ['batchSize', 'shuffle', 'validationSplit'];

/** Inputs and targets. */
type Pair = readonly [x: Tensors, y: Tensors];

/** What `fit` trains on where it is given arrays: the dataset, and the options of the loop. */
export function fitArrays(
  x: Tensors,
  y: Tensors,
  given: FitArraysOptions,
  network: Network | undefined,
  seed: number,
): { dataset: Dataset<MultiBatch>; options: FitLoopOptions } {
  checkKeys('fit', given, [...loopOptions, ...arrayOptions]);
  const { batchSize = 32, shuffle = true, validationSplit = 0, validationData, ...options } = given;
  const inputs = listOf('inputs', x, network?.inputNames);
  const targets = listOf('targets', y, network?.outputNames);
  const all = { inputs, targets };
  // As in Keras, validation data that are given leave the split out.
  const { training, held } =
    validationSplit !== 0 && !validationData ? split(all, validationSplit) : { training: all, held: validationData };
  const dataset = datasetOf(training, { batchSize, shuffle, seed });
  const validation = held && (isPair(held) ? datasetOfPair(held, network, batchSize) : held);
  return { dataset, options: { ...options, ...(validation && { validationData: validation }) } };
}

/** What `evaluate` looks at where it is given arrays. */
export function datasetOfPair([x, y]: Pair, network: Network | undefined, batchSize: number): Dataset<MultiBatch> {
  const inputs = listOf('inputs', x, network?.inputNames);
  const targets = listOf('targets', y, network?.outputNames);
  return datasetOf({ inputs, targets }, { batchSize, shuffle: false });
}

/** A dataset with its options checked. @throws OptionError for an unknown option */
export function checkedDataset(
  dataset: Dataset<MultiBatch>,
  given: unknown,
): { dataset: Dataset<MultiBatch>; options: FitLoopOptions } {
  const options = (given ?? {}) as FitLoopOptions;
  checkKeys('fit', options, loopOptions);
  return { dataset, options };
}

interface Lists {
  readonly inputs: readonly Tensor[];
  readonly targets: readonly Tensor[];
}

/** A row that is not built yet has one input and one output. */
function listOf(what: string, given: Tensors, names: readonly string[] = [what]): readonly Tensor[] {
  return namedTensors('fit', what, given, names);
}

function datasetOf({ inputs, targets }: Lists, options: BatchOptions): Dataset<MultiBatch> {
  if (inputs.length === 1 && targets.length === 1) return arrayDataset(inputs[0]!, targets[0]!, options);
  return zipDatasets(inputs, targets, options);
}

function split({ inputs, targets }: Lists, share: number): { training: Lists; held: Pair } {
  const parts = inputs.map((input) => splitArrays(input, targets[0]!, share));
  const ends = targets.map((target) => splitArrays(inputs[0]!, target, share));
  return {
    training: { inputs: parts.map(({ training }) => training.x), targets: ends.map(({ training }) => training.y) },
    held: [parts.map(({ validation }) => validation.x), ends.map(({ validation }) => validation.y)],
  };
}

function isPair(held: Dataset<MultiBatch> | Pair): held is Pair {
  return Array.isArray(held);
}
