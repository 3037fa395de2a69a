/** Groups the nodes of a graph into units: a unit becomes one instruction. Elementwise neighbours with the same loop
 * become one unit, so that memory is passed over once, and a weight's gradient joins the unit that alone reads it; every
 * other node is a unit of its own. */
import { hasBatch, sameShape } from '../core/shape.ts';
import { isRandom } from '../ops/elementwise.ts';
import type { Node, Value } from '../ops/op.ts';
import { definitionOf } from '../ops/table.ts';
import type { Graph } from './graph.ts';

/** Nodes that run as one instruction, in order. */
export interface Unit {
  readonly kind: 'kernel' | 'elementwise' | 'product';
  readonly nodes: Node[];
  /** Of a `product`: its node that is no elementwise one. */
  readonly product?: Node<'matMul'>;
}

/** A unit may not read and make more values than these together, so that the tiles of its registers stay in near caches. */
export const mostValues = 32;

/** A value that more steps than these lead to is stored rather than computed again by each reader. */
const mostInlinedSteps = 8;

/** The value whose memory an alias shares. */
export function storageOf(value: Value): Value {
  return definitionOf(value.node.op).role === 'alias' ? storageOf(value.node.inputs[0]!) : value;
}

export function isElementwise(node: Node): boolean {
  return definitionOf(node.op).elementwise === true;
}

/** True for aᵀ·b of a size that does not depend on the batch. */
function isWeightGradient(node: Node): node is Node<'matMul'> {
  if (node.op !== 'matMul' || node.inputs.length !== 2 || hasBatch(node.outputs[0]!.shape)) return false;
  const { transposeA, transposeB, activation } = (node as Node<'matMul'>).attributes;
  return transposeA === 'yes' && transposeB === 'no' && activation === 'linear';
}

/** True for values that come from scalars and constants alone. */
function isLeafNumber(value: Value): boolean {
  return value.node.op === 'scalar' || value.node.op === 'constant';
}

/** What `fuse` found out. */
export interface Fusion {
  /** Units in an order in which they can run. */
  readonly units: readonly Unit[];
  /** Nodes that every reader computes for itself. */
  readonly inlined: ReadonlySet<Node>;
  readonly unitOf: ReadonlyMap<Node, Unit>;
}

/** How far fusing goes. */
export interface FuseOptions {
  /** False leaves matrix products by themselves; default true. */
  readonly fusion?: boolean;
}

/** Cuts a graph into units and puts them in order. */
export function fuse(graph: Graph, { fusion = true }: FuseOptions = {}): Fusion {
  return new Fuser(graph).run(fusion);
}

class Fuser {
  readonly #graph: Graph;
  readonly #uses = new Map<Value, Node[]>();
  readonly #inlined = new Set<Node>();
  /** Outputs of the graph, and what it assigns. */
  readonly #asked: ReadonlySet<Value>;
  readonly #unitOf = new Map<Node, Unit>();
  /** For the node of an assignment: the nodes that must have read the old value before. */
  readonly #readersBefore = new Map<Node, readonly Node[]>();

  constructor(graph: Graph) {
    this.#graph = graph;
    for (const node of graph.nodes) {
      for (const input of node.inputs) this.#uses.set(input, [...(this.#uses.get(input) ?? []), node]);
    }
    const asked = [...graph.outputs.values(), ...graph.assignments.map(({ value }) => value)];
    this.#asked = new Set([...asked, ...asked.map(storageOf)]);
    for (const node of graph.nodes) if (this.#isInlined(node)) this.#inlined.add(node);
    for (const { variable, value } of graph.assignments) {
      this.#readersBefore.set(
        value.node,
        this.#readers(variable).filter((reader) => reader !== value.node),
      );
    }
  }

  run(joinsProducts: boolean): Fusion {
    for (const node of this.#graph.nodes) {
      if (definitionOf(node.op).role !== undefined || this.#inlined.has(node)) continue;
      this.#unitOf.set(node, { kind: isElementwise(node) ? 'elementwise' : 'kernel', nodes: [node] });
    }
    // Every node has its unit by now: an assignment waits for readers that come after it in the graph.
    for (const [node, { kind }] of [...this.#unitOf]) if (kind === 'elementwise') this.#join(node);
    for (const node of joinsProducts ? [...this.#unitOf.keys()] : []) this.#joinReader(node);
    const units = [...new Set(this.#unitOf.values())];
    for (const unit of units) unit.nodes.sort((a, b) => a.id - b.id);
    return { units: this.#schedule(units), inlined: this.#inlined, unitOf: this.#unitOf };
  }

  /** Nodes that cost less to compute again than to store: made of scalars and constants, or mere repetition. Each
   * elementwise reader computes them for itself (dropout's mask is drawn again, never stored). */
  #isInlined(node: Node): boolean {
    if (!isElementwise(node) || this.#asked.has(node.outputs[0]!)) return false;
    const isCheap = node.inputs.every(
      (input) => isLeafNumber(input) || (this.#inlined.has(input.node) && input.node.op !== 'broadcast'),
    );
    const readers = this.#uses.get(node.outputs[0]!) ?? [];
    if (readers.length === 0 || !readers.every(isElementwise)) return false;
    if (node.op === 'broadcast') return true;
    const { steps } = this.#expand([node]);
    // A random number belongs to the place of its element, so a reader with another loop would draw others.
    const isDrawn = [...steps].some(({ op }) => isRandom(op));
    const hasSameLoop = (reader: Node) => sameShape(reader.outputs[0]!.shape, node.outputs[0]!.shape);
    return isCheap && steps.size <= mostInlinedSteps && (!isDrawn || readers.every(hasSameLoop));
  }

  /** Nodes in units that read a value, also through aliases and inlined nodes. */
  #readers(value: Value): Node[] {
    return (this.#uses.get(value) ?? []).flatMap((node) =>
      definitionOf(node.op).role === 'alias' || this.#inlined.has(node) ? this.#readers(node.outputs[0]!) : [node],
    );
  }

  /** Nodes in units that must run before a node. */
  #dependencies(node: Node): Node[] {
    const before: Node[] = [];
    const visit = (value: Value): void => {
      const { node: producer } = storageOf(value);
      if (this.#inlined.has(producer)) producer.inputs.forEach(visit);
      else if (definitionOf(producer.op).role === undefined) before.push(producer);
    };
    node.inputs.forEach(visit);
    return [...before, ...(this.#readersBefore.get(node) ?? [])];
  }

  /** Puts an elementwise node into the units of its producers where loops are equal and no cycle arises. */
  #join(node: Node): void {
    let unit = this.#unitOf.get(node)!;
    for (const producer of this.#dependencies(node)) {
      const other = this.#unitOf.get(producer);
      if (!other || other === unit || other.kind !== 'elementwise') continue;
      if (!sameShape(other.nodes[0]!.outputs[0]!.shape, node.outputs[0]!.shape)) continue;
      if (!this.#fits([...other.nodes, ...unit.nodes]) || this.#makesCycle(other, unit)) continue;
      const merged: Unit = { kind: 'elementwise', nodes: [...other.nodes, ...unit.nodes] };
      for (const member of merged.nodes) this.#unitOf.set(member, merged);
      unit = merged;
    }
  }

  /** Puts a matrix product into the elementwise unit that is its only reader. It must be aᵀ·b, as the gradient of weights
   * is, whose batch is summed over: then rows of the product are complete one after another, however large the batch. */
  #joinReader(node: Node): void {
    const [value] = node.outputs as [Value];
    if (!isWeightGradient(node) || this.#asked.has(value)) return;
    const [unit, ...others] = new Set(this.#readers(value).map((reader) => this.#unitOf.get(reader)!));
    if (unit?.kind !== 'elementwise' || others.length > 0) return;
    const { steps } = this.#expand(unit.nodes);
    const isInOrder = (input: Value) => storageOf(input) !== value || sameShape(input.shape, value.shape);
    const isFit = [...steps].every(({ op, inputs }) => !isRandom(op) && inputs.every(isInOrder));
    const loop = unit.nodes[0]!.outputs[0]!.shape;
    const own = this.#unitOf.get(node)!;
    // An operand of the product that the unit assigns would change while it is read.
    const isOverwritten = unit.nodes.some((member) => this.#readersBefore.get(member)?.includes(node));
    if (!isFit || isOverwritten || !sameShape(loop, value.shape) || this.#makesCycle(own, unit)) return;
    const merged: Unit = { kind: 'product', nodes: [node, ...unit.nodes], product: node };
    for (const member of merged.nodes) this.#unitOf.set(member, merged);
  }

  #fits(nodes: readonly Node[]): boolean {
    return this.#expand(nodes).values.size <= mostValues;
  }

  /** Nodes together with all that is inlined into them, and every value that these read or make. */
  #expand(nodes: readonly Node[]): { steps: ReadonlySet<Node>; values: ReadonlySet<Value> } {
    const steps = new Set(nodes);
    const values = new Set<Value>();
    for (const node of steps) {
      for (const value of [...node.inputs, ...node.outputs]) values.add(value);
      for (const { node: input } of node.inputs) if (this.#inlined.has(input)) steps.add(input);
    }
    return { steps, values };
  }

  /** True where a path leaves the two units and comes back into them. */
  #makesCycle(a: Unit, b: Unit): boolean {
    const isInside = (node: Node) => this.#unitOf.get(node) === a || this.#unitOf.get(node) === b;
    const seen = new Set<Unit>();
    const reaches = (node: Node): boolean => {
      const unit = this.#unitOf.get(node);
      if (!unit || seen.has(unit)) return false;
      seen.add(unit);
      return unit.nodes.some((member) => this.#dependencies(member).some((next) => isInside(next) || reaches(next)));
    };
    return [...a.nodes, ...b.nodes].some((node) =>
      this.#dependencies(node).some((next) => !isInside(next) && reaches(next)),
    );
  }

  /** Units in graph order, except that assignments run as soon as they can: gradients then free their memory early. */
  #schedule(units: readonly Unit[]): Unit[] {
    const before = new Map<Unit, Set<Unit>>();
    for (const unit of units) {
      const needed = unit.nodes.flatMap((node) => this.#dependencies(node)).map((node) => this.#unitOf.get(node)!);
      before.set(unit, new Set(needed.filter((other) => other !== unit)));
    }
    const rank = (unit: Unit): number => {
      const isAssignment = unit.nodes.some((node) => this.#readersBefore.has(node));
      if (!isAssignment) return unit.nodes.at(-1)!.id;
      return Math.max(0, ...[...before.get(unit)!].map((other) => other.nodes.at(-1)!.id));
    };
    const waiting = units.map((unit) => ({ unit, rank: rank(unit) })).sort((a, b) => a.rank - b.rank);
    const done = new Set<Unit>();
    const order: Unit[] = [];
    while (waiting.length > 0) {
      const next = waiting.findIndex(({ unit }) => [...before.get(unit)!].every((other) => done.has(other)));
      const { unit } = waiting.splice(next, 1)[0]!;
      done.add(unit);
      order.push(unit);
    }
    return order;
  }
}
