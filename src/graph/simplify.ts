/** Rewrites a graph into a smaller one with the same outputs: what nobody reads is dropped, what does nothing is passed
 * through, equal nodes are made once, and a bias or ReLU behind a product is taken into it. */
import { identity } from '../ops/elementwise.ts';
import type { Node, Value } from '../ops/op.ts';
import { definitionOf } from '../ops/table.ts';
import { storageOf } from './fuse.ts';
import { Graph } from './graph.ts';
import { joins, type Reader, type Rule, type RuleContext, reductions, rules } from './simplify-rules.ts';

/** A smaller graph that computes the same outputs and assignments. Without `fusion`, convolutions and products take nothing
 * in that could run by itself. */
export function simplify(graph: Graph, { fusion = true }: { fusion?: boolean } = {}): Graph {
  if (!fusion) return rewrite(graph, reductions);
  // Without rules equal nodes are still made once: after that, each value has the readers that it will keep.
  return rewrite(rewrite(rewrite(graph, rules), []), joins);
}

/** The graph with some rules applied, until nothing is left that nobody reads. */
function rewrite(graph: Graph, chosen: readonly Rule[]): Graph {
  const live = liveNodes(graph);
  const readers = findReaders(graph, live);
  const result = new Graph();
  const moved = new Map<Value, Value>();
  const made = new Map<string, readonly Value[]>();
  const move = (value: Value): Value => moved.get(value)!;
  for (const node of graph.nodes) {
    if (!live.has(node)) continue;
    const inputs = node.inputs.map(move);
    const context = { graph: result, node, inputs, readers: (value: Value) => readers.get(value) ?? [] };
    const outputs = firstAnswer(chosen, context) ?? copy(result, node, inputs, made);
    node.outputs.forEach((output, index) => {
      const target = outputs[index];
      if (target) moved.set(output, target);
    });
  }
  for (const [name, value] of graph.outputs)
    result.output(name, computed(move(value), ['variable', 'scalar', 'constant']));
  for (const { variable, value } of graph.assignments) {
    result.assignments.push({ variable: move(variable), value: apart(move(value)) });
  }
  // What was folded into another node is left behind: it goes with one more pass.
  return liveNodes(result).size === result.nodes.length ? result : rewrite(result, chosen);
}

/** The value, or a copy of it where it lies among the given leaves: an output is read after the run, when a variable has its
 * new value already, and kernels find no constants in memory. */
function computed(value: Value, leaves: readonly string[]): Value {
  return leaves.includes(storageOf(value).node.op) ? identity(value) : value;
}

/** What an assignment stores: a copy of a copy where the value is another variable's, so that two variables can take each
 * other's values, whatever their shapes: both are read before one is written. */
function apart(stored: Value): Value {
  return storageOf(stored.node.inputs[0]!).node.op === 'variable' ? identity(stored) : stored;
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

/** The live nodes that read each value, once for each of their inputs that it is; the caller reads outputs of the graph. */
function findReaders(graph: Graph, live: ReadonlySet<Node>): Map<Value, Reader[]> {
  const readers = new Map<Value, Reader[]>();
  const add = (value: Value, reader: Reader) => readers.set(value, [...(readers.get(value) ?? []), reader]);
  for (const node of live) for (const value of node.inputs) add(value, node);
  for (const value of graph.outputs.values()) add(value, 'caller');
  return readers;
}

function firstAnswer(all: readonly Rule[], context: RuleContext): readonly Value[] | undefined {
  for (const rule of all) {
    const answer = rule(context);
    if (answer) return answer;
  }
  return undefined;
}

/** Adds the node to the new graph, or finds the equal one that is already there. */
function copy(
  result: Graph,
  node: Node,
  inputs: readonly Value[],
  made: Map<string, readonly Value[]>,
): readonly Value[] {
  if (node.op === 'input' || node.op === 'variable') {
    const { name, shape, dtype } = (node as Node<'input'>).attributes;
    return [result[node.op](name, shape, dtype)];
  }
  if (node.op === 'scalar') {
    const { name, dtype } = (node as Node<'scalar'>).attributes;
    return [result.scalar(name, dtype)];
  }
  if (node.op === 'constant') return [result.constant((node as Node<'constant'>).attributes.value)];
  if (definitionOf(node.op).role === undefined && !definitionOf(node.op).elementwise) {
    inputs = inputs.map((value) => computed(value, ['constant']));
  }
  const places = inputs.map((value) => `${value.node.id}.${value.index}`).join(' ');
  const key = `${node.op}(${places})${JSON.stringify(node.attributes)}`;
  const before = made.get(key);
  // An identity is a place of its own: two assignments of one value, or an assignment and an output, need one each.
  if (before && node.op !== 'identity') return before;
  const outputs = result.scope(node.scope, () => result.apply(node.op, inputs, node.attributes as never));
  made.set(key, outputs);
  return outputs;
}
