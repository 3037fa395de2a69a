/** Lowers a graph to a program: units become instructions, values that cross between units become buffers. */
import { BackendError } from '../core/errors.ts';
import type { Node, Value } from '../ops/op.ts';
import { definitionOf } from '../ops/table.ts';
import { codeElementwise } from './elementwise-code.ts';
import { type FuseOptions, type Fusion, fuse, storageOf, type Unit } from './fuse.ts';
import type { Graph } from './graph.ts';
import type { Instruction, Operand, Program, ScalarType, VariableType } from './program.ts';

/** A program for a graph. The graph should have been simplified. @throws BackendError where a kernel would read a bare constant */
export function lower(graph: Graph, options: FuseOptions = {}): Program {
  return new Lowering(graph, options).run();
}

interface MutableBuffer {
  readonly value: Value;
  firstUse: number;
  lastUse: number;
}

class Lowering {
  readonly #graph: Graph;
  readonly #fusion: Fusion;
  readonly #assigned: Map<Value, Value>;
  readonly #buffers: MutableBuffer[] = [];
  readonly #bufferOf = new Map<Value, number>();
  readonly #variables: VariableType[] = [];
  readonly #scalars: ScalarType[] = [];
  readonly #leafNumbers = new Map<Value, number>();

  constructor(graph: Graph, options: FuseOptions) {
    this.#graph = graph;
    this.#fusion = fuse(graph, options);
    this.#assigned = new Map(graph.assignments.map(({ variable, value }) => [value, variable]));
  }

  run(): Program {
    const inputs = named(this.#graph.inputs, (value) => this.#operand(value, -1));
    const readOutside = this.#valuesReadOutside();
    const instructions = this.#fusion.units.map((unit, index) =>
      unit.kind === 'kernel' ? this.#kernel(unit.nodes[0]!, index) : this.#fused(unit, readOutside, index),
    );
    const outputs = named(this.#graph.outputs, (value) => this.#operand(value, instructions.length));
    return {
      instructions,
      buffers: this.#buffers.map(({ value: { shape, dtype }, firstUse, lastUse }) => ({
        shape,
        dtype,
        firstUse,
        lastUse,
      })),
      variables: this.#variables,
      scalars: this.#scalars,
      inputs,
      outputs,
    };
  }

  #kernel(node: Node, index: number): Instruction {
    const inputs = node.inputs.map((value) => this.#operand(value, index));
    const outputs = node.outputs.map((value) => this.#operand(value, index));
    return { kind: 'kernel', op: node.op, attributes: node.attributes, inputs, outputs, label: node.scope };
  }

  #fused(unit: Unit, readOutside: ReadonlyMap<Value, ReadonlySet<Unit>>, index: number): Instruction {
    const nodes = unit.nodes.filter((node) => node !== unit.product);
    const results = nodes.map((node) => node.outputs[0]!);
    const written = results.filter((value) => this.#assigned.has(value) || readOutside.has(value));
    const coded = codeElementwise(
      nodes,
      (node) => this.#fusion.inlined.has(node),
      written,
      new Map(written.flatMap((value) => (this.#assigned.has(value) ? [[value, this.#assigned.get(value)!]] : []))),
      unit.product?.outputs[0],
    );
    const outputs = coded.outputs.map((value) => this.#operand(this.#assigned.get(value) ?? value, index));
    const { code } = coded;
    const label = nodes.at(-1)!.scope;
    const inputs = coded.inputs.slice(unit.product ? 1 : 0).map((value) => this.#operand(value, index));
    if (!unit.product) return { kind: 'elementwise', code, inputs, outputs, label };
    const matrices = unit.product.inputs.map((value) => this.#operand(value, index));
    const { attributes } = unit.product;
    return { kind: 'product', attributes, code, inputs: [...matrices, ...inputs], outputs, label };
  }

  /** Values of elementwise units that something outside their unit reads: other units, or the caller. */
  #valuesReadOutside(): Map<Value, Set<Unit>> {
    const readers = new Map<Value, Set<Unit>>();
    const visit = (value: Value, unit: Unit): void => {
      const storage = storageOf(value);
      if (this.#fusion.inlined.has(storage.node)) {
        for (const input of storage.node.inputs) visit(input, unit);
      } else if (this.#fusion.unitOf.get(storage.node) !== unit) {
        readers.set(storage, (readers.get(storage) ?? new Set()).add(unit));
      }
    };
    const caller: Unit = { kind: 'kernel', nodes: [] };
    for (const unit of this.#fusion.units) {
      for (const node of unit.nodes) for (const input of node.inputs) visit(input, unit);
    }
    for (const value of this.#graph.outputs.values()) visit(value, caller);
    return readers;
  }

  #operand(value: Value, index: number): Operand {
    const storage = storageOf(value);
    const { shape, dtype } = value;
    if (storage.node.op === 'variable') {
      return { region: 'variables', buffer: this.#leaf(storage, this.#variables), shape, dtype };
    }
    if (storage.node.op === 'scalar') {
      return { region: 'scalars', buffer: this.#leaf(storage, this.#scalars), shape, dtype };
    }
    if (storage.node.op === 'constant') {
      throw new BackendError(
        'lower: expected a computed value, received a bare constant. Constants can be read by elementwise ops only.',
      );
    }
    return { region: 'arena', buffer: this.#touch(storage, index), shape, dtype };
  }

  #leaf(value: Value, list: (VariableType | ScalarType)[]): number {
    const known = this.#leafNumbers.get(value);
    if (known !== undefined) return known;
    const { name } = (value.node as Node<'variable'>).attributes;
    list.push({ name, shape: value.shape, dtype: value.dtype });
    this.#leafNumbers.set(value, list.length - 1);
    return list.length - 1;
  }

  #touch(storage: Value, index: number): number {
    const known = this.#bufferOf.get(storage);
    if (known !== undefined) {
      const buffer = this.#buffers[known]!;
      buffer.lastUse = Math.max(buffer.lastUse, index);
      return known;
    }
    this.#buffers.push({ value: storage, firstUse: index, lastUse: index });
    this.#bufferOf.set(storage, this.#buffers.length - 1);
    return this.#buffers.length - 1;
  }
}

function named(values: ReadonlyMap<string, Value>, place: (value: Value) => Operand): Record<string, Operand> {
  return Object.fromEntries([...values].map(([name, value]) => [name, place(value)]));
}

/** Floating-point operations of a graph for one example. */
export function countFlops(graph: Graph): number {
  return graph.nodes.reduce((total, node) => {
    const { flops } = definitionOf(node.op);
    return total + (flops?.(node.inputs, node.outputs, node.attributes as never) ?? 0);
  }, 0);
}
