/** Adamax (Kingma and Ba, 2015): Adam with the largest gradient in the place of the mean of squares. */
import { abs, add, divide, maximum, multiply, subtract } from '../../ops/elementwise.ts';
import { approach, correction } from './adam.ts';
import { epsilon, type OptimizerDefinition } from './optimizer.ts';

/** Options of `adamax`. */
export interface AdamaxOptions {
  /** Default 0.001. */
  learningRate: number;
  /** How slowly the mean of gradients forgets; default 0.9. */
  beta1: number;
  /** How slowly the largest gradient forgets; default 0.999. */
  beta2: number;
  /** Default 1e-7. */
  epsilon: number;
}

const share = { min: 0, max: 1 } as const;

/** m ← m + (1 − β₁)(g − m); u ← max(β₂u, |g|); w ← w − ηm / ((1 − β₁ᵗ)(u + ε)). */
export const adamax: OptimizerDefinition<AdamaxOptions> = {
  defaults: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon },
  keras2Defaults: { learningRate: 0.002 },
  rules: { beta1: share, beta2: share },
  slots: () => ({ momentum: 0, norm: 0 }),
  scalars: ({ beta1 }, learningRate, step) => ({ adamaxStepSize: learningRate / correction(beta1, step + 1) }),
  update({ options: { beta1, beta2, epsilon: tiny }, weight, gradient, slots, scalar }) {
    const momentum = approach(slots['momentum']!, gradient, 1 - beta1);
    const norm = maximum(multiply(slots['norm']!, beta2), abs(gradient));
    const change = divide(multiply(scalar('adamaxStepSize'), momentum), add(norm, tiny));
    return { weight: subtract(weight, change), slots: { momentum, norm } };
  },
};
