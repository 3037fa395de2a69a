/** Adadelta (Zeiler, 2012), as Keras 3. Its default learning rate of 0.001 is a thousandth of the paper's: `preset: 'keras2'`
 * has the 1 of old course notes. */
import { add, divide, multiply, sqrt, square, subtract } from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';
import { epsilon, type OptimizerDefinition } from './optimizer.ts';

/** Options of `adadelta`. */
export interface AdadeltaOptions {
  /** Default 0.001. */
  learningRate: number;
  /** How slowly both means forget; default 0.95. */
  rho: number;
  /** Default 1e-7. */
  epsilon: number;
}

/** E ← ρE + (1 − ρ)g²; Δ = g·√(D + ε) / √(E + ε); D ← ρD + (1 − ρ)Δ²; w ← w − ηΔ. */
export const adadelta: OptimizerDefinition<AdadeltaOptions> = {
  defaults: { learningRate: 0.001, rho: 0.95, epsilon },
  keras2Defaults: { learningRate: 1 },
  rules: { rho: { min: 0, max: 1 } },
  slots: () => ({ accumulatedGradient: 0, accumulatedDelta: 0 }),
  update({ options: { rho, epsilon: tiny }, weight, gradient, slots, scalar }) {
    const forget = (slot: string, value: Value) => add(multiply(slots[slot]!, rho), multiply(square(value), 1 - rho));
    const accumulatedGradient = forget('accumulatedGradient', gradient);
    const root = (x: Value) => sqrt(add(x, tiny));
    const delta = divide(multiply(gradient, root(slots['accumulatedDelta']!)), root(accumulatedGradient));
    return {
      weight: subtract(weight, multiply(scalar('learningRate'), delta)),
      slots: { accumulatedGradient, accumulatedDelta: forget('accumulatedDelta', delta) },
    };
  },
};
