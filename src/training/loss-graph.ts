/** The loss of a step: that of each example, weighted, and their mean as Keras takes it. */
import { batchAxis } from '../core/shape.ts';
import type { Graph } from '../graph/graph.ts';
import { type LossPart, lossOf } from '../nn/losses/table.ts';
import { divide, multiply } from '../ops/elementwise.ts';
import type { Value } from '../ops/op.ts';
import { sum } from '../ops/reduce.ts';

/** Keras's reduction: Σ (weight · loss) / number of examples. Adds the inputs `targets` and `sampleWeights`. */
export function traceLoss(graph: Graph, predictions: Value, loss: LossPart): Value {
  const targets = graph.input('targets', predictions.shape);
  const weights = graph.input('sampleWeights', [batchAxis]);
  const perExample = multiply(lossOf(loss).perExample(targets, predictions), weights);
  return divide(sum(perExample), graph.scalar('batchSize'));
}
