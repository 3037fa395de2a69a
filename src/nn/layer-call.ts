/** Calling a layer on symbolic tensors: checks that it can take them, and finds the shapes of what comes out. */
import { OptionError, ShapeError } from '../core/errors.ts';
import { checkKeys, checkNumber, checkObject, checkSwitch, show } from '../core/options.ts';
import { formatShape, sameShape } from '../core/shape.ts';
import { Graph } from '../graph/graph.ts';
import { countFlops } from '../graph/lower.ts';
import { drawRandom } from '../ops/elementwise.ts';
import type { Value } from '../ops/op.ts';
import { checkInitializer } from './initializers/table.ts';
import type { Layer, WeightSpec } from './layers/layer.ts';
import { checkBatchValue } from './own-value.ts';
import { type CallOptions, type LayerCall, SymbolicTensor } from './symbolic-tensor.ts';

/** The weights that each layer asked for at its first call: a shared layer has them once. */
const firstWeights = new WeakMap<Layer, Readonly<Record<string, WeightSpec>>>();

/**
 * Records a call.
 *
 * @param name the layer's name in messages
 * @throws ShapeError where the layer cannot take these shapes; OptionError where it is given something else
 */
export function callLayer(layer: Layer, given: unknown, options: CallOptions = {}, name = layer.name): LayerCall {
  const where = nameOf({ className: layer.className, name });
  const inputs = checkInputs(layer, given, where);
  checkKeys(where, options, ['training']);
  const shapes = inputs.map(({ shape }) => shape);
  const weights = layer.weights(shapes, where);
  for (const [part, spec] of Object.entries(weights)) checkSpec(`${where}: weight "${part}"`, part, spec);
  checkShared(layer, weights, where);
  const graph = new Graph();
  const values: Record<string, Value> = {};
  for (const [name, { shape }] of Object.entries(weights)) values[name] = graph.variable(name, shape);
  const results = graph.scope(name ?? layer.className, () =>
    layer.call({
      graph,
      inputs: shapes.map((shape, index) => graph.input(`input ${index}`, shape)),
      weights: values,
      training: false,
      trainable: true,
      randomStream: 0,
      drawPerExample: (count) => drawRandom(graph, 'randomUniform', [shapes[0]![0]!, count], 0),
      addLoss: () => undefined,
      assign: () => undefined,
    }),
  );
  const outputs: SymbolicTensor[] = [];
  const call: LayerCall = { layer, inputs, outputs, options, weights, flops: countFlops(graph) };
  results.forEach((result, index) => {
    outputs.push(new SymbolicTensor(checkBatchValue(where, result).shape, call, index));
  });
  return call;
}

/** Checks what a layer of the user's own says of a weight. @throws OptionError */
function checkSpec(where: string, part: string, given: Partial<WeightSpec>): void {
  if (!/^\w+$/.test(part)) throw new OptionError(`${where}: expected letters and digits in its name. Rename it.`);
  checkObject(where, given, ['shape']);
  if (!Array.isArray(given.shape)) {
    throw new OptionError(`${where}: expected a shape as a list of sizes, as [3, 4], received ${show(given.shape)}.`);
  }
  for (const size of given.shape) checkNumber(where, 'each size of its shape', size, { integer: true, min: 1 });
  checkInitializer(where, given.initializer);
  checkSwitch(where, 'trainable', given.trainable);
}

/** `Dense "head"`: a layer in messages. */
export function nameOf({ className, name }: Pick<Layer, 'className' | 'name'>): string {
  return name === undefined ? className : `${className} "${name}"`;
}

function checkInputs(layer: Layer, given: unknown, where: string): readonly SymbolicTensor[] {
  const inputs: readonly unknown[] = Array.isArray(given) ? given : [given];
  for (const input of inputs) {
    if (input instanceof SymbolicTensor) continue;
    const received = input && typeof input === 'object' && 'data' in input ? 'numbers' : describe(input);
    throw new OptionError(
      `${where}: expected the output of another layer, or of input({ shape }), received ${received}. To run numbers through a model call predict.`,
    );
  }
  const expected = layer.inputCount;
  if (expected !== undefined ? inputs.length !== expected : inputs.length === 0) {
    const wanted = expected === undefined ? 'at least one input' : expected === 1 ? 'one input' : `${expected} inputs`;
    throw new OptionError(`${where}: expected ${wanted}, received ${inputs.length}.`);
  }
  return inputs as readonly SymbolicTensor[];
}

function describe(input: unknown): string {
  if (typeof input === 'function') return 'a layer or model that was not called';
  return show(input);
}

function checkShared(layer: Layer, weights: Readonly<Record<string, WeightSpec>>, where: string): void {
  const before = firstWeights.get(layer);
  if (!before) firstWeights.set(layer, weights);
  for (const [name, { shape }] of Object.entries(before ?? {})) {
    const now = weights[name]!.shape;
    if (sameShape(shape, now)) continue;
    throw new ShapeError(
      `${where}: expected inputs for which its ${name} stays ${formatShape(shape)}, as where it was called first, received ones for which it would be ${formatShape(now)}. Make a layer for each.`,
    );
  }
}
