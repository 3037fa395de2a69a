/** The deeper convolutional network that courses train next: four blocks of convolution, ReLU and max pooling, and a wide dense
 * layer. At 150×150 its pictures go from 148×148×32 down to 7×7×128; after F. Chollet, "Deep Learning with Python", 2017. */
import { OptionError } from '../core/errors.ts';
import { checkKeys, checkNumber } from '../core/options.ts';
import { layers } from '../nn/layers/table.ts';
import type { SequentialPart } from '../nn/network.ts';
import type { CnnOptions } from './cnn.ts';

/** Filters where none are given. */
export const deepCnnFilters: readonly number[] = [32, 64, 128, 128];

/** The layers, after a rescaling of bytes to 0…1: filters 32, 64, 128, 128, 512 units and dropout 0.4 where not given
 * otherwise. @throws OptionError where a parameter is wrong */
export function deepCnn(options: CnnOptions): SequentialPart[] {
  checkKeys('deepCnn', options, ['inputShape', 'classes', 'filters', 'units', 'dropout']);
  const { inputShape, filters = deepCnnFilters, units = 512, dropout = 0.4 } = options;
  const classes = checkNumber('deepCnn', 'classes', options.classes, { integer: true, min: 2 });
  if (filters.length === 0) throw new OptionError('deepCnn: expected at least one number of filters, received none.');
  return [
    layers.input({ shape: inputShape }),
    layers.rescaling({ scale: 1 / 255 }),
    ...filters.flatMap((count) => [
      layers.conv2d({ filters: count, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
    ]),
    layers.flatten(),
    layers.dense({ units, activation: 'relu' }),
    layers.dropout({ rate: dropout }),
    layers.dense({ units: classes, activation: 'softmax' }),
  ];
}
