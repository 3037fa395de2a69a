/** The convolutional network of thirteen layers: three blocks of convolution, ReLU and max pooling, then two dense layers.
 * It is small enough to train on a laptop's processor and the one that the courses teach. */
import { OptionError } from '../core/errors.ts';
import { checkKeys, checkNumber } from '../core/options.ts';
import { layers } from '../nn/layers/table.ts';
import type { SequentialPart } from '../nn/network.ts';

/** Filters where none are given. */
export const cnnFilters: readonly number[] = [32, 32, 64];

/** Parameters of `cnn`. */
export interface CnnOptions {
  /** The shape of a picture: `[height, width, channels]`, bytes from 0 to 255. */
  inputShape: readonly [number, number, number];
  /** Outputs. */
  classes: number;
  /** Filters of each block's convolution; default 32, 32, 64. One block per number. */
  filters?: readonly number[];
  /** Units of the dense layer; default 256. */
  units?: number;
  /** Share of the dense layer's values that training drops; default 0.4. */
  dropout?: number;
}

/** The layers, after a rescaling of bytes to 0…1. @throws OptionError where a parameter is wrong */
export function cnn(options: CnnOptions): SequentialPart[] {
  checkKeys('cnn', options, ['inputShape', 'classes', 'filters', 'units', 'dropout']);
  const { inputShape, filters = cnnFilters, units = 256, dropout = 0.4 } = options;
  const classes = checkNumber('cnn', 'classes', options.classes, { integer: true, min: 2 });
  if (filters.length === 0) throw new OptionError('cnn: expected at least one number of filters, received none.');
  const blocks = filters.flatMap((count) => [
    layers.conv2d({ filters: count, kernelSize: 3, activation: 'relu' }),
    layers.activation({ activation: 'relu' }),
    layers.maxPooling2d({ poolSize: 2 }),
  ]);
  return [
    layers.input({ shape: inputShape }),
    layers.rescaling({ scale: 1 / 255 }),
    ...blocks,
    layers.flatten(),
    layers.dense({ units, activation: 'relu' }),
    layers.dropout({ rate: dropout }),
    layers.dense({ units: classes, activation: 'softmax' }),
  ];
}
