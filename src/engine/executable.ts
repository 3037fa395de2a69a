/** A program on a model's memory: writes inputs and scalars, runs, reads outputs. Larger batches plan the arena anew. */
import type { BackendMemory, LoadedProgram, RunReport } from '../backends/backend.ts';
import type { TypedArray } from '../core/dtype.ts';
import { OptionError, ShapeError } from '../core/errors.ts';
import { checkNumber } from '../core/options.ts';
import { elementCount, formatShape, withBatch } from '../core/shape.ts';
import { type Tensor, tensor } from '../core/tensor.ts';
import { estimatedMicroseconds } from '../graph/instruction-cost.ts';
import type { Graph } from '../graph/graph.ts';
import { lower } from '../graph/lower.ts';
import { planMemory } from '../graph/memory-plan.ts';
import type { Operand, Program } from '../graph/program.ts';
import { simplify } from '../graph/simplify.ts';
import { hadTurnNow, noteTurn } from './event-loop.ts';
import { type ModelMemory, memoryType } from './model-memory.ts';

const scalarBytes = 64;

/** Programs that take less, by a careful estimate, run on the caller's thread. */
const mostMicrosecondsHere = 100;

/** What one run is given. */
export interface RunOptions {
  /** Examples in this run: the first size of every input. */
  readonly batch: number;
  /** Numbers for each input, by name. */
  readonly inputs: Readonly<Record<string, TypedArray>>;
  /** Values of the scalars, by name; `batchSize` is filled in. */
  readonly scalars?: Readonly<Record<string, number>>;
  /** Outputs to read, by name; all where absent. */
  readonly read?: readonly string[];
  /** Ask for the time of each instruction. */
  readonly profile?: boolean;
}

/** Outputs by name, and what the run told about itself. */
export interface RunResult {
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly report: RunReport;
}

/** A compiled graph that can be run. */
export class Executable {
  readonly program: Program;
  readonly memory: ModelMemory;
  #loaded: LoadedProgram | undefined;
  #scalars: BackendMemory;
  /** Batch sizes, and whether runs of them are tiny. */
  readonly #tiny = new Map<number, boolean>();

  private constructor(memory: ModelMemory, program: Program) {
    this.memory = memory;
    this.program = program;
    this.#scalars = memory.backend.allocate(Math.max(1, program.scalars.length) * scalarBytes);
  }

  /** Compiles a graph for a model's memory; its variables must have been added. Without `fusion`, what could run by itself
   * does, which is slower and shows what each op costs. */
  static compile(memory: ModelMemory, graph: Graph, options: { fusion?: boolean } = {}): Executable {
    return new Executable(memory, lower(simplify(graph, options), options));
  }

  /** The bytes of the arena for a batch size. */
  arenaBytes(batch: number): number {
    return planMemory(this.program, batch).bytes;
  }

  /** Runs the program once. @throws ShapeError where an input has not as many numbers as its shape for this batch */
  run(options: RunOptions): Promise<RunResult> {
    return this.memory.exclusive(async () => {
      const { backend } = this.memory;
      const { batch, profile = false, read = Object.keys(this.program.outputs) } = options;
      checkNumber('run', 'batch', batch, { integer: true, min: 1 });
      const loaded = this.#load(batch);
      const arena = this.memory.arena(loaded.plan.bytes);
      for (const [name, operand] of Object.entries(this.program.inputs)) {
        const data = checkInput(name, operand, options);
        backend.write(arena, loaded.plan.offsets[operand.buffer]!, data, memoryType(operand.dtype));
      }
      this.#writeScalars(options);
      const memory = { arena, variables: this.memory.variables, scalars: this.#scalars };
      const outputs: Record<string, Tensor> = {};
      const { here } = backend;
      if (here && !profile && this.#isTiny(batch) && hadTurnNow()) {
        here.run(loaded, memory, batch);
        for (const name of read) {
          const { offset, count, type, shape, dtype } = this.#output(name, loaded, batch);
          outputs[name] = tensor(here.read(arena, offset, count, type), shape, dtype);
        }
        return { outputs, report: {} };
      }
      const report = await backend.run(loaded, memory, batch, { profile });
      noteTurn();
      for (const name of read) {
        const { offset, count, type, shape, dtype } = this.#output(name, loaded, batch);
        outputs[name] = tensor(await backend.read(arena, offset, count, type), shape, dtype);
      }
      return { outputs, report };
    });
  }

  #load(batch: number): LoadedProgram {
    if (!this.#loaded || this.#loaded.plan.batchCapacity < batch) {
      const plan = planMemory(this.program, batch);
      this.#loaded = this.memory.backend.load(this.program, plan, this.memory.offsetsOf(this.program.variables));
    }
    return this.#loaded;
  }

  #writeScalars({ batch, scalars = {} }: RunOptions): void {
    this.program.scalars.forEach(({ name, dtype }, index) => {
      const value = name === 'batchSize' ? batch : scalars[name];
      if (value === undefined) throw new OptionError(`run: expected a value for the scalar "${name}", received none.`);
      const data = dtype === 'int32' ? Int32Array.of(value) : Float32Array.of(value);
      this.memory.backend.write(this.#scalars, index * scalarBytes, data, memoryType(dtype));
    });
  }

  /** Where an output lies: in the arena, as simplifying copies those that are variables or scalars. */
  #output(name: string, loaded: LoadedProgram, batch: number) {
    const operand = this.program.outputs[name];
    if (!operand) throw new OptionError(`run: expected an output of the program, received "${name}".`);
    const { buffer, dtype } = operand;
    const shape = withBatch(operand.shape, batch);
    return { offset: loaded.plan.offsets[buffer]!, count: elementCount(shape), type: memoryType(dtype), shape, dtype };
  }

  /** Whether a run takes less than handing it to another thread and waiting for that. */
  #isTiny(batch: number): boolean {
    const known = this.#tiny.get(batch);
    if (known !== undefined) return known;
    const isTiny = estimatedMicroseconds(this.program, batch) < mostMicrosecondsHere;
    this.#tiny.set(batch, isTiny);
    return isTiny;
  }
}

function checkInput(name: string, operand: Operand, { inputs, batch }: RunOptions): TypedArray {
  const data = inputs[name];
  const shape = withBatch(operand.shape, batch);
  if (!data) throw new OptionError(`run: expected numbers for the input "${name}", received none.`);
  if (data.length !== elementCount(shape)) {
    throw new ShapeError(
      `run: expected ${elementCount(shape)} numbers for the input "${name}" of shape ${formatShape(shape)}, received ${data.length}.`,
    );
  }
  return data;
}
