/** The memory of one model on one backend: its variables by its own names for them. They lie in a store, which models with
 * common layers share. */
import type { Backend, BackendMemory, MemoryArray } from '../backends/backend.ts';
import { BackendError, OptionError } from '../core/errors.ts';
import type { VariableType } from '../graph/program.ts';
import { type NewVariable, type StoredVariable, type VariableFill, VariableStore } from './variable-store.ts';

/** Variables by name, and the arena. Runs and copies on it happen one after another. */
export class ModelMemory {
  readonly backend: Backend;
  readonly #store: VariableStore;
  readonly #variables = new Map<string, StoredVariable>();

  constructor(backend: Backend, store: VariableStore = new VariableStore(backend)) {
    this.backend = backend;
    this.#store = store;
  }

  /** Where the variables lie now. */
  get store(): VariableStore {
    return this.#store.current;
  }

  /** Names, shapes and types, in the order in which they were added. */
  get types(): readonly VariableType[] {
    return [...this.#variables].map(([name, { type }]) => ({ ...type, name }));
  }

  has(name: string): boolean {
    return this.#variables.has(name);
  }

  /** Makes room for new variables, keeping the old ones' content, and fills them. Where it fails, nothing has changed. */
  async add(variables: readonly NewVariable[]): Promise<void> {
    if (variables.length === 0) return;
    const names = variables.map(({ type }) => type.name);
    names.forEach((name, index) => {
      if (this.has(name) || names.indexOf(name) !== index) {
        throw new OptionError(`variable "${name}": expected a new name, received one that exists.`);
      }
    });
    const stored = await this.store.add(variables);
    names.forEach((name, index) => {
      this.#variables.set(name, stored[index]!);
    });
  }

  /** Takes in a variable that lies in the store already. */
  share(name: string, variable: StoredVariable): void {
    this.#variables.set(name, variable);
  }

  /** A variable at its place. @throws BackendError where it was never added */
  variable(name: string): StoredVariable {
    const stored = this.#variables.get(name);
    if (stored) return stored;
    throw new BackendError(`variable "${name}": expected one of the model's variables, received a foreign one.`);
  }

  /** A copy of a variable's numbers. */
  async read(name: string): Promise<MemoryArray> {
    return this.store.read(this.variable(name));
  }

  /** Replaces a variable's numbers. @throws ShapeError where their count differs */
  async write(name: string, data: VariableFill): Promise<void> {
    return this.store.write(this.variable(name), data);
  }

  /** Byte offsets of a program's variables. @throws BackendError where one was never added */
  offsetsOf(types: readonly VariableType[]): number[] {
    return types.map(({ name }) => this.variable(name).offset);
  }

  /** The memory of all variables. */
  get variables(): BackendMemory {
    return this.store.variables;
  }

  /** The arena, grown to at least so many bytes. Its content does not last between runs. */
  arena(bytes: number): BackendMemory {
    return this.store.arena(bytes);
  }

  /** Runs `body` after everything that was asked for before. */
  exclusive<Result>(body: () => Promise<Result>): Promise<Result> {
    return this.store.exclusive(body);
  }
}
