/** The graphs of a network in use: predicting, evaluating, and one training step with its update. */
import type { DType } from '../core/dtype.ts';
import { Graph } from '../graph/graph.ts';
import type { Layer } from '../nn/layers/layer.ts';
import type { LossPart } from '../nn/losses/table.ts';
import type { Network } from '../nn/network.ts';
import type { Optimizer } from '../nn/optimizers/optimizer.ts';
import type { NetworkWeight } from '../nn/placed-layer.ts';
import { add } from '../ops/elementwise.ts';
import type { Value } from '../ops/op.ts';
import { traceLoss } from './loss-graph.ts';
import { regularizationLoss } from './regularization-loss.ts';
import { addUpdates, addUpdatesFor, trainableWeights } from './update-graph.ts';

/** What a step's graph is made for. */
export interface StepPlan {
  readonly network: Network;
  /** The element type of each input. */
  readonly inputTypes: readonly DType[];
  /** Layers whose weights stay as they are. */
  readonly frozen: ReadonlySet<Layer>;
}

/** Inputs → predictions, as layers behave outside training. */
export function predictionGraph({ network, inputTypes }: Omit<StepPlan, 'frozen'>): Graph {
  const graph = new Graph();
  const { outputs } = network.trace(graph, inputsOf(graph, network, inputTypes), { training: false });
  outputs.forEach((value, index) => {
    graph.output(outputName(index), value);
  });
  return graph;
}

/** Inputs, targets and sample weights → loss and predictions, as layers behave outside training. */
export function evaluationGraph(plan: StepPlan, loss: LossPart): Graph {
  const graph = new Graph();
  lossAndPredictions(graph, plan, loss, false);
  return graph;
}

/** One training step: the loss and predictions before the update, and new values for weights and slots. */
export function trainingGraph(plan: StepPlan, loss: LossPart, optimizer: Optimizer): Graph {
  const graph = new Graph();
  const total = lossAndPredictions(graph, plan, loss, true);
  addUpdates(graph, total, trainableWeights(plan.network, plan.frozen), optimizer);
  return graph;
}

/** An update from gradients that are given as inputs. */
export function gradientsGraph(weights: readonly NetworkWeight[], optimizer: Optimizer): Graph {
  const graph = new Graph();
  const gradients = weights.map(({ name, shape }) => graph.input(gradientName(name), shape));
  addUpdatesFor(graph, gradients, weights, optimizer);
  return graph;
}

/** The name of a weight's gradient in a graph. */
export function gradientName(weight: string): string {
  return `gradient of ${weight}`;
}

/** The name of an input in a step's graph: the first is `inputs`. */
export function inputName(index: number): string {
  return index === 0 ? 'inputs' : `inputs ${index + 1}`;
}

/** The name of an output in a step's graph: the first is `predictions`. */
export function outputName(index: number): string {
  return index === 0 ? 'predictions' : `predictions ${index + 1}`;
}

function inputsOf(graph: Graph, network: Network, inputTypes: readonly DType[]): Value[] {
  return network.inputs.map(({ shape }, index) => graph.input(inputName(index), shape, inputTypes[index]));
}

function lossAndPredictions(
  graph: Graph,
  { network, inputTypes, frozen }: StepPlan,
  loss: LossPart,
  training: boolean,
): Value {
  const inputs = inputsOf(graph, network, inputTypes);
  const { outputs, loss: added } = network.trace(graph, inputs, { training, frozen });
  const penalty = regularizationLoss(graph, trainableWeights(network, frozen));
  return graph.scope('loss', () => {
    const [predictions] = outputs as [Value];
    const ofData = traceLoss(graph, predictions, loss);
    const total = [penalty, added].reduce<Value>((sum, extra) => (extra ? add(sum, extra) : sum), ofData);
    graph.output('loss', total);
    graph.output('predictions', predictions);
    return total;
  });
}
