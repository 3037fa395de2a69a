/** What `imageDataGenerator`'s `flow` and `flowFromDirectory` give: a dataset whose batches are transformed, standardized and,
 * if asked for, saved as pictures. */
import { OptionError, ShapeError } from '../core/errors.ts';
import { checkKeys, checkName, checkNumber, checkSwitch, show } from '../core/options.ts';
import { formatShape } from '../core/shape.ts';
import { checkTensor, type Tensor, tensor } from '../core/tensor.ts';
import { type ArrayDatasetOptions, arrayDataset, gatherRows } from '../data/array-dataset.ts';
import type { Batch, Dataset } from '../data/dataset.ts';
import { mapTargets } from '../data/map-targets.ts';
import { ChangedDataset } from './changed-dataset.ts';
import type { GeneratorSettings } from './generator-options.ts';

/** A dataset as Keras's generators are used. */
export interface GeneratorFlow extends Dataset {
  /** Batches in an epoch: Keras's `len`. */
  readonly length: number;
}

/** What changes batches. */
export interface BatchChanger {
  changeBatch(pictures: Tensor, seed: number, epoch: number, indices: Uint32Array): Promise<Tensor>;
}

/** Where the pictures that training sees are saved too, in Node. */
export interface SaveOptions {
  /** A folder that exists; default: they are not saved. Each picture is stretched to the range of bytes, as in Keras, and named
   * `prefix_number_epoch.format`. */
  readonly saveToDir?: string | null;
  /** Default none. */
  readonly savePrefix?: string;
  /** Default `png`. */
  readonly saveFormat?: 'png' | 'jpeg' | 'jpg';
}

/** Options of `flow`, with Keras's names and defaults. */
export interface FlowOptions extends SaveOptions {
  /** Default 32. */
  readonly batchSize?: number;
  /** A new order for each epoch; default true. */
  readonly shuffle?: boolean;
  /** One weight for each example. */
  readonly sampleWeight?: ArrayLike<number>;
  /** Default 0. */
  readonly seed?: number;
  /** With `validationSplit`: the first share of the examples is for validation, the rest for training. */
  readonly subset?: 'training' | 'validation';
  /** Lets the two subsets differ in their classes; default false. */
  readonly ignoreClassSplit?: boolean;
}

export const saveOptionNames: readonly (keyof SaveOptions)[] = ['saveToDir', 'savePrefix', 'saveFormat'];

const where = 'imageDataGenerator.flow';

/** `flow`. */
export function flowArrays(
  generator: BatchChanger,
  settings: GeneratorSettings,
  x: Tensor,
  y: Tensor | undefined,
  options: FlowOptions,
): GeneratorFlow {
  checkKeys(where, options, [
    ...['batchSize', 'shuffle', 'sampleWeight', 'seed', 'subset', 'ignoreClassSplit'],
    ...saveOptionNames,
  ]);
  checkTensor(where, 'x', x);
  if (x.shape.length !== 4) {
    throw new ShapeError(
      `${where}: expected pictures [examples, height, width, channels], received ${formatShape(x.shape)}.`,
    );
  }
  const { batchSize, shuffle, seed = 0, sampleWeight } = options;
  const count = x.shape[0]!;
  const [first, end] = rangeOf(settings, options, count);
  const targets = y ?? tensor(new Float32Array(count), [count, 1]);
  if (y && options.subset && !checkSwitch(where, 'ignoreClassSplit', options.ignoreClassSplit ?? false)) {
    checkClassSplit(y, Math.floor(count * settings.validationSplit));
  }
  const chosen = Uint32Array.from({ length: end - first }, (_, place) => first + place);
  const isWhole = chosen.length === count;
  const part = (whole: Tensor) => (isWhole ? whole : gatherRows(whole, chosen));
  const arrayOptions: ArrayDatasetOptions = {
    seed,
    ...(batchSize !== undefined && { batchSize }),
    ...(shuffle !== undefined && { shuffle }),
    ...(sampleWeight && { sampleWeights: isWhole ? sampleWeight : Array.from(chosen, (one) => sampleWeight[one]!) }),
  };
  const dataset = arrayDataset(part(x), part(targets), arrayOptions);
  const labelled = y ? dataset : mapTargets(dataset, [0], () => new Float32Array(0));
  return flowOf(generator, labelled, seed, options);
}

/** A dataset as a flow. `areTargets`: the changed pictures are what the network should say, too. */
export function flowOf(
  generator: BatchChanger,
  source: Dataset,
  seed: number,
  options: SaveOptions,
  areTargets = false,
): GeneratorFlow {
  checkNumber(where, 'seed', seed, { integer: true });
  const save = saver(options);
  const changed = new ChangedDataset(where, source, {
    inputShape: source.inputShape,
    inputType: 'float32',
    prefetch: 1,
    async change(batch, { epoch, indices }): Promise<Batch> {
      const inputs = await generator.changeBatch(batch.inputs, seed, epoch, indices);
      await save?.(inputs, indices, epoch);
      return { ...batch, inputs, ...(areTargets && { targets: inputs }) };
    },
  });
  return Object.assign(changed, { length: source.batchCount });
}

type Save = (pictures: Tensor, indices: Uint32Array, epoch: number) => Promise<void>;

function saver({ saveToDir, savePrefix = '', saveFormat = 'png' }: SaveOptions): Save | undefined {
  checkName(where, 'saveFormat', saveFormat, ['png', 'jpeg', 'jpg']);
  if (saveToDir === undefined || saveToDir === null) return undefined;
  if (typeof saveToDir !== 'string' || saveToDir === '') {
    throw new OptionError(`${where}: saveToDir must be a folder that exists, received ${show(saveToDir)}.`);
  }
  return async (pictures, indices, epoch) => {
    const { savePictures } = await import('../data/node/save-pictures.ts');
    const names = Array.from(indices, (index) => `${savePrefix}_${index}_${epoch}.${saveFormat}`);
    await savePictures(saveToDir, names, pictures);
  };
}

/** From which example on, and up to which one. */
function rangeOf(
  { validationSplit }: GeneratorSettings,
  { subset }: FlowOptions,
  count: number,
): [first: number, end: number] {
  if (subset === undefined) return [0, count];
  checkName(where, 'subset', subset, ['training', 'validation']);
  const cut = Math.floor(count * validationSplit);
  if (cut === 0) {
    throw new OptionError(
      `${where}: expected a validationSplit that leaves examples for each subset, received ${validationSplit} of ${count}. ` +
        'Give imageDataGenerator({ validationSplit: 0.2 }).',
    );
  }
  return subset === 'validation' ? [0, cut] : [cut, count];
}

function checkClassSplit(y: Tensor, cut: number): void {
  const rows = y.data.length / y.shape[0]!;
  const classes = (from: number, to: number) => {
    const names = new Set<string>();
    for (let row = from; row < to; row++) names.add(y.data.subarray(row * rows, (row + 1) * rows).join());
    return names;
  };
  const [validation, training] = [classes(0, cut), classes(cut, y.shape[0]!)];
  if (validation.size === training.size && [...validation].every((one) => training.has(one))) return;
  throw new OptionError(
    `${where}: expected the same classes in both subsets, received ${training.size} for training and ${validation.size} ` +
      'for validation. Shuffle the examples first, or give ignoreClassSplit: true.',
  );
}
