/** A program ready to run on the caller's thread for one batch size: views of its inputs, scalars and outputs, so that a run of
 * some microseconds makes few objects. */
import type { BackendMemory, HereAndNow, LoadedProgram, MemoryArray, RunMemory } from '../backends/backend.ts';
import { memoryArray } from '../backends/memory-array.ts';
import type { DType, TypedArray } from '../core/dtype.ts';
import { elementCount, withBatch } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import type { Operand } from '../graph/program.ts';
import { memoryType } from './variable-store.ts';

interface Output {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly view: MemoryArray;
}

/** Runs a program where it is asked for. */
export class RunHere {
  readonly #here: HereAndNow;
  readonly #loaded: LoadedProgram;
  readonly #memory: RunMemory;
  readonly #batch: number;
  readonly #inputs: readonly MemoryArray[];
  readonly #scalars: readonly MemoryArray[];
  readonly #outputs: ReadonlyMap<string, Output>;

  /** @param scalarBytes the distance between two scalars */
  constructor(here: HereAndNow, loaded: LoadedProgram, memory: RunMemory, batch: number, scalarBytes: number) {
    const { program, plan } = loaded;
    const viewOf = (at: BackendMemory, offset: number, shape: readonly number[], dtype: DType) =>
      here.view(at, offset, elementCount(shape), memoryType(dtype));
    const inArena = ({ buffer, shape, dtype }: Operand): Output => {
      const sizes = withBatch(shape, batch);
      return { shape: sizes, dtype, view: viewOf(memory.arena, plan.offsets[buffer]!, sizes, dtype) };
    };
    this.#here = here;
    this.#loaded = loaded;
    this.#memory = memory;
    this.#batch = batch;
    this.#inputs = Object.values(program.inputs).map((operand) => inArena(operand).view);
    this.#scalars = program.scalars.map(({ dtype }, index) => viewOf(memory.scalars, index * scalarBytes, [], dtype));
    this.#outputs = new Map(Object.entries(program.outputs).map(([name, operand]) => [name, inArena(operand)]));
  }

  /** Whether the program still lies where it lay. */
  fits(loaded: LoadedProgram, { arena, variables }: RunMemory): boolean {
    return loaded === this.#loaded && variables === this.#memory.variables && arena === this.#memory.arena;
  }

  /** Inputs and scalars in the program's order. */
  run(inputs: readonly TypedArray[], scalars: readonly number[]): void {
    for (let index = 0; index < inputs.length; index++) this.#inputs[index]!.set(inputs[index]!);
    for (let index = 0; index < scalars.length; index++) this.#scalars[index]![0] = scalars[index]!;
    this.#here.run(this.#loaded, this.#memory, this.#batch);
  }

  /** A copy of an output, which must be one of the program. */
  read(name: string): Tensor {
    const { shape, dtype, view } = this.#outputs.get(name)!;
    const data = memoryArray(memoryType(dtype), view.length);
    data.set(view);
    return { shape, dtype, data };
  }
}
