/** FTRL (McMahan et al., "Ad click prediction", 2013) with shrinkage, as Keras 3: a weight is computed from sums, and is 0
 * where L1 outweighs them. */
import { add, clip, divide, multiply, negate, powerOf, square, subtract } from '../../ops/elementwise.ts';
import type { OptimizerDefinition } from './optimizer.ts';

/** Options of `ftrl`. */
export interface FtrlOptions {
  /** Default 0.001. */
  learningRate: number;
  /** At most 0: how the learning rate falls with the sum of squares; default −0.5. */
  learningRatePower: number;
  /** Where the sum of squares starts; default 0.1. */
  initialAccumulatorValue: number;
  /** Default 0. */
  l1RegularizationStrength: number;
  /** Default 0. */
  l2RegularizationStrength: number;
  /** Of the gradient, rather than of the weight; default 0. */
  l2ShrinkageRegularizationStrength: number;
  /** Default 0. */
  beta: number;
}

/** a′ = a + g²; z ← z + g + 2sw − (a′ᵖ − aᵖ)w / η; w ← (clip(z, ±l1) − z) / (a′ᵖ / η + 2 · l2 + β / η), with
 * p = −learningRatePower. */
export const ftrl: OptimizerDefinition<FtrlOptions> = {
  defaults: {
    learningRate: 0.001,
    learningRatePower: -0.5,
    initialAccumulatorValue: 0.1,
    l1RegularizationStrength: 0,
    l2RegularizationStrength: 0,
    l2ShrinkageRegularizationStrength: 0,
    beta: 0,
  },
  rules: { learningRatePower: { max: 0 } },
  slots: ({ initialAccumulatorValue }) => ({ accumulator: initialAccumulatorValue, linear: 0 }),
  update({ options, weight, gradient, slots, scalar }) {
    const {
      learningRatePower,
      l1RegularizationStrength: l1,
      l2RegularizationStrength: l2,
      l2ShrinkageRegularizationStrength: shrinkage,
      beta,
    } = options;
    const rate = scalar('learningRate');
    const accumulator = add(slots['accumulator']!, square(gradient));
    const root = powerOf(accumulator, -learningRatePower);
    const growth = divide(subtract(root, powerOf(slots['accumulator']!, -learningRatePower)), rate);
    const shrunk = shrinkage === 0 ? gradient : add(gradient, multiply(weight, 2 * shrinkage));
    const linear = add(slots['linear']!, subtract(shrunk, multiply(growth, weight)));
    const numerator = l1 === 0 ? negate(linear) : subtract(clip(linear, -l1, l1), linear);
    const bound = beta === 0 ? 2 * l2 : add(divide(beta, rate), 2 * l2);
    return {
      weight: divide(numerator, add(divide(root, rate), bound)),
      slots: { accumulator, linear },
    };
  },
};
