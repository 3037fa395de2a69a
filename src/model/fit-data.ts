/** What `fit` trains on, from what users give it: a dataset, or arrays. */
import { OptionError } from '../core/errors.ts';
import { checkKeys, checkNumber } from '../core/options.ts';
import type { Tensor } from '../core/tensor.ts';
import { arrayDataset, splitArrays } from '../data/array-dataset.ts';
import type { Dataset, MultiBatch, Tensors } from '../data/dataset.ts';
import type { BatchOptions } from '../data/indexed-dataset.ts';
import { zipDatasets } from '../data/zip-datasets.ts';
import type { Network } from '../nn/network.ts';
import type { EvaluateOptions } from '../training/evaluate-loop.ts';
import type { FitLoopOptions } from '../training/fit-loop.ts';
import { checkSampleWeights } from '../training/targets.ts';
import { namedTensors } from '../training/tensors.ts';

/** Options of `fit` on arrays, beside those of a training. */
export interface FitArraysOptions extends Omit<FitLoopOptions, 'validationData'> {
  /** Default 32. */
  readonly batchSize?: number;
  /** Default true: a new order in each epoch. */
  readonly shuffle?: boolean;
  /** One weight for each example's loss, 0 or more; default all 1. For models with one input and one output. */
  readonly sampleWeights?: ArrayLike<number>;
  /** The share at the end of the arrays, before shuffling, that is held out for validation where no `validationData` are given;
   * default 0. */
  readonly validationSplit?: number;
  readonly validationData?: Dataset<MultiBatch> | readonly [Tensors, Tensors];
  /** Examples in each batch of the validation; by default `batchSize`. For arrays: a dataset has its own. */
  readonly validationBatchSize?: number;
}

/** Options of `evaluate` on arrays, beside those of an evaluation. */
export interface EvaluateArraysOptions extends EvaluateOptions {
  /** Default 32. */
  readonly batchSize?: number;
  /** One weight for each example's loss, 0 or more; default all 1. For models with one input and one output. */
  readonly sampleWeights?: ArrayLike<number>;
}

const loopOptions = [
  'epochs',
  'initialEpoch',
  'stepsPerEpoch',
  'validationData',
  'validationSteps',
  'validationFreq',
  'callbacks',
  'verbose',
  'signal',
  'classWeight',
];
const arrayOptions = ['batchSize', 'shuffle', 'sampleWeights', 'validationSplit', 'validationBatchSize'];

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
  const { batchSize = 32, shuffle = true, sampleWeights, validationSplit = 0, validationData, ...others } = given;
  const { validationBatchSize, ...options } = others;
  const inputs = listOf('inputs', x, network?.inputNames);
  const targets = listOf('targets', y, network?.outputNames);
  const all = { inputs, targets };
  if (sampleWeights) checkWeights('fit', sampleWeights, all);
  // As in Keras, validation data that are given leave the split out.
  const { training, held } =
    validationSplit !== 0 && !validationData ? split(all, validationSplit) : { training: all, held: validationData };
  const count = training.inputs[0]!.shape[0]!;
  const dataset = datasetOf(training, { batchSize, shuffle, seed }, weightsFrom(sampleWeights, 0, count));
  // Examples that are held out keep their weights; validation data that are given have none.
  const heldWeights = held === validationData ? undefined : weightsFrom(sampleWeights, count);
  const heldSize = heldBatchSize(validationBatchSize, held) ?? batchSize;
  const validation = held && (isPair(held) ? datasetOfPair(held, network, heldSize, heldWeights) : held);
  return { dataset, options: { ...options, ...(validation && { validationData: validation }) } };
}

/** What `evaluate` looks at where it is given arrays: the dataset, and the options of the loop. */
export function evaluateArrays(
  [x, y]: Pair,
  given: EvaluateArraysOptions,
  network: Network | undefined,
): { dataset: Dataset<MultiBatch>; options: EvaluateOptions } {
  const { batchSize = 32, sampleWeights, ...options } = given;
  if (sampleWeights) {
    const inputs = listOf('inputs', x, network?.inputNames);
    checkWeights('evaluate', sampleWeights, { inputs, targets: listOf('targets', y, network?.outputNames) });
  }
  return { dataset: datasetOfPair([x, y], network, batchSize, sampleWeights), options };
}

function datasetOfPair(
  [x, y]: Pair,
  network: Network | undefined,
  batchSize: number,
  sampleWeights?: ArrayLike<number>,
): Dataset<MultiBatch> {
  const inputs = listOf('inputs', x, network?.inputNames);
  const targets = listOf('targets', y, network?.outputNames);
  return datasetOf({ inputs, targets }, { batchSize, shuffle: false }, sampleWeights);
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

function datasetOf(
  { inputs, targets }: Lists,
  options: BatchOptions,
  sampleWeights?: ArrayLike<number>,
): Dataset<MultiBatch> {
  if (inputs.length === 1 && targets.length === 1) {
    return arrayDataset(inputs[0]!, targets[0]!, { ...options, ...(sampleWeights && { sampleWeights }) });
  }
  return zipDatasets(inputs, targets, options);
}

function heldBatchSize(size: unknown, held: Dataset<MultiBatch> | Pair | undefined): number | undefined {
  if (size === undefined) return undefined;
  checkNumber('fit', 'validationBatchSize', size, { integer: true, min: 1 });
  if (!held || isPair(held)) return size as number;
  throw new OptionError(
    'fit: expected validationBatchSize for arrays, received it for a dataset. Give the dataset its batchSize.',
  );
}

function checkWeights(where: string, weights: ArrayLike<number>, { inputs, targets }: Lists): void {
  if (inputs.length > 1 || targets.length > 1) {
    throw new OptionError(
      `${where}: expected sampleWeights for a model with one input and one output, received them for more. ` +
        'Give a dataset whose batches have sampleWeights.',
    );
  }
  checkSampleWeights(weights, inputs[0]!.shape[0] ?? 0, where);
}

function weightsFrom(weights: ArrayLike<number> | undefined, start: number, end?: number): number[] | undefined {
  return weights && Array.from(weights).slice(start, end);
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
