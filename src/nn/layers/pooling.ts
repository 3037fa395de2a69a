/** Pooling over windows: the largest value of each, or the mean. */
import { averagePool } from '../../ops/average-pool2d.ts';
import { maxPool } from '../../ops/max-pool2d.ts';
import type { Value } from '../../ops/op.ts';
import { type Padding, type Window, windowFor } from '../../ops/window.ts';
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

/** Options of `maxPooling2d` and `averagePooling2d`, named as in Keras. */
export interface Pooling2dOptions {
  /** Height and width of the window; default 2. */
  poolSize?: Size;
  /** Steps between windows; default: the pool size. */
  strides?: Size;
  /** `valid` (default) or `same`. Places outside the picture count neither for the largest value nor for the mean. */
  padding?: Padding;
  /** Only `channelsLast`. */
  dataFormat?: DataFormat;
}

type PoolWindow = Window & { readonly poolHeight: number; readonly poolWidth: number };
type Pooling = LayerDefinition<
  Pooling2dOptions,
  { readonly poolSize: Pair; readonly strides: Pair; readonly padding: Padding }
>;

/** Input `[batch, height, width, channels]`; by default both sides are halved, rounded down. */
function pooling(className: string, pool: (x: Value, window: PoolWindow) => Value): Pooling {
  return {
    className,
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
      return pool(x!, { ...window, poolHeight: poolSize[0], poolWidth: poolSize[1] });
    },
  };
}

/** The largest value of each window. */
export const maxPooling2d: Pooling = pooling('MaxPooling2D', maxPool);

/** The mean of each window. */
export const averagePooling2d: Pooling = pooling('AveragePooling2D', averagePool);
