/** Adam (Kingma and Ba, 2015), as Keras 3: the corrections are in the step size, ε stands outside the root. */
import { add, divide, maximum, multiply, sqrt, square, subtract } from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';
import { epsilon, type OptimizerDefinition } from './optimizer.ts';

/** Options of `adam`. */
export interface AdamOptions {
  /** Default 0.001. */
  learningRate: number;
  /** How slowly the mean of gradients forgets; default 0.9. */
  beta1: number;
  /** How slowly the mean of squares forgets; default 0.999. */
  beta2: number;
  /** True divides by the largest mean of squares so far (Reddi et al., 2018); default false. */
  amsgrad: boolean;
  /** Default 1e-7. */
  epsilon: number;
}

const round = Math.fround;
const share = { min: 0, max: 1 } as const;

/** 1 − βᵗ in float32, as Keras computes it: at the first steps it differs from the exact number in the fifth digit, and a
 * training that follows Keras's must make the same error. */
export function correction(beta: number, step: number): number {
  return round(1 - round(round(beta) ** step));
}

/** The slot, brought nearer to the target by a share of the way. */
export function approach(slot: Value, target: Value, part: number): Value {
  return add(slot, multiply(subtract(target, slot), part));
}

/** α = η√(1 − β₂ᵗ) / (1 − β₁ᵗ); m ← m + (1 − β₁)(g − m); v ← v + (1 − β₂)(g² − v); w ← w − αm / (√v + ε). */
export const adam: OptimizerDefinition<AdamOptions> = {
  defaults: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, amsgrad: false, epsilon },
  rules: { beta1: share, beta2: share },
  slots: ({ amsgrad }) => ({ momentum: 0, velocity: 0, ...(amsgrad && { largestVelocity: 0 }) }),
  scalars({ beta1, beta2 }, learningRate, step) {
    const root = round(Math.sqrt(correction(beta2, step + 1)));
    return { adamStepSize: round(round(round(learningRate) * root) / correction(beta1, step + 1)) };
  },
  update({ options: { beta1, beta2, amsgrad, epsilon: tiny }, weight, gradient, slots, scalar }) {
    const momentum = approach(slots['momentum']!, gradient, 1 - beta1);
    const velocity = approach(slots['velocity']!, square(gradient), 1 - beta2);
    const largest = amsgrad ? maximum(slots['largestVelocity']!, velocity) : velocity;
    const change = divide(multiply(scalar('adamStepSize'), momentum), add(sqrt(largest), tiny));
    return {
      weight: subtract(weight, change),
      slots: { momentum, velocity, ...(amsgrad && { largestVelocity: largest }) },
    };
  },
};
