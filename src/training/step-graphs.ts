/** The graphs of a network in use: predicting, evaluating, and one training step with its update. */
import type { DType } from '../core/dtype.ts';
import { batchAxis } from '../core/shape.ts';
import { Graph } from '../graph/graph.ts';
import type { LossPart } from '../nn/losses/table.ts';
import type { Network } from '../nn/network.ts';
import type { Optimizer } from '../nn/optimizers/optimizer.ts';
import { add } from '../ops/elementwise.ts';
import type { Value } from '../ops/op.ts';
import { traceLoss } from './loss-graph.ts';
import { regularizationLoss } from './regularization-loss.ts';
import { addUpdates } from './update-graph.ts';

/** Inputs → predictions, as layers behave outside training. */
export function predictionGraph(network: Network, inputType: DType): Graph {
  const graph = new Graph();
  graph.output('predictions', network.trace(graph, inputOf(graph, network, inputType), false));
  return graph;
}

/** Inputs, targets and sample weights → loss and predictions, as layers behave outside training. */
export function evaluationGraph(network: Network, inputType: DType, loss: LossPart): Graph {
  const graph = new Graph();
  lossAndPredictions(graph, network, inputType, loss, false);
  return graph;
}

/** One training step: the loss and predictions before the update, and new values for weights and slots. */
export function trainingGraph(network: Network, inputType: DType, loss: LossPart, optimizer: Optimizer): Graph {
  const graph = new Graph();
  const total = lossAndPredictions(graph, network, inputType, loss, true);
  addUpdates(graph, total, network.weights, optimizer);
  return graph;
}

function inputOf(graph: Graph, network: Network, inputType: DType): Value {
  return graph.input('inputs', [batchAxis, ...network.inputShape], inputType);
}

function lossAndPredictions(
  graph: Graph,
  network: Network,
  inputType: DType,
  loss: LossPart,
  training: boolean,
): Value {
  const predictions = network.trace(graph, inputOf(graph, network, inputType), training);
  const penalty = regularizationLoss(graph, network.weights);
  return graph.scope('loss', () => {
    const ofData = traceLoss(graph, predictions, loss);
    const total = penalty ? add(ofData, penalty) : ofData;
    graph.output('loss', total);
    graph.output('predictions', predictions);
    return total;
  });
}
