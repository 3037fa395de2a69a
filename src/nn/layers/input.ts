/** InputLayer: states the shape of one example, so that a model is built at once. */
import { OptionError } from '../../core/errors.ts';
import { checkCount } from './arguments.ts';
import type { LayerDefinition } from './layer.ts';

/** Options of `input`. */
export interface InputOptions {
  /** The shape of one example, without batch: `[height, width, channels]` or `[features]`. */
  shape: readonly number[];
}

/** The output is the input. */
export const input: LayerDefinition<InputOptions, InputOptions> = {
  className: 'InputLayer',
  options: ['shape'],
  configure(options, where) {
    if (!Array.isArray(options.shape) || options.shape.length === 0) {
      throw new OptionError(
        `${where}: shape must be a list of sizes without batch, as [150, 150, 3], received ${JSON.stringify(options.shape) ?? 'nothing'}.`,
      );
    }
    return { shape: options.shape.map((size) => checkCount(where, 'each size of shape', size)) };
  },
  call: ({ inputs: [x] }) => x!,
};
