/** RandomRotation: pictures turned about their middle. */

import type { Shape } from '../../../core/shape.ts';
import { cos, negate, sin } from '../../../ops/elementwise.ts';
import type { Value } from '../../../ops/op.ts';
import { aroundZero, checkFactor, type Factor } from './picture-options.ts';
import { type RandomLayer, randomLayer } from './random-layer.ts';
import { checkMoving, type MovingConfig, type MovingOptions, movingOptions, samplingOf } from './sampling-options.ts';
import { type Affine, aboutCentre, moved, transformRows } from './transforms.ts';

/** Options of `randomRotation`. */
export interface RandomRotationOptions extends MovingOptions {
  /** In whole turns, against the clock where positive: from −factor to factor, or between the two numbers; −1 … 1. 0.1 is up to
   * 36° in either direction. */
  factor: Factor;
}

type Config = { readonly factor: Factor } & MovingConfig;

/** Input and output `[batch, height, width, channels]`. */
export const randomRotation: RandomLayer<RandomRotationOptions, Config, 'transform'> = randomLayer({
  className: 'RandomRotation',
  options: ['factor', ...movingOptions],
  configure: ({ factor, ...moving }, where) => ({
    factor: checkFactor(where, 'factor', factor, { min: -1, max: 1 }),
    ...checkMoving(where, moving),
  }),
  draws: () => 1,
  parameters(draws, { factor }, shape) {
    const [low, high] = aroundZero(factor);
    const angle = draws.next([low * 2 * Math.PI, high * 2 * Math.PI]);
    return { transform: transformRows(angle, turned(shape, angle)) };
  },
  pixels: (x, { transform }, config) => moved(x, transform, samplingOf(config)),
});

/** Against the clock by an angle in radians. */
export function turned(shape: Shape, angle: Value): Affine {
  const [cosine, sine] = [cos(angle), sin(angle)];
  return aboutCentre(shape, cosine, negate(sine), sine, cosine);
}
