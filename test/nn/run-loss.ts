/** Runs a loss on one batch as a training step does, for tests: targets are prepared, examples weighed, gradients taken. */
import type { Backend } from '../../src/backends/backend.ts';
import { batchAxis } from '../../src/core/shape.ts';
import { tensor } from '../../src/core/tensor.ts';
import { gradient } from '../../src/graph/gradient.ts';
import { Graph } from '../../src/graph/graph.ts';
import { type LossPart, lossOf } from '../../src/nn/losses/table.ts';
import type { Value } from '../../src/ops/op.ts';
import { traceLoss } from '../../src/training/loss-graph.ts';
import { prepareTargets } from '../../src/training/targets.ts';
import { graphRunner } from '../support/run-graph.ts';

/** A loss on a batch. */
export interface LossRun {
  readonly loss: LossPart;
  /** Of the predictions. */
  readonly shape: readonly number[];
  readonly targets: readonly number[];
  readonly predictions: readonly number[];
  readonly weights?: readonly number[];
  /** What makes predictions of the given numbers; by default they are predictions. */
  readonly activation?: (x: Value) => Value;
}

/** What came out; the gradient is that of the total with respect to the given numbers. */
export interface LossResult {
  readonly values: number[];
  readonly total: number;
  readonly gradient: number[];
}

export async function runLoss(run: LossRun, backend: Backend): Promise<LossResult> {
  const { loss, shape, targets, predictions, weights, activation = (x) => x } = run;
  const graph = new Graph();
  const symbolic = [batchAxis, ...shape.slice(1)];
  const x = graph.input('x', symbolic);
  const p = activation(x);
  const total = traceLoss(graph, p, loss);
  graph.output('values', lossOf(loss).perExample(graph.input('targets', symbolic), p));
  graph.output('total', total);
  graph.output('gradient', gradient(graph, total, [x])[0]!);
  const batch = shape[0]!;
  const isRows = targets.length === predictions.length;
  const given = tensor(Float32Array.from(targets), isRows ? shape : shape.slice(0, -1));
  const results = await graphRunner(graph, backend, batch).run({
    x: Float32Array.from(predictions),
    targets: Float32Array.from(prepareTargets(given, loss, symbolic).data),
    sampleWeights: Float32Array.from(weights ?? new Array<number>(batch).fill(1)),
    batchSize: batch,
  });
  return {
    values: [...results['values']!],
    total: results['total']![0]!,
    gradient: [...results['gradient']!],
  };
}
