/** Turns a case into a program, and places its memory so that writes outside an output are seen: every operand of the
 * arena and every variable has guard bytes on both sides. */
import { bytesPerElement } from '../../src/core/dtype.ts';
import { elementCount, type Shape } from '../../src/core/shape.ts';
import { Graph } from '../../src/graph/graph.ts';
import { lower } from '../../src/graph/lower.ts';
import type { MemoryPlan } from '../../src/graph/memory-plan.ts';
import type { ArenaBuffer, Instruction, Operand, Program } from '../../src/graph/program.ts';
import { alignmentBytes } from '../../src/graph/program-words.ts';
import { simplify } from '../../src/graph/simplify.ts';
import type { ElementwiseName } from '../../src/ops/elementwise.ts';
import { definitionOf } from '../../src/ops/table.ts';
import { type AnyCase, type GraphCase, isOpCase, type OpCase } from '../cases/case.ts';

/** A program with a place for each piece of its memory. */
export interface GuardedProgram {
  readonly program: Program;
  readonly plan: MemoryPlan;
  readonly variableOffsets: readonly number[];
  readonly variableBytes: number;
}

/** Bytes between neighbours; more than any vector register or tile tail. */
const guardBytes = 4 * alignmentBytes;

/** The program of a case with guarded memory for batches up to `batch`. */
export function programOf(testCase: AnyCase, batch: number = testCase.batch ?? 1): GuardedProgram {
  return guard(isOpCase(testCase) ? oneInstruction(testCase) : lowered(testCase), batch);
}

/** Gives each buffer and variable memory of its own, in a row, with guards around. */
export function guard(program: Program, batch: number): GuardedProgram {
  const arena = inRow(program.buffers, batch);
  const variables = inRow(program.variables, batch);
  return {
    program,
    plan: { batchCapacity: batch, offsets: arena.offsets, bytes: arena.bytes },
    variableOffsets: variables.offsets,
    variableBytes: variables.bytes,
  };
}

function inRow(pieces: readonly Pick<ArenaBuffer, 'shape' | 'dtype'>[], batch: number) {
  const offsets: number[] = [];
  let bytes = guardBytes;
  for (const { shape, dtype } of pieces) {
    offsets.push(bytes);
    const size = elementCount(shape, batch) * bytesPerElement(dtype);
    bytes += Math.ceil(size / alignmentBytes) * alignmentBytes + guardBytes;
  }
  return { offsets, bytes };
}

/** One instruction made by hand, so that parity of kernels does not depend on how graphs are lowered. Inputs are named
 * `input0`, …; outputs `output0`, …. */
function oneInstruction({ op, attributes, inputs }: OpCase): Program {
  const definition = definitionOf(op);
  const buffers: ArenaBuffer[] = [];
  const variables: { name: string; shape: Shape; dtype: 'float32' | 'uint8' | 'int32' }[] = [];
  const scalars: { name: string; dtype: 'float32' | 'uint8' | 'int32' }[] = [];
  const operands = inputs.map(({ shape, dtype, region }, index): Operand => {
    const name = `input${index}`;
    const list = { arena: buffers, variables, scalars }[region];
    if (region === 'arena') buffers.push({ shape, dtype, firstUse: -1, lastUse: 0 });
    else if (region === 'variables') variables.push({ name, shape, dtype });
    else scalars.push({ name, dtype });
    return { region, buffer: list.length - 1, shape, dtype };
  });
  const outputs = definition.infer(inputs, attributes as never, op).map(({ shape, dtype }): Operand => {
    buffers.push({ shape, dtype, firstUse: 0, lastUse: 1 });
    return { region: 'arena', buffer: buffers.length - 1, shape, dtype };
  });
  const instruction = (
    definition.elementwise
      ? { kind: 'elementwise', code: oneStep(op as ElementwiseName, attributes, inputs.length), label: '' }
      : { kind: 'kernel', op, attributes, label: '' }
  ) as Instruction;
  return {
    instructions: [{ ...instruction, inputs: operands, outputs }],
    buffers,
    variables,
    scalars,
    inputs: Object.fromEntries(
      operands.flatMap((operand, index) => (operand.region === 'arena' ? [[`input${index}`, operand]] : [])),
    ),
    outputs: Object.fromEntries(outputs.map((operand, index) => [`output${index}`, operand])),
  };
}

function oneStep(op: ElementwiseName, attributes: object, inputCount: number) {
  const { low, high, scale, offset, stream } = attributes as Record<string, number>;
  const first = low ?? scale ?? stream ?? 0;
  const second = high ?? offset ?? 0;
  const step = { op, target: inputCount, a: 0, b: Math.min(1, inputCount - 1), first, second };
  return { temporaries: 0, constants: [], steps: [step] };
}

function lowered(testCase: GraphCase): Program {
  return lower(simplify(graphOf(testCase)));
}

/** The graph of a case that has several ops. */
export function graphOf({ inputs, build }: GraphCase): Graph {
  const graph = new Graph();
  const values = inputs.map(({ shape, dtype, region }, index) => {
    const name = `input${index}`;
    if (region === 'scalars') return graph.scalar(name, dtype);
    return region === 'variables' ? graph.variable(name, shape, dtype) : graph.input(name, shape, dtype);
  });
  build(graph, values);
  return graph;
}
