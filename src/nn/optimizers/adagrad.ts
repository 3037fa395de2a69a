/** Adagrad (Duchi et al., 2011), as Keras 3: the sum of squares starts at 0.1, ε stands inside the root. */
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

/** a ← a + g²; w ← w − ηg / √(a + ε). */
export const adagrad: OptimizerDefinition<AdagradOptions> = {
  defaults: { learningRate: 0.001, initialAccumulatorValue: 0.1, epsilon },
  slots: ({ initialAccumulatorValue }) => ({ accumulator: initialAccumulatorValue }),
  update({ options, weight, gradient, slots, scalar }) {
    const accumulator = add(slots['accumulator']!, square(gradient));
    const change = divide(multiply(scalar('learningRate'), gradient), sqrt(add(accumulator, options.epsilon)));
    return { weight: subtract(weight, change), slots: { accumulator } };
  },
};
