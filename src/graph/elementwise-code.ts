/** Turns a unit of elementwise nodes into steps over registers: inputs, outputs, temporaries, constants. */
import { type ElementwiseName, isRandom } from '../ops/elementwise.ts';
import type { Node, Value } from '../ops/op.ts';
import { storageOf } from './fuse.ts';
import type { ElementwiseCode, ElementwiseStep } from './program.ts';

/** A unit as code, with the values that its input and output registers stand for. */
export interface CodedUnit {
  readonly code: ElementwiseCode;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

type Register = { kind: 'input' | 'output' | 'temporary' | 'constant'; index: number };

interface DraftStep {
  readonly node: Node;
  readonly target: Register;
  readonly operands: readonly Register[];
}

/**
 * @param nodes the unit's nodes in order
 * @param isInlined nodes that the unit computes for itself
 * @param outputs values that others read, or that are assigned
 * @param assigned the outputs that are stored into variables, with those variables: they are written last, because the old
 *   value may be read
 * @param product a value that the same instruction computes before: the first input register, whatever shape it is read in
 */
export function codeElementwise(
  nodes: readonly Node[],
  isInlined: (node: Node) => boolean,
  outputs: readonly Value[],
  assigned: ReadonlyMap<Value, Value>,
  product?: Value,
): CodedUnit {
  const steps = expand(nodes, isInlined, assigned);
  const members = new Set(steps);
  // What the unit makes and reads again under another shape has as many elements as the loop, in the same order.
  const isMade = (value: Value) => members.has(value.node) || value === product;
  const operandsOf = (node: Node): Value[] =>
    node.inputs.map((input) => (isMade(storageOf(input)) ? storageOf(input) : input));
  const lastRead = new Map<Value, number>();
  steps.forEach((node, index) => {
    for (const input of operandsOf(node)) lastRead.set(input, index);
  });
  const inputs: Value[] = [];
  const constants: number[] = [];
  const registers = new Map<Value, Register>();
  const free: number[] = [];
  let temporaries = 0;

  const read = (value: Value): Register => {
    const known = registers.get(value);
    if (known) return known;
    const source = storageOf(value).node;
    const isConstant = source.op === 'constant';
    const list: unknown[] = isConstant ? constants : inputs;
    list.push(isConstant ? (source as Node<'constant'>).attributes.value : value);
    const register: Register = { kind: isConstant ? 'constant' : 'input', index: list.length - 1 };
    registers.set(value, register);
    return register;
  };

  if (product) read(product);
  const drafts: DraftStep[] = [];
  // A variable that is copied into another while it gets a new value itself is kept in a temporary first.
  const keepOverwritten = (): void => {
    const overwritten = new Set(assigned.values());
    for (const { node } of assigned.keys()) {
      const source = node.inputs[0]!;
      if (node.op !== 'identity' || !overwritten.has(storageOf(source))) continue;
      const target: Register = { kind: 'temporary', index: temporaries++ };
      drafts.push({ node, target, operands: [read(source)] });
      registers.set(source, target);
    }
  };
  const firstAssignment = steps.findIndex((node) => assigned.has(node.outputs[0]!));
  for (const [index, node] of steps.entries()) {
    if (index === firstAssignment) keepOverwritten();
    const operands = operandsOf(node).map(read);
    for (const input of new Set(operandsOf(node))) {
      const register = registers.get(input)!;
      if (register.kind === 'temporary' && members.has(input.node) && lastRead.get(input) === index) {
        free.push(register.index);
      }
    }
    const [result] = node.outputs as [Value];
    const output = outputs.indexOf(result);
    const target: Register =
      output >= 0 ? { kind: 'output', index: output } : { kind: 'temporary', index: free.pop() ?? temporaries++ };
    registers.set(result, target);
    drafts.push({ node, target, operands });
  }

  const starts = {
    input: 0,
    output: inputs.length,
    temporary: inputs.length + outputs.length,
    constant: inputs.length + outputs.length + temporaries,
  };
  const number = ({ kind, index }: Register) => starts[kind] + index;
  return {
    inputs,
    outputs,
    code: {
      temporaries,
      constants,
      steps: drafts.map(({ node, target, operands: [a, b] }): ElementwiseStep => {
        const [first, second] = immediates(node);
        return {
          op: node.op as ElementwiseName,
          target: number(target),
          a: a ? number(a) : 0,
          b: b ? number(b) : 0,
          first,
          second,
        };
      }),
    },
  };
}

/** The unit's nodes with the inlined ones before their readers, and assignments last. */
function expand(
  nodes: readonly Node[],
  isInlined: (node: Node) => boolean,
  assigned: ReadonlyMap<Value, Value>,
): Node[] {
  const steps = new Set<Node>();
  const visit = (node: Node): void => {
    for (const input of node.inputs) if (isInlined(input.node)) visit(input.node);
    steps.add(node);
  };
  const isAssigned = (node: Node) => assigned.has(node.outputs[0]!);
  nodes.filter((node) => !isAssigned(node)).forEach(visit);
  nodes.filter(isAssigned).forEach(visit);
  return [...steps];
}

function immediates(node: Node): [number, number] {
  if (node.op === 'clip') {
    const { low, high } = (node as Node<'clip'>).attributes;
    return [low, high];
  }
  if (node.op === 'rescale') {
    const { scale, offset } = (node as Node<'rescale'>).attributes;
    return [scale, offset];
  }
  if (node.op === 'power') return [(node as Node<'power'>).attributes.exponent, 0];
  return isRandom(node.op) ? [(node as Node<'randomUniform'>).attributes.stream, 0] : [0, 0];
}
