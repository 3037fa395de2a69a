/** Lion (Chen et al., 2023): only the sign of the momentum counts, so a tenth of Adam's learning rate fits. */
import { add, multiply, sign, subtract } from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';
import type { OptimizerDefinition } from './optimizer.ts';

/** Options of `lion`. */
export interface LionOptions {
  /** Default 0.001. */
  learningRate: number;
  /** Share of the momentum in an update; above 0, default 0.9. */
  beta1: number;
  /** How slowly the momentum forgets; default 0.99. */
  beta2: number;
}

/** w ← w − η · sign(β₁m + (1 − β₁)g); then m ← β₂m + (1 − β₂)g. */
export const lion: OptimizerDefinition<LionOptions> = {
  defaults: { learningRate: 0.001, beta1: 0.9, beta2: 0.99 },
  rules: { beta1: { min: 0, max: 1, exclusive: 'min' }, beta2: { min: 0, max: 1 } },
  slots: () => ({ momentum: 0 }),
  update({ options: { beta1, beta2 }, weight, gradient, slots, scalar }) {
    const mixed = (share: number): Value => add(multiply(slots['momentum']!, share), multiply(gradient, 1 - share));
    return {
      weight: subtract(weight, multiply(scalar('learningRate'), sign(mixed(beta1)))),
      slots: { momentum: mixed(beta2) },
    };
  },
};
