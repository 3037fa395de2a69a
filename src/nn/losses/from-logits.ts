/** Cross-entropies computed from logits: exact, and with a gradient, however certain a prediction is. A prediction that is
 * itself the output of a softmax or sigmoid is traced back to its logits (docs/decisions/losses-from-logits.md). */
import { OptionError } from '../../core/errors.ts';
import {
  add,
  clip,
  divide,
  exp,
  log,
  log1p,
  maximum,
  minimum,
  multiply,
  negate,
  subtract,
} from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';
import { softmaxOf } from '../../ops/softmax.ts';
import { logSoftmax as logSoftmaxOver } from '../activations/softmax.ts';
import { epsilon, sumOfRows } from './loss.ts';

type Squashing = 'softmax' | 'sigmoid';

/** The logits of predictions: themselves where `fromLogits` says so, what went into the op that made them where it is the
 * given one, else none. @throws OptionError where `fromLogits` is true and the predictions are probabilities */
export function logitsOf(where: string, predictions: Value, fromLogits: boolean, by: Squashing): Value | undefined {
  const { op, inputs } = predictions.node;
  if (!fromLogits) return op === by ? inputs[0] : undefined;
  if (op !== 'softmax' && op !== 'sigmoid') return predictions;
  throw new OptionError(
    `${where}: expected logits, since fromLogits is true, received the output of a ${op}. ` +
      'Leave fromLogits out, or end the model without an activation.',
  );
}

/** x − log Σ exp(x) over the last axis. */
export const logSoftmax: (x: Value) => Value = logSoftmaxOver.make({ axis: -1 }, 'loss');

/** Probabilities of classes and their logarithms. */
export interface ClassProbabilities {
  readonly probabilities: Value;
  readonly logarithms: Value;
}

/** From logits, or from probabilities as Keras: divided by their sum and held within [ε, 1 − ε]. */
export function classProbabilities(where: string, predictions: Value, fromLogits: boolean): ClassProbabilities {
  const logits = logitsOf(where, predictions, fromLogits, 'softmax');
  if (logits) {
    const probabilities = fromLogits ? softmaxOf(logits) : predictions;
    return { probabilities, logarithms: logSoftmax(logits) };
  }
  const probabilities = clip(divide(predictions, sumOfRows(predictions, 'yes')), epsilon, 1 - epsilon);
  return { probabilities, logarithms: log(probabilities) };
}

/** For each output, −(y·ln p + (1 − y)·ln(1 − p)). From logits x that is max(x, 0) − x·y + ln(1 + e^−|x|); at x = 0 its
 * gradient is ½ − y, as both sides of it agree. */
export function binaryEntropy(where: string, y: Value, predictions: Value, fromLogits: boolean): Value {
  const x = logitsOf(where, predictions, fromLogits, 'sigmoid');
  if (x) {
    const rest = log1p(exp(minimum(negate(x), x)));
    return add(subtract(maximum(x, 0), multiply(x, y)), rest);
  }
  const p = clip(predictions, epsilon, 1 - epsilon);
  return negate(add(multiply(y, log(p)), multiply(subtract(1, y), log(subtract(1, p)))));
}
