/** Reverse-mode differentiation: walks the graph backwards and asks each op's row for its rule. The gradients are nodes
 * of the same graph, so they can be fused, planned and differentiated again. */
import { OptionError } from '../core/errors.ts';
import { formatShape } from '../core/shape.ts';
import { add, broadcastTo } from '../ops/elementwise.ts';
import type { GradientContext, Node, Value } from '../ops/op.ts';
import { definitionOf } from '../ops/table.ts';
import type { Graph } from './graph.ts';

/**
 * Gradients of a scalar with respect to values, in their order; absent where the scalar does not depend on one.
 *
 * @throws OptionError where `loss` is not a single number, or where an op on the way has no gradient
 */
export function gradient(graph: Graph, loss: Value, wrt: readonly Value[]): (Value | undefined)[] {
  if (loss.shape.length !== 0) {
    throw new OptionError(`gradient: expected a loss that is one number, received shape ${formatShape(loss.shape)}.`);
  }
  const forward = graph.nodes.slice(0, loss.node.id + 1);
  const isNeeded = dependents(forward, wrt);
  const gradients = new Map<Value, Value>([[loss, graph.constant(1)]]);
  for (const node of forward.reverse()) {
    if (!node.inputs.some((input) => isNeeded.has(input.node))) continue;
    const arriving = node.outputs.map((output) => gradients.get(output));
    if (arriving.every((value) => value === undefined)) continue;
    graph.scope(node.scope ? `${node.scope}/gradient` : 'gradient', () => {
      for (const [input, contribution] of contributions(graph, node, arriving)) {
        if (!isNeeded.has(input.node)) continue;
        const before = gradients.get(input);
        gradients.set(input, before ? add(before, contribution) : contribution);
      }
    });
  }
  return wrt.map((value) => gradients.get(value));
}

/** The given values' nodes, and those that depend on them. */
function dependents(nodes: readonly Node[], wrt: readonly Value[]): Set<Node> {
  const found = new Set<Node>(wrt.map((value) => value.node));
  for (const node of nodes) {
    if (node.inputs.some((input) => found.has(input.node))) found.add(node);
  }
  return found;
}

function contributions(graph: Graph, node: Node, arriving: readonly (Value | undefined)[]): [Value, Value][] {
  const definition = definitionOf(node.op);
  if (definition.role === 'leaf') return [];
  if (!definition.gradient) {
    throw new OptionError(`gradient: ${node.op} has no gradient, and the loss depends on it${inScope(node)}.`);
  }
  const gradients = arriving.map((value, index) => value && broadcastTo(value, node.outputs[index]!.shape));
  const context = { graph, inputs: node.inputs, outputs: node.outputs, gradients, attributes: node.attributes };
  return definition
    .gradient(context as unknown as GradientContext<never>)
    .flatMap((value, index): [Value, Value][] => (value ? [[node.inputs[index]!, value]] : []));
}

function inScope(node: Node): string {
  return node.scope ? ` (in ${node.scope})` : '';
}
