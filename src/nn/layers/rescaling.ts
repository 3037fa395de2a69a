/** Rescaling: x · scale + offset, usually the first layer, which turns bytes into numbers from 0 to 1. */
import { add, multiply, rescale } from '../../ops/elementwise.ts';
import { checkNumberOrList, type NumberOrList, weightOfList } from './fixed-weight.ts';
import type { LayerDefinition } from './layer.ts';

/** Options of `rescaling`. */
export interface RescalingOptions {
  /** The factor, as 1 / 255; or one for each channel. */
  scale: NumberOrList;
  /** Added after, or one for each channel; default 0. */
  offset?: NumberOrList;
}

/** The output has the input's shape, in float32; the input may be uint8 pictures. Lists are kept as weights that are not
 * trained. */
export const rescaling: LayerDefinition<RescalingOptions, Required<RescalingOptions>> = {
  className: 'Rescaling',
  options: ['scale', 'offset'],
  configure: ({ scale, offset = 0 }, where) => ({
    scale: checkNumberOrList(where, 'scale', scale),
    offset: checkNumberOrList(where, 'offset', offset),
  }),
  weights: ({ scale, offset }, inputShape, where) => ({
    ...weightOfList(where, 'scale', scale, inputShape),
    ...weightOfList(where, 'offset', offset, inputShape),
  }),
  call({ config, inputs: [x], weights }) {
    const { scale, offset } = config;
    if (typeof scale === 'number' && typeof offset === 'number') return rescale(x!, scale, offset);
    return add(multiply(x!, weights['scale'] ?? (scale as number)), weights['offset'] ?? (offset as number));
  },
};
