/** The graphs of a network in use: predicting, evaluating, and one training step with its update. */
import type { DType } from '../core/dtype.ts';
import { Graph } from '../graph/graph.ts';
import type { Layer } from '../nn/layers/layer.ts';
import type { Network } from '../nn/network.ts';
import type { Optimizer } from '../nn/optimizers/optimizer.ts';
import type { NetworkWeight } from '../nn/placed-layer.ts';
import { add, multiply } from '../ops/elementwise.ts';
import type { Value } from '../ops/op.ts';
import type { OutputTarget } from './compile-options.ts';
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
export function evaluationGraph(plan: StepPlan, targets: readonly OutputTarget[]): Graph {
  const graph = new Graph();
  lossAndPredictions(graph, plan, targets, false);
  return graph;
}

/** One training step: the loss and predictions before the update, and new values for weights and slots. */
export function trainingGraph(plan: StepPlan, targets: readonly OutputTarget[], optimizer: Optimizer): Graph {
  const graph = new Graph();
  const total = lossAndPredictions(graph, plan, targets, true);
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

/** The name of one of several outputs' loss in a step's graph. */
export function lossName(index: number): string {
  return `loss ${index + 1}`;
}

function inputsOf(graph: Graph, network: Network, inputTypes: readonly DType[]): Value[] {
  return network.inputs.map(({ shape }, index) => graph.input(inputName(index), shape, inputTypes[index]));
}

function lossAndPredictions(
  graph: Graph,
  { network, inputTypes, frozen }: StepPlan,
  targets: readonly OutputTarget[],
  training: boolean,
): Value {
  const inputs = inputsOf(graph, network, inputTypes);
  const { outputs, loss: added } = network.trace(graph, inputs, { training, frozen });
  const penalty = regularizationLoss(graph, trainableWeights(network, frozen));
  return graph.scope('loss', () => {
    const losses = outputs.map((predictions, index) => traceLoss(graph, predictions, targets[index]!.loss, index));
    const weighted = losses.map((own, index) => {
      const { weight } = targets[index]!;
      return weight === 1 ? own : multiply(own, weight);
    });
    const ofData = weighted.reduce((sum, next) => add(sum, next));
    const total = [penalty, added].reduce<Value>((sum, extra) => (extra ? add(sum, extra) : sum), ofData);
    graph.output('loss', total);
    outputs.forEach((predictions, index) => {
      graph.output(outputName(index), predictions);
      if (outputs.length > 1) graph.output(lossName(index), losses[index]!);
    });
    return total;
  });
}
