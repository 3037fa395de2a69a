/** RandomTranslation: pictures moved up, down and to the sides. */
import { negate } from '../../../ops/elementwise.ts';
import { aroundZero, checkFactor, type Factor } from './picture-options.ts';
import { type RandomLayer, randomLayer } from './random-layer.ts';
import { checkMoving, type MovingConfig, type MovingOptions, movingOptions, samplingOf } from './sampling-options.ts';
import { moved, transformRows } from './transforms.ts';

/** Options of `randomTranslation`. */
export interface RandomTranslationOptions extends MovingOptions {
  /** How far down, as a share of the height: from −factor to factor, or between the two numbers; −1 … 1, negative is up. */
  heightFactor: Factor;
  /** How far to the right, as a share of the width; negative is to the left. */
  widthFactor: Factor;
}

type Config = { readonly heightFactor: Factor; readonly widthFactor: Factor } & MovingConfig;

/** Input and output `[batch, height, width, channels]`. */
export const randomTranslation: RandomLayer<RandomTranslationOptions, Config, 'transform'> = randomLayer({
  className: 'RandomTranslation',
  options: ['heightFactor', 'widthFactor', ...movingOptions],
  configure: ({ heightFactor, widthFactor, ...moving }, where) => ({
    heightFactor: checkFactor(where, 'heightFactor', heightFactor, { min: -1, max: 1 }),
    widthFactor: checkFactor(where, 'widthFactor', widthFactor, { min: -1, max: 1 }),
    ...checkMoving(where, moving),
  }),
  draws: () => 2,
  parameters(draws, { heightFactor, widthFactor }, shape) {
    const shift = (factor: Factor, size: number) => {
      const [low, high] = aroundZero(factor);
      return negate(draws.next([low * size, high * size]));
    };
    const down = shift(heightFactor, shape[1]!);
    const right = shift(widthFactor, shape[2]!);
    return { transform: transformRows(down, [1, 0, right, 0, 1, down]) };
  },
  pixels: (x, { transform }, config) => moved(x, transform, samplingOf(config)),
});
