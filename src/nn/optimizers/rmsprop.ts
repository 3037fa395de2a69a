/** RMSProp (Tieleman and Hinton, 2012), as Keras 3: ε stands inside the root, where Keras 2 had it outside. */
import { add, divide, multiply, sqrt, square, subtract } from '../../ops/elementwise.ts';
import { epsilon, type OptimizerDefinition } from './optimizer.ts';

/** Options of `rmsprop`. */
export interface RmspropOptions {
  /** Default 0.001. */
  learningRate: number;
  /** How slowly the mean of squares forgets; default 0.9. */
  rho: number;
  /** Share of the last change that is kept; default 0. */
  momentum: number;
  /** True divides by the deviation rather than the root of the mean square; default false. */
  centered: boolean;
  /** Default 1e-7. */
  epsilon: number;
}

/** v ← ρv + (1 − ρ)g²; Δ = ηg / √(v + ε), centred: √(v − ḡ² + ε); m ← μm + Δ; w ← w − m. */
export const rmsprop: OptimizerDefinition<RmspropOptions> = {
  defaults: { learningRate: 0.001, rho: 0.9, momentum: 0, centered: false, epsilon },
  rules: { rho: { min: 0, max: 1 }, momentum: { min: 0, max: 1 } },
  slots: ({ momentum, centered }) => ({
    velocity: 0,
    ...(momentum > 0 && { momentum: 0 }),
    ...(centered && { averageGradient: 0 }),
  }),
  update({ options, preset, weight, gradient, slots, scalar }) {
    const { rho, momentum, centered, epsilon: tiny } = options;
    const velocity = add(multiply(slots['velocity']!, rho), multiply(square(gradient), 1 - rho));
    const average = centered ? add(multiply(slots['averageGradient']!, rho), multiply(gradient, 1 - rho)) : undefined;
    const spread = average ? subtract(velocity, square(average)) : velocity;
    const scaled = multiply(scalar('learningRate'), gradient);
    const root = preset === 'keras2' ? add(sqrt(spread), tiny) : sqrt(add(spread, tiny));
    const step = divide(scaled, root);
    const change = momentum > 0 ? add(multiply(slots['momentum']!, momentum), step) : step;
    return {
      weight: subtract(weight, change),
      slots: {
        velocity,
        ...(momentum > 0 && { momentum: change }),
        ...(average && { averageGradient: average }),
      },
    };
  },
};
