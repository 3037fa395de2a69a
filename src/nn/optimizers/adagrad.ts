/** Adagrad (Duchi et al., 2011), as Keras 3: the sum of squares starts at 0.1, ε stands inside the root. In
 * Keras 2 the sum started at 0, and ε stood outside. */
import { add, divide, multiply, sqrt, square, subtract } from '../../ops/elementwise.ts';
import { epsilon, type OptimizerDefinition } from './optimizer.ts';

/** Options of `adagrad`. */
export interface AdagradOptions {
  /** Default 0.001. */
  learningRate: number;
  /** Where the sum of squares starts; default 0.1. */
  initialAccumulatorValue: number;
  /** Default 1e-7. */
  epsilon: number;
}

/** a ← a + g²; w ← w − ηg / √(a + ε), in Keras 2 / (√a + ε). */
export const adagrad: OptimizerDefinition<AdagradOptions> = {
  defaults: { learningRate: 0.001, initialAccumulatorValue: 0.1, epsilon },
  keras2Defaults: { learningRate: 0.01, initialAccumulatorValue: 0 },
  slots: ({ initialAccumulatorValue }) => ({ accumulator: initialAccumulatorValue }),
  update({ options, preset, weight, gradient, slots, scalar }) {
    const accumulator = add(slots['accumulator']!, square(gradient));
    const { epsilon: tiny } = options;
    const scaled = multiply(scalar('learningRate'), gradient);
    const root = preset === 'keras2' ? add(sqrt(accumulator), tiny) : sqrt(add(accumulator, tiny));
    const change = divide(scaled, root);
    return { weight: subtract(weight, change), slots: { accumulator } };
  },
};
