/** Mean squared error: mean((y − p)²). */
import { square, subtract } from '../../ops/elementwise.ts';
import { type Loss, meanOfExample } from './loss.ts';

export const meanSquaredError: Loss = {
  targets: 'sameShape',
  perExample: (y, predictions) => meanOfExample(square(subtract(predictions, y))),
};
