/** Small programs made by hand, so that backends are tested without the graph that usually writes programs. */
import type { Backend, BackendMemory, LoadedProgram, MemoryArray, RunReport } from '../../src/backends/backend.ts';
import { bytesPerElement, type DType } from '../../src/core/dtype.ts';
import { elementCount, type Shape } from '../../src/core/shape.ts';
import { planMemory } from '../../src/graph/memory-plan.ts';
import type { ElementwiseStep, Instruction, Operand, Program } from '../../src/graph/program.ts';
import type { AttributesFor, OpName } from '../../src/ops/table.ts';

type Type = readonly [shape: Shape, dtype?: DType];

/** One instruction between the inputs and the outputs of a program; each has a buffer of its own. */
export function oneInstruction(
  make: (inputs: readonly Operand[], outputs: readonly Operand[]) => Instruction,
  inputs: readonly Type[],
  outputs: readonly Type[],
  repeats = 1,
): Program {
  const types = [...inputs, ...outputs];
  const operands = types.map(
    ([shape, dtype = 'float32'], buffer): Operand => ({ region: 'arena', buffer, shape, dtype }),
  );
  const read = operands.slice(0, inputs.length);
  const written = operands.slice(inputs.length);
  return {
    instructions: Array.from({ length: repeats }, () => make(read, written)),
    buffers: operands.map(({ shape, dtype }) => ({ shape, dtype, firstUse: -1, lastUse: repeats })),
    variables: [],
    scalars: [],
    inputs: Object.fromEntries(read.map((operand, index) => [`input${index}`, operand])),
    outputs: Object.fromEntries(written.map((operand, index) => [`output${index}`, operand])),
  };
}

/** A program of one op with a kernel. */
export function kernelProgram<Name extends OpName>(
  op: Name,
  attributes: AttributesFor<Name>,
  inputs: readonly Type[],
  outputs: readonly Type[],
  repeats = 1,
): Program {
  const make = (read: readonly Operand[], written: readonly Operand[]): Instruction => ({
    kind: 'kernel',
    op,
    attributes: attributes as never,
    inputs: read,
    outputs: written,
    label: `${op}_1`,
  });
  return oneInstruction(make, inputs, outputs, repeats);
}

/** One step of code with the parts that it does not use left out. */
export type ShortStep = Partial<ElementwiseStep> & Pick<ElementwiseStep, 'op' | 'target'>;

/** A program of one fused elementwise instruction. */
export function elementwiseProgram(
  steps: readonly ShortStep[],
  inputs: readonly Type[],
  outputs: readonly Type[],
  code: { temporaries?: number; constants?: readonly number[]; repeats?: number } = {},
): Program {
  const { temporaries = 0, constants = [], repeats = 1 } = code;
  const all = steps.map((step) => ({ a: 0, b: 0, first: 0, second: 0, ...step }));
  const make = (read: readonly Operand[], written: readonly Operand[]): Instruction => ({
    kind: 'elementwise',
    code: { temporaries, constants, steps: all },
    inputs: read,
    outputs: written,
    label: 'fused',
  });
  return oneInstruction(make, inputs, outputs, repeats);
}

/** A program of one product xᵀ·dy [3, 2], whose code reads the product and then w [3, 2]. */
export function productProgram(steps: readonly ShortStep[]): Program {
  const make = ([x, dy, w]: readonly Operand[], written: readonly Operand[]): Instruction => ({
    kind: 'product',
    attributes: { transposeA: 'yes', transposeB: 'no', activation: 'linear' },
    code: { temporaries: 0, constants: [], steps: steps.map((step) => ({ a: 0, b: 0, first: 0, second: 0, ...step })) },
    inputs: [x!, dy!, w!],
    outputs: written,
    label: 'fused',
  });
  return oneInstruction(make, [[[-1, 3]], [[-1, 2]], [[3, 2]]], [[[3, 2]]]);
}

/** A loaded program with memory of its own. */
export interface Prepared {
  readonly loaded: LoadedProgram;
  readonly arena: BackendMemory;
  run(batch?: number, profile?: boolean): Promise<RunReport>;
  write(input: number, data: ArrayBufferView): void;
  read(output: number, batch?: number): Promise<MemoryArray>;
}

/** Loads a program and allocates what it needs. */
export function prepare(backend: Backend, program: Program, batchCapacity = 1): Prepared {
  const plan = planMemory(program, batchCapacity);
  const loaded = backend.load(program, plan, []);
  const arena = backend.allocate(plan.bytes);
  const variables = backend.allocate(64);
  const scalars = backend.allocate(64);
  const place = (operand: Operand | undefined): number => plan.offsets[operand!.buffer]!;
  return {
    loaded,
    arena,
    run: (batch = batchCapacity, profile = false) =>
      backend.run(loaded, { arena, variables, scalars }, batch, { profile }),
    write(input, data) {
      const operand = program.inputs[`input${input}`]!;
      backend.write(arena, place(operand), data, operand.dtype as 'float32');
    },
    read(output, batch = batchCapacity) {
      const operand = program.outputs[`output${output}`]!;
      return backend.read(arena, place(operand), elementCount(operand.shape, batch), operand.dtype as 'float32');
    },
  };
}

/** Numbers between -1 and 1 without a pattern, the same at each call. */
export function noise(length: number, seed = 1): Float32Array {
  let state = seed * 2654435761;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  });
}

/** Bytes of an array of a type. */
export function bytesOf([shape, dtype = 'float32']: Type): number {
  return elementCount(shape) * bytesPerElement(dtype);
}
