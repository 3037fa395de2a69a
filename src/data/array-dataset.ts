/** Datasets over tensors in memory, and the split of such tensors that `validationSplit` means. */
import { argMax } from '../core/arg-max.ts';
import { arrayClass } from '../core/dtype.ts';
import { OptionError, ShapeError } from '../core/errors.ts';
import { checkKeys, checkNumber } from '../core/options.ts';
import { elementCount, formatShape } from '../core/shape.ts';
import { checkTensor, type Tensor } from '../core/tensor.ts';
import type { Dataset } from './dataset.ts';
import { type BatchOptions, batchOptionNames, indexedDataset } from './indexed-dataset.ts';

/** How tensors become a dataset. */
export interface ArrayDatasetOptions extends BatchOptions {
  classNames?: readonly string[];
  /** One weight for each example's loss. */
  sampleWeights?: ArrayLike<number>;
}

/** Examples and their targets. */
export interface Arrays {
  readonly x: Tensor;
  readonly y: Tensor;
}

/**
 * Batches from tensors in memory.
 *
 * @param x `[examples, ...]`, of any element type
 * @param y `[examples, classes]` one-hot, `[examples, 1]` or `[examples]` labels; given out as float32
 * @throws ShapeError where `x`, `y` and the sample weights differ in their number of examples
 * @throws OptionError for an unknown option, targets of 16-bit floats, or balanced sampling of targets that name no classes
 * @example
 * const dataset = arrayDataset(tensor([[0, 0], [0, 1], [1, 0], [1, 1]]), tensor([0, 1, 1, 0]), { batchSize: 4 });
 */
export function arrayDataset(x: Tensor, y: Tensor, options: ArrayDatasetOptions = {}): Dataset {
  checkKeys('arrayDataset', options, [...batchOptionNames, 'classNames', 'sampleWeights']);
  checkTensor('arrayDataset', 'x', x);
  checkTensor('arrayDataset', 'y', y);
  const size = exampleCount(x, y);
  const { classNames, sampleWeights } = options;
  if (sampleWeights && sampleWeights.length !== size) {
    throw new ShapeError(
      `arrayDataset: expected ${size} sample weights, one for each example, received ${sampleWeights.length}.`,
    );
  }
  if (y.dtype === 'float16' || y.dtype === 'bfloat16') {
    throw new OptionError(`arrayDataset: targets must be float32 or whole numbers, received ${y.dtype}. Convert them.`);
  }
  const targets: Tensor = {
    shape: y.shape.length === 1 ? [size, 1] : y.shape,
    dtype: 'float32',
    data: y.data instanceof Float32Array ? y.data : Float32Array.from(y.data),
  };
  const source = {
    size,
    inputShape: x.shape.slice(1),
    targetShape: targets.shape.slice(1),
    inputType: x.dtype,
    ...(classNames && { classNames }),
    ...(options.sampling === 'balanced' && { labels: labelsOf(targets) }),
    read: (indices: Uint32Array) => ({
      inputs: gatherRows(x, indices),
      targets: gatherRows(targets, indices),
      ...(sampleWeights && { sampleWeights: Float32Array.from(indices, (index) => sampleWeights[index]!) }),
    }),
  };
  return indexedDataset(source, options);
}

/** The class that each row of targets names. */
function labelsOf(targets: Tensor): ArrayLike<number> {
  const { data, shape } = targets;
  if (data.length > shape[0]!) return argMax({ ...targets, shape: [shape[0]!, data.length / shape[0]!] });
  const wrong = data.find((label) => !Number.isInteger(label));
  if (wrong === undefined) return data;
  throw new OptionError(
    `arrayDataset: balanced sampling needs class numbers or one-hot rows, received the target ${wrong}. Leave sampling out.`,
  );
}

/**
 * The first examples for training and the last for validation, as Keras's `validationSplit` cuts them before shuffling.
 *
 * @param validationSplit the fraction for validation, above 0 and below 1
 * @throws OptionError where one of the two sides would be empty
 */
export function splitArrays(x: Tensor, y: Tensor, validationSplit: number): { training: Arrays; validation: Arrays } {
  checkNumber('validationSplit', 'the fraction', validationSplit, { min: 0, max: 1, exclusive: true });
  const size = exampleCount(x, y);
  const cut = Math.floor(size * (1 - validationSplit));
  if (cut === 0 || cut === size) {
    throw new OptionError(
      `validationSplit: expected examples on both sides, received ${size} example(s) and the fraction ${validationSplit}. ` +
        'Give more examples or another fraction.',
    );
  }
  return {
    training: { x: sliceRows(x, 0, cut), y: sliceRows(y, 0, cut) },
    validation: { x: sliceRows(x, cut, size), y: sliceRows(y, cut, size) },
  };
}

/** How many examples there are. @throws ShapeError where `x` and `y` differ */
export function exampleCount(x: Tensor, y: Tensor): number {
  const size = x.shape[0];
  if (size === undefined || size !== y.shape[0]) {
    throw new ShapeError(
      `arrayDataset: expected x and y with the same number of examples, received ${formatShape(x.shape)} and ${formatShape(y.shape)}.`,
    );
  }
  return size;
}

/** Some examples, in the order of `indices`. */
export function gatherRows(from: Tensor, indices: Uint32Array): Tensor {
  const rowShape = from.shape.slice(1);
  const rowSize = elementCount(rowShape);
  const data = new (arrayClass(from.dtype))(indices.length * rowSize);
  for (let row = 0; row < indices.length; row++) {
    const start = indices[row]! * rowSize;
    // A view costs more than copying a few numbers one by one.
    if (rowSize > 32) data.set(from.data.subarray(start, start + rowSize), row * rowSize);
    else for (let place = 0; place < rowSize; place++) data[row * rowSize + place] = from.data[start + place]!;
  }
  return { shape: [indices.length, ...rowShape], dtype: from.dtype, data };
}

function sliceRows(from: Tensor, start: number, end: number): Tensor {
  const rowShape = from.shape.slice(1);
  const rowSize = elementCount(rowShape);
  return {
    shape: [end - start, ...rowShape],
    dtype: from.dtype,
    data: from.data.subarray(start * rowSize, end * rowSize),
  };
}
