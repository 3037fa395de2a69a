/** A graph: ops applied to values, in an order in which each comes after what it reads. It lasts: sub-models, export,
 * gradient and fusion all read it, and none of them needs layers. */
import type { DType } from '../core/dtype.ts';
import { OptionError, ShapeError } from '../core/errors.ts';
import { formatShape, type Shape, sameShape } from '../core/shape.ts';
import { identity } from '../ops/elementwise.ts';
import type { Builder, Node, Value, ValueType } from '../ops/op.ts';
import { type AttributesFor, definitionOf, type OpName } from '../ops/table.ts';

/** A variable that gets a new value when the graph has run. */
export interface Assignment {
  readonly variable: Value;
  readonly value: Value;
}

/** Collects nodes. Values of the same name are the same value: inputs, variables and scalars are made once. */
export class Graph implements Builder {
  readonly nodes: Node[] = [];
  readonly inputs: Map<string, Value> = new Map();
  readonly variables: Map<string, Value> = new Map();
  readonly scalars: Map<string, Value> = new Map();
  readonly outputs: Map<string, Value> = new Map();
  readonly assignments: Assignment[] = [];
  #constants = new Map<number, Value>();
  #scopes: string[] = [];

  /** Adds a node and returns its outputs. @throws ShapeError where the inputs do not fit the op */
  apply<Name extends OpName>(op: Name, inputs: readonly Value[], attributes: AttributesFor<Name>): readonly Value[] {
    const scope = this.#scopes.join('/');
    const definition = definitionOf(op);
    const types = definition.infer(inputs, attributes as never, scope ? `${op} in ${scope}` : op);
    return this.#append(op, inputs, attributes, types, scope);
  }

  /** A batch that is written before each run; `shape` starts with the batch axis. */
  input(name: string, shape: Shape, dtype: DType = 'float32'): Value {
    return this.#named(this.inputs, 'input', name, shape, dtype);
  }

  /** A weight or a slot that lasts from run to run. */
  variable(name: string, shape: Shape, dtype: DType = 'float32'): Value {
    return this.#named(this.variables, 'variable', name, shape, dtype);
  }

  /** A number given at each run. `batchSize` is filled in by the engine. */
  scalar(name: string, dtype: DType = 'float32'): Value {
    const known = this.scalars.get(name);
    if (known) return known;
    const [value] = this.apply('scalar', [], { name, dtype });
    this.scalars.set(name, value!);
    return value!;
  }

  /** A number known now. */
  constant(value: number): Value {
    const known = this.#constants.get(value);
    if (known) return known;
    const [made] = this.apply('constant', [], { value });
    this.#constants.set(value, made!);
    return made!;
  }

  /** Asks for a value after each run. A value that is asked for is never fused away. */
  output(name: string, value: Value): void {
    this.outputs.set(name, value);
  }

  /** Stores `value` into `variable` once everything that reads the old value has run. A variable can be assigned once. */
  assign(variable: Value, value: Value): void {
    const isAgain = this.assignments.some((assignment) => assignment.variable === variable);
    if (variable.node.op !== 'variable' || isAgain) {
      const { name } = variable.node.attributes as { name?: string };
      throw new OptionError(
        `assign: expected a variable that has no new value yet, received ${isAgain ? `"${name}" again` : variable.node.op}.`,
      );
    }
    if (!sameShape(variable.shape, value.shape)) {
      throw new ShapeError(
        `assign: expected a value of shape ${formatShape(variable.shape)}, received ${formatShape(value.shape)}.`,
      );
    }
    this.assignments.push({ variable, value: identity(value) });
  }

  /** Nodes made inside `body` carry `name` in their scope. */
  scope<Result>(name: string, body: () => Result): Result {
    this.#scopes.push(name);
    try {
      return body();
    } finally {
      this.#scopes.pop();
    }
  }

  #append<Name extends OpName>(
    op: Name,
    inputs: readonly Value[],
    attributes: AttributesFor<Name>,
    types: readonly ValueType[],
    scope: string,
  ): readonly Value[] {
    const outputs: Value[] = [];
    const node = { id: this.nodes.length, op, inputs, attributes, outputs, scope } as unknown as Node;
    types.forEach(({ shape, dtype }, index) => {
      outputs.push({ graph: this, node, index, shape, dtype });
    });
    this.nodes.push(node);
    return outputs;
  }

  #named(known: Map<string, Value>, op: 'input' | 'variable', name: string, shape: Shape, dtype: DType): Value {
    const before = known.get(name);
    if (before) {
      if (sameShape(before.shape, shape) && before.dtype === dtype) return before;
      throw new OptionError(
        `${op} "${name}": expected ${before.dtype} ${formatShape(before.shape)} as before, received ${dtype} ${formatShape(shape)}. ` +
          'Give it another name.',
      );
    }
    const [value] = this.apply(op, [], { name, shape, dtype });
    known.set(name, value!);
    return value!;
  }
}
