/** The loss of a step: that of each example, weighted, and their mean as Keras takes it. */
import { batchAxis } from '../core/shape.ts';
import type { Graph } from '../graph/graph.ts';
import { type LossPart, lossOf } from '../nn/losses/table.ts';
import { divide, multiply } from '../ops/elementwise.ts';
import type { Value } from '../ops/op.ts';
import { sum } from '../ops/reduce.ts';

/** Keras's reduction: Σ (weight · loss) / number of examples. Adds the inputs `targets` and `sampleWeights`; an output after
 * the first has targets of its own. */
export function traceLoss(graph: Graph, predictions: Value, loss: LossPart, output = 0): Value {
  const targets = graph.input(targetsName(output), predictions.shape);
  const weights = graph.input('sampleWeights', [batchAxis]);
  const perExample = multiply(lossOf(loss).perExample(targets, predictions), weights);
  return divide(sum(perExample), graph.scalar('batchSize'));
}

/** The name of an output's targets in a step's graph: of the first, `targets`. */
export function targetsName(output: number): string {
  return output === 0 ? 'targets' : `targets ${output + 1}`;
}
