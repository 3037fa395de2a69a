/** Rewrites a graph into a smaller one with the same outputs: what nobody reads is dropped, what does nothing is passed
 * through, equal nodes are made once, and a bias or ReLU behind a product is taken into it. */
import { sameShape } from '../core/shape.ts';
import type { Node, Value } from '../ops/op.ts';
import { Graph } from './graph.ts';

/** A smaller graph that computes the same outputs and assignments. */
export function simplify(graph: Graph): Graph {
  const live = liveNodes(graph);
  const uses = countUses(graph, live);
  const result = new Graph();
  const moved = new Map<Value, Value>();
  const made = new Map<string, readonly Value[]>();
  const move = (value: Value): Value => moved.get(value)!;
  for (const node of graph.nodes) {
    if (!live.has(node)) continue;
    const inputs = node.inputs.map(move);
    const outputs = passThrough(node, inputs) ?? fold(result, node, inputs, uses) ?? copy(result, node, inputs, made);
    node.outputs.forEach((output, index) => {
      const target = outputs[index];
      if (target) moved.set(output, target);
    });
  }
  for (const [name, value] of graph.outputs) result.output(name, move(value));
  for (const { variable, value } of graph.assignments) {
    result.assignments.push({ variable: move(variable), value: move(value) });
  }
  return dropDead(result);
}

function liveNodes(graph: Graph): Set<Node> {
  const live = new Set<Node>();
  for (const value of graph.outputs.values()) live.add(value.node);
  for (const { variable, value } of graph.assignments) live.add(variable.node).add(value.node);
  for (const node of [...graph.nodes].reverse()) {
    if (live.has(node)) for (const input of node.inputs) live.add(input.node);
  }
  return live;
}

/** How many live readers each value has; being an output of the graph counts as one. */
function countUses(graph: Graph, live: ReadonlySet<Node>): Map<Value, number> {
  const uses = new Map<Value, number>();
  const count = (value: Value) => uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const node of live) node.inputs.forEach(count);
  for (const value of graph.outputs.values()) count(value);
  return uses;
}

/** The value that a node merely passes through, where it does nothing. */
function passThrough(node: Node, inputs: readonly Value[]): readonly Value[] | undefined {
  const [x, y] = inputs;
  const output = node.outputs[0]!;
  const unchanged = (value: Value | undefined) =>
    value && sameShape(value.shape, output.shape) && value.dtype === output.dtype ? [value] : undefined;
  if (node.op === 'reshape') return unchanged(x);
  if (node.op === 'relu' && isRelu(x!)) return [x!];
  if (node.op === 'reluGradient' && x!.node.op === 'reluGradient' && x!.node.inputs[1] === y) return [x!];
  if (node.op === 'rescale' && x!.dtype === output.dtype) {
    const { scale, offset } = (node as Node<'rescale'>).attributes;
    return scale === 1 && offset === 0 ? unchanged(x) : undefined;
  }
  if (node.op === 'multiply') return isConstant(y!, 1) ? unchanged(x) : isConstant(x!, 1) ? unchanged(y) : undefined;
  if (node.op === 'divide') return isConstant(y!, 1) ? unchanged(x) : undefined;
  if (node.op === 'add') return isConstant(y!, 0) ? unchanged(x) : isConstant(x!, 0) ? unchanged(y) : undefined;
  return undefined;
}

/** ReLU(conv2d) and ReLU(matMul) become their `activation` where nobody else reads the value before. */
function fold(
  result: Graph,
  node: Node,
  inputs: readonly Value[],
  uses: ReadonlyMap<Value, number>,
): readonly Value[] | undefined {
  if (node.op !== 'relu' || uses.get(node.inputs[0]!) !== 1) return undefined;
  const producer = inputs[0]!.node;
  if (producer.op !== 'conv2d' && producer.op !== 'matMul') return undefined;
  const attributes = { ...producer.attributes, activation: 'relu' };
  return result.scope(producer.scope, () => result.apply(producer.op, producer.inputs, attributes as never));
}

/** Adds the node to the new graph, or finds the equal one that is already there. */
function copy(result: Graph, node: Node, inputs: readonly Value[], made: Map<string, readonly Value[]>): readonly Value[] {
  if (node.op === 'input' || node.op === 'variable') {
    const { name, shape, dtype } = (node as Node<'input'>).attributes;
    return [result[node.op](name, shape, dtype)];
  }
  if (node.op === 'scalar') {
    const { name, dtype } = (node as Node<'scalar'>).attributes;
    return [result.scalar(name, dtype)];
  }
  if (node.op === 'constant') return [result.constant((node as Node<'constant'>).attributes.value)];
  const places = inputs.map((value) => `${value.node.id}.${value.index}`).join(' ');
  const key = `${node.op}(${places})${JSON.stringify(node.attributes)}`;
  const before = made.get(key);
  if (before) return before;
  const outputs = result.scope(node.scope, () => result.apply(node.op, inputs, node.attributes as never));
  made.set(key, outputs);
  return outputs;
}

/** Folding leaves the unfolded product behind: copies the graph once more without what nobody reads. */
function dropDead(graph: Graph): Graph {
  const live = liveNodes(graph);
  if (live.size === graph.nodes.length) return graph;
  return simplify(graph);
}

function isConstant(value: Value, number: number): boolean {
  return value.node.op === 'constant' && (value.node as Node<'constant'>).attributes.value === number;
}

function isRelu(value: Value): boolean {
  const { op, attributes } = value.node;
  return op === 'relu' || ((op === 'conv2d' || op === 'matMul') && (attributes as { activation: string }).activation === 'relu');
}
