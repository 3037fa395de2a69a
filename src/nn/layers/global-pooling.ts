/** Pooling over whole pictures: one number for each channel. */

import { checkSwitch } from '../../core/options.ts';
import { multiply } from '../../ops/elementwise.ts';
import { applyOne, type Value } from '../../ops/op.ts';
import { sum } from '../../ops/reduce.ts';
import { checkDataFormat, checkPictures, type DataFormat } from './arguments.ts';
import type { LayerDefinition } from './layer.ts';

/** Options of `globalAveragePooling2d` and `globalMaxPooling2d`. */
export interface GlobalPooling2dOptions {
  /** Only `channelsLast`. */
  dataFormat?: DataFormat;
  /** True keeps height and width as axes of size 1; default false. */
  keepdims?: boolean;
}

type GlobalPooling = LayerDefinition<GlobalPooling2dOptions, { readonly keepdims: boolean }>;

/** Input `[batch, height, width, channels]`, output `[batch, channels]`, or `[batch, 1, 1, channels]` with `keepdims`. */
function globalPooling(className: string, pool: (x: Value, keepAxes: 'no' | 'yes') => Value): GlobalPooling {
  return {
    className,
    options: ['dataFormat', 'keepdims'],
    configure({ dataFormat, keepdims = false }, where) {
      checkDataFormat(where, dataFormat);
      return { keepdims: checkSwitch(where, 'keepdims', keepdims) };
    },
    weights(_, inputShape, where) {
      checkPictures(inputShape, where);
      return {};
    },
    call: ({ config: { keepdims }, inputs: [x] }) => pool(x!, keepdims ? 'yes' : 'no'),
  };
}

/** The mean of each channel. */
export const globalAveragePooling2d: GlobalPooling = globalPooling('GlobalAveragePooling2D', (x, keepAxes) =>
  multiply(sum(x, 1, 2, keepAxes), 1 / (x.shape[1]! * x.shape[2]!)),
);

/** The largest value of each channel. */
export const globalMaxPooling2d: GlobalPooling = globalPooling('GlobalMaxPooling2D', (x, keepAxes) =>
  applyOne('reduceMax', [x], { firstAxis: 1, lastAxis: 2, keepAxes }),
);
