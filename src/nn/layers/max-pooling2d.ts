/** MaxPooling2D: the largest value of each window. */
import { maxPool } from '../../ops/max-pool2d.ts';
import { type Padding, windowFor } from '../../ops/window.ts';
import {
  checkDataFormat,
  checkPadding,
  checkPictures,
  checkSize,
  type DataFormat,
  type Pair,
  type Size,
} from './arguments.ts';
import type { LayerDefinition } from './layer.ts';

/** Options of `maxPooling2d`, named as in Keras. */
export interface MaxPooling2dOptions {
  /** Height and width of the window; default 2. */
  poolSize?: Size;
  /** Steps between windows; default: the pool size. */
  strides?: Size;
  /** `valid` (default) or `same`. */
  padding?: Padding;
  /** Only `channelsLast`. */
  dataFormat?: DataFormat;
}

/** Input `[batch, height, width, channels]`; by default both sides are halved, rounded down. */
export const maxPooling2d: LayerDefinition<MaxPooling2dOptions, { poolSize: Pair; strides: Pair; padding: Padding }> = {
  className: 'MaxPooling2D',
  options: ['poolSize', 'strides', 'padding', 'dataFormat'],
  configure(options, where) {
    checkDataFormat(where, options.dataFormat);
    const poolSize = checkSize(where, 'poolSize', options.poolSize ?? 2);
    return {
      poolSize,
      strides: checkSize(where, 'strides', options.strides ?? poolSize),
      padding: checkPadding(where, options.padding ?? 'valid'),
    };
  },
  weights(_, inputShape, where) {
    checkPictures(inputShape, where);
    return {};
  },
  call({ config: { poolSize, strides, padding }, inputs: [x] }) {
    const window = windowFor(x!.shape, poolSize, strides, padding);
    return maxPool(x!, { ...window, poolHeight: poolSize[0], poolWidth: poolSize[1] });
  },
};
