/** Flatten: a picture as one row of numbers. */
import { elementCount } from '../../core/shape.ts';
import { reshapeTo } from '../../ops/reshape.ts';
import { checkDataFormat, type DataFormat } from './arguments.ts';
import type { LayerDefinition } from './layer.ts';

/** Options of `flatten`. */
export interface FlattenOptions {
  /** Only `channelsLast`. */
  dataFormat?: DataFormat;
}

/** Input `[batch, …]`, output `[batch, product of the rest]`. */
export const flatten: LayerDefinition<FlattenOptions, object> = {
  className: 'Flatten',
  options: ['dataFormat'],
  configure(options, where) {
    checkDataFormat(where, options.dataFormat);
    return {};
  },
  call: ({ inputs: [x] }) => reshapeTo(x!, [x!.shape[0]!, elementCount(x!.shape.slice(1))]),
};
