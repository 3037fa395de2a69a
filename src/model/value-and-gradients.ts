/** Loss and gradients of a model for a training loop of one's own: what Keras's GradientTape and JAX's value_and_grad give. */
import type { TypedArray } from '../core/dtype.ts';
import { OptionError, ShapeError } from '../core/errors.ts';
import { show } from '../core/options.ts';
import { batchAxis, formatShape } from '../core/shape.ts';
import { checkTensor, isTensor, type Tensor } from '../core/tensor.ts';
import type { Tensors } from '../data/dataset.ts';
import { Executable } from '../engine/executable.ts';
import { gradient } from '../graph/gradient.ts';
import { Graph } from '../graph/graph.ts';
import { checkValue } from '../nn/own-value.ts';
import { add, divide } from '../ops/elementwise.ts';
import type { Value } from '../ops/op.ts';
import { sum } from '../ops/reduce.ts';
import { gradientName, inputName, outputName } from '../training/step-graphs.ts';
import type { Trainer } from '../training/trainer.ts';
import { Model } from './model.ts';

/** What a loss of one's own sees. */
export interface LossContext {
  /** The model's outputs, `[batch, …]`. */
  readonly outputs: readonly Value[];
  /** The targets that were given, `[batch, …]`, in their order. */
  readonly targets: readonly Value[];
}

/** Writes a loss in ops: one number, or one for each example, `[batch]`, of which the mean is taken. */
export type LossWriter = (context: LossContext) => Value;

/** What a step gave. */
export interface ValueAndGradients {
  /** The loss. */
  readonly value: number;
  /** For each weight that is not frozen and that the loss depends on, its gradient, by the weight's name. */
  readonly gradients: Map<string, Float32Array>;
  /** The model's outputs. */
  readonly outputs: readonly Tensor[];
}

/**
 * Turns a loss into a function that gives its value and its gradients for a batch. Layers behave as in training: dropout drops,
 * and batch normalization takes the batch's own statistics and moves its averages. Weights stay as they are;
 * `model.applyGradients` changes them by the optimizer that the model was compiled with.
 *
 * @param loss written in the ops of `cajal/ops`
 * @throws ShapeError where inputs do not fit; OptionError where the loss is neither one number nor one for each example
 * @example
 * const step = valueAndGradients(model, ({ outputs: [p], targets: [y] }) => sum(square(subtract(p, y)), 1));
 * for await (const { inputs, targets } of dataset.epoch(0)) {
 *   const { value, gradients } = await step(inputs, targets);
 *   await model.applyGradients(gradients);
 * }
 */
export function valueAndGradients(
  model: Model,
  loss: LossWriter,
): (x: Tensors, y: Tensors) => Promise<ValueAndGradients> {
  if (!(model instanceof Model) || typeof loss !== 'function') {
    throw new OptionError(
      `valueAndGradients: expected a model and a function that writes a loss, received ${model instanceof Model ? model.name : show(model)} and ${show(loss)}.`,
    );
  }
  let opened: Trainer | undefined;
  let compiled = new Map<string, Executable>();
  return async (x, y) => {
    if (isTensor(x)) model.buildFor(checkTensor('valueAndGradients', 'inputs', x).shape.slice(1));
    const trainer = await model.trainer();
    // A row that changed has a new trainer, and other graphs.
    if (trainer !== opened) compiled = new Map();
    opened = trainer;
    const { types, data, batch } = trainer.prepareInputs(x);
    const given: readonly unknown[] = isTensor(y) || typeof y !== 'object' || y === null ? [y] : Object.values(y);
    const targets = given.map((target) => checkTensor('valueAndGradients', 'targets', target));
    const names = trainer.trainableWeights.map(({ name }) => name);
    const key = JSON.stringify([types, targets.map(({ shape }) => shape.slice(1)), names]);
    const executable = compiled.get(key) ?? Executable.compile(trainer.memory, trace(trainer, types, targets, loss));
    compiled.set(key, executable);
    const inputs: Record<string, TypedArray> = { ...data };
    targets.forEach(({ data: numbers, shape }, index) => {
      if (shape[0] !== batch) {
        throw new ShapeError(
          `valueAndGradients: expected as many targets as inputs (${batch}), received ${formatShape(shape)}.`,
        );
      }
      inputs[targetName(index)] = numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);
    });
    const used = new Set(Object.keys(executable.program.inputs));
    const needed = Object.fromEntries(Object.entries(inputs).filter(([name]) => used.has(name)));
    const { outputs } = await executable.run({ batch, inputs: needed, scalars: trainer.stepScalars() });
    const found = names.filter((name) => outputs[gradientName(name)]);
    return {
      value: outputs['loss']!.data[0]!,
      gradients: new Map(found.map((name) => [name, outputs[gradientName(name)]!.data as Float32Array])),
      outputs: trainer.network.outputs.map((_, index) => outputs[outputName(index)]!),
    };
  };
}

function targetName(index: number): string {
  return `target ${index + 1}`;
}

function trace(
  trainer: Trainer,
  types: readonly Tensor['dtype'][],
  targets: readonly Tensor[],
  loss: LossWriter,
): Graph {
  const graph = new Graph();
  const { network, trainableWeights: weights } = trainer;
  const inputs = network.inputs.map(({ shape }, index) => graph.input(inputName(index), shape, types[index]));
  const { outputs, loss: added } = network.trace(graph, inputs, { training: true, frozen: network.frozenLayers() });
  const values = targets.map(({ shape }, index) => graph.input(targetName(index), [batchAxis, ...shape.slice(1)]));
  const total = graph.scope('loss', () => {
    const own = oneNumber(graph, loss({ outputs, targets: values }));
    return added ? add(own, added) : own;
  });
  const variables = weights.map(({ name, shape }) => graph.variable(name, shape));
  gradient(graph, total, variables).forEach((value, index) => {
    if (value) graph.output(gradientName(weights[index]!.name), value);
  });
  graph.output('loss', total);
  outputs.forEach((value, index) => {
    graph.output(outputName(index), value);
  });
  return graph;
}

function oneNumber(graph: Graph, loss: Value): Value {
  checkValue('valueAndGradients: loss', loss);
  if (loss.shape.length === 0) return loss;
  if (loss.shape.length === 1 && loss.shape[0] === batchAxis) return divide(sum(loss), graph.scalar('batchSize'));
  throw new OptionError(
    `valueAndGradients: expected a loss that is one number or one for each example, received shape ${formatShape(loss.shape)}. Sum over the other axes: sum(loss, 1).`,
  );
}
