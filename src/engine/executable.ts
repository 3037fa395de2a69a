/** A program on a model's memory: writes inputs and scalars, runs, reads outputs. Larger batches plan the arena anew. */
import type { BackendMemory, LoadedProgram, MemoryArray, RunMemory, RunReport } from '../backends/backend.ts';
import type { TypedArray } from '../core/dtype.ts';
import { OptionError, ShapeError } from '../core/errors.ts';
import { checkNumber } from '../core/options.ts';
import { elementCount, formatShape, withBatch } from '../core/shape.ts';
import { type Tensor, tensor } from '../core/tensor.ts';
import type { Graph } from '../graph/graph.ts';
import { estimatedMicroseconds } from '../graph/instruction-cost.ts';
import { lower } from '../graph/lower.ts';
import { planMemory } from '../graph/memory-plan.ts';
import type { Operand, Program } from '../graph/program.ts';
import { simplify } from '../graph/simplify.ts';
import { nextTurn } from './event-loop.ts';
import type { ModelMemory } from './model-memory.ts';
import { RunHere } from './run-here.ts';
import { memoryType, type VariableStore } from './variable-store.ts';

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
  /** Where the variables were when the program was loaded: they may have moved since. */
  #loadedFor: VariableStore | undefined;
  #scalars: BackendMemory;
  readonly #inputs: readonly (readonly [name: string, operand: Operand])[];
  readonly #outputNames: readonly string[];
  /** For each arena by batch size; null where a run takes long. Weak, so that an arena which has grown is not kept. */
  readonly #runsHere = new WeakMap<BackendMemory, Map<number, RunHere | null>>();

  private constructor(memory: ModelMemory, program: Program) {
    this.memory = memory;
    this.program = program;
    this.#inputs = Object.entries(program.inputs);
    this.#outputNames = Object.keys(program.outputs);
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
      const { batch, profile = false, read = this.#outputNames } = options;
      checkNumber('run', 'batch', batch, { integer: true, min: 1 });
      const loaded = this.#load(batch);
      const arena = this.memory.arena(loaded.plan.bytes);
      const memory = { arena, variables: this.memory.variables, scalars: this.#scalars };
      const inputs = this.#inputs.map(([name, operand]) => checkInput(name, operand, options));
      const scalars = this.program.scalars.map(({ name }) => scalarOf(name, options));
      for (const name of read) this.#checkOutput(name);
      const outputs: Record<string, Tensor> = {};
      const here = profile ? undefined : this.#here(loaded, memory, batch);
      if (here) {
        const turn = nextTurn();
        if (turn) await turn;
        here.run(inputs, scalars);
        for (const name of read) outputs[name] = here.read(name);
        return { outputs, report: {} };
      }
      this.#inputs.forEach(([, { buffer, dtype }], index) => {
        backend.write(arena, loaded.plan.offsets[buffer]!, inputs[index]!, memoryType(dtype));
      });
      this.program.scalars.forEach(({ dtype }, index) => {
        const data = dtype === 'int32' ? Int32Array.of(scalars[index]!) : Float32Array.of(scalars[index]!);
        backend.write(this.#scalars, index * scalarBytes, data, memoryType(dtype));
      });
      const report = await backend.run(loaded, memory, batch, { profile });
      for (const name of read) outputs[name] = await this.#read(name, arena, loaded, batch);
      return { outputs, report };
    });
  }

  #load(batch: number): LoadedProgram {
    const { store } = this.memory;
    if (!this.#loaded || this.#loaded.plan.batchCapacity < batch || this.#loadedFor !== store) {
      const plan = planMemory(this.program, batch);
      this.#loadedFor = store;
      this.#loaded = this.memory.backend.load(this.program, plan, this.memory.offsetsOf(this.program.variables));
    }
    return this.#loaded;
  }

  /** The program on the caller's thread, where a run takes less than handing it to another one. */
  #here(loaded: LoadedProgram, memory: RunMemory, batch: number): RunHere | undefined {
    const { here } = this.memory.backend;
    if (!here) return undefined;
    const runs = this.#runsHere.get(memory.arena) ?? new Map<number, RunHere | null>();
    const known = runs.get(batch);
    if (known === null || known?.fits(loaded, memory)) return known ?? undefined;
    const isTiny = estimatedMicroseconds(this.program, batch) < mostMicrosecondsHere;
    const made = isTiny ? new RunHere(here, loaded, memory, batch, scalarBytes) : null;
    this.#runsHere.set(memory.arena, runs.set(batch, made));
    return made ?? undefined;
  }

  #checkOutput(name: string): void {
    if (this.program.outputs[name]) return;
    throw new OptionError(`run: expected an output of the program, received "${name}".`);
  }

  async #read(name: string, arena: BackendMemory, loaded: LoadedProgram, batch: number): Promise<Tensor> {
    const operand = this.program.outputs[name]!;
    // Outputs lie in the arena: simplifying copies those that are variables or scalars.
    const offset = loaded.plan.offsets[operand.buffer]!;
    const shape = withBatch(operand.shape, batch);
    const type = memoryType(operand.dtype);
    const data: MemoryArray = await this.memory.backend.read(arena, offset, elementCount(shape), type);
    return tensor(data, shape, operand.dtype);
  }
}

function scalarOf(name: string, { batch, scalars }: RunOptions): number {
  const value = name === 'batchSize' ? batch : scalars?.[name];
  if (value !== undefined) return value;
  throw new OptionError(`run: expected a value for the scalar "${name}", received none.`);
}

function checkInput(name: string, operand: Operand, { inputs, batch }: RunOptions): TypedArray {
  const data = inputs[name];
  if (!data) throw new OptionError(`run: expected numbers for the input "${name}", received none.`);
  const count = elementCount(operand.shape, batch);
  if (data.length === count) return data;
  const shape = formatShape(withBatch(operand.shape, batch));
  throw new ShapeError(
    `run: expected ${count} numbers for the input "${name}" of shape ${shape}, received ${data.length}.`,
  );
}
