/** Stochastic gradient descent, with momentum and Nesterov's momentum (Sutskever et al., 2013). */
import { add, multiply, subtract } from '../../ops/elementwise.ts';
import type { OptimizerDefinition } from './optimizer.ts';

/** Options of `sgd`. */
export interface SgdOptions {
  /** Default 0.01. */
  learningRate: number;
  /** Share of the last change that is kept; default 0. */
  momentum: number;
  /** True looks ahead along the momentum; default false. */
  nesterov: boolean;
}

/** v ← μv − ηg; w ← w + v, or with Nesterov w ← w + μv − ηg. */
export const sgd: OptimizerDefinition<SgdOptions> = {
  defaults: { learningRate: 0.01, momentum: 0, nesterov: false },
  rules: { momentum: { min: 0, max: 1 } },
  slots: ({ momentum }): Readonly<Record<string, number>> => (momentum > 0 ? { momentum: 0 } : {}),
  update({ options: { momentum, nesterov }, weight, gradient, slots, scalar }) {
    const change = multiply(scalar('learningRate'), gradient);
    if (momentum === 0) return { weight: subtract(weight, change) };
    const velocity = subtract(multiply(slots['momentum']!, momentum), change);
    const next = nesterov ? subtract(add(weight, multiply(velocity, momentum)), change) : add(weight, velocity);
    return { weight: next, slots: { momentum: velocity } };
  },
};
