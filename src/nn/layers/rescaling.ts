/** Rescaling: x · scale + offset, usually the first layer, which turns bytes into numbers from 0 to 1. */
import { checkNumber } from '../../core/options.ts';
import { rescale } from '../../ops/elementwise.ts';
import type { LayerDefinition } from './layer.ts';

/** Options of `rescaling`. */
export interface RescalingOptions {
  /** The factor, as 1 / 255. */
  scale: number;
  /** Added after; default 0. */
  offset?: number;
}

/** The output has the input's shape, in float32; the input may be uint8 pictures. */
export const rescaling: LayerDefinition<RescalingOptions, Required<RescalingOptions>> = {
  className: 'Rescaling',
  options: ['scale', 'offset'],
  configure: (options, where) => ({
    scale: checkNumber(where, 'scale', options.scale),
    offset: checkNumber(where, 'offset', options.offset ?? 0),
  }),
  call: ({ config: { scale, offset }, inputs: [x] }) => rescale(x!, scale, offset),
};
