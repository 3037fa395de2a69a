/** Nadam (Dozat, 2016): Adam with Nesterov's momentum, whose share grows with the steps. */
import { add, divide, multiply, sqrt, square, subtract } from '../../ops/elementwise.ts';
import { approach, correction } from './adam.ts';
import { epsilon, type OptimizerDefinition, type Preset } from './optimizer.ts';

/** Options of `nadam`. */
export interface NadamOptions {
  /** Default 0.001. */
  learningRate: number;
  /** How slowly the mean of gradients forgets; default 0.9. */
  beta1: number;
  /** How slowly the mean of squares forgets; default 0.999. */
  beta2: number;
  /** Default 1e-7. */
  epsilon: number;
}

const round = Math.fround;
const share = { min: 0, max: 1 } as const;

/** μₜ = β₁(1 − 0.96ᵗ / 2): the share of momentum at step t, counted from 1. Keras 2 slowed it by a `schedule_decay` of 0.004. */
function momentumShare(beta1: number, step: number, preset: Preset): number {
  return round(beta1) * (1 - 0.5 * 0.96 ** (preset === 'keras2' ? 0.004 * step : step));
}

/** How far the product has been counted, so that a step need not begin at the first. */
const products = new WeakMap<NadamOptions, { step: number; product: number }>();

/** μ₁ · … · μₜ, in float32 as Keras keeps it. */
function shareProduct(options: NadamOptions, step: number, preset: Preset): number {
  const known = products.get(options);
  let { step: done, product } = known && known.step <= step ? known : { step: 0, product: 1 };
  while (done < step) product = round(product * momentumShare(options.beta1, ++done, preset));
  products.set(options, { step, product });
  return product;
}

/** m̂ = μₜ₊₁m / (1 − μ₁…μₜ₊₁) + (1 − μₜ)g / (1 − μ₁…μₜ); v̂ = v / (1 − β₂ᵗ); w ← w − ηm̂ / (√v̂ + ε). */
export const nadam: OptimizerDefinition<NadamOptions> = {
  defaults: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon },
  keras2Defaults: { learningRate: 0.002 },
  rules: { beta1: share, beta2: share },
  slots: () => ({ momentum: 0, velocity: 0 }),
  scalars(options, learningRate, step, preset) {
    const now = momentumShare(options.beta1, step + 1, preset);
    const next = momentumShare(options.beta1, step + 2, preset);
    const product = shareProduct(options, step + 1, preset);
    return {
      nadamMomentum: (learningRate * next) / (1 - product * next),
      nadamGradient: (learningRate * (1 - now)) / (1 - product),
      nadamVelocity: 1 / correction(options.beta2, step + 1),
    };
  },
  update({ options: { beta1, beta2, epsilon: tiny }, weight, gradient, slots, scalar }) {
    // As Keras, which rounds β before it subtracts here, and not in Adam.
    const momentum = approach(slots['momentum']!, gradient, correction(beta1, 1));
    const velocity = approach(slots['velocity']!, square(gradient), correction(beta2, 1));
    const ahead = add(multiply(momentum, scalar('nadamMomentum')), multiply(gradient, scalar('nadamGradient')));
    const change = divide(ahead, add(sqrt(multiply(velocity, scalar('nadamVelocity'))), tiny));
    return { weight: subtract(weight, change), slots: { momentum, velocity } };
  },
};
