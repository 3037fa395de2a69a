/** The graphs of a network in use: predicting, evaluating, and one training step with its update. */
import type { DType } from '../core/dtype.ts';
import { batchAxis } from '../core/shape.ts';
import { gradient } from '../graph/gradient.ts';
import { Graph } from '../graph/graph.ts';
import { type LossName, lossOf } from '../nn/losses/table.ts';
import type { Network } from '../nn/network.ts';
import type { Optimizer } from '../nn/optimizers/optimizer.ts';
import { divide, multiply } from '../ops/elementwise.ts';
import type { Value } from '../ops/op.ts';
import { sum } from '../ops/reduce.ts';

/** Inputs → predictions, as layers behave outside training. */
export function predictionGraph(network: Network, inputType: DType): Graph {
  const graph = new Graph();
  graph.output('predictions', network.trace(graph, inputOf(graph, network, inputType), false));
  return graph;
}

/** Inputs, targets and sample weights → loss and predictions, as layers behave outside training. */
export function evaluationGraph(network: Network, inputType: DType, loss: LossName): Graph {
  const graph = new Graph();
  traceLoss(graph, network, inputType, loss, false);
  return graph;
}

/** One training step: the loss and predictions before the update, and new values for weights and slots. */
export function trainingGraph(network: Network, inputType: DType, loss: LossName, optimizer: Optimizer): Graph {
  const graph = new Graph();
  const total = traceLoss(graph, network, inputType, loss, true);
  const weights = network.weights.filter(({ trainable }) => trainable);
  const values = weights.map(({ name, shape }) => graph.variable(name, shape));
  const gradients = gradient(graph, total, values);
  values.forEach((weight, index) => {
    const change = gradients[index];
    if (!change) return;
    graph.scope(`${weights[index]!.name}/update`, () => {
      const slots = Object.keys(optimizer.slots).map((slot) => {
        const name = slotName(optimizer, weights[index]!.name, slot);
        return [slot, graph.variable(name, weight.shape)] as const;
      });
      const update = optimizer.update({
        weight,
        gradient: change,
        slots: Object.fromEntries(slots),
        scalar: (name) => graph.scalar(name),
      });
      graph.assign(weight, update.weight);
      for (const [slot, variable] of slots) graph.assign(variable, update.slots![slot]!);
    });
  });
  return graph;
}

/** The name of an optimizer's slot for a weight, as `rmsprop/conv2d/kernel/velocity`. */
export function slotName(optimizer: Optimizer, weight: string, slot: string): string {
  return `${optimizer.name}/${weight}/${slot}`;
}

function inputOf(graph: Graph, network: Network, inputType: DType): Value {
  return graph.input('inputs', [batchAxis, ...network.inputShape], inputType);
}

/** Keras's reduction: Σ (weight · loss) / number of examples. */
function traceLoss(graph: Graph, network: Network, inputType: DType, loss: LossName, training: boolean): Value {
  const predictions = network.trace(graph, inputOf(graph, network, inputType), training);
  return graph.scope('loss', () => {
    const targets = graph.input('targets', predictions.shape);
    const weights = graph.input('sampleWeights', [batchAxis]);
    const perExample = multiply(lossOf(loss).perExample(targets, predictions), weights);
    const total = divide(sum(perExample), graph.scalar('batchSize'));
    graph.output('loss', total);
    graph.output('predictions', predictions);
    return total;
  });
}
