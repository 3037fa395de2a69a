/** Where variables lie on a backend, and the one arena of all programs that use them. Models that share layers share a store;
 * two stores become one where a model needs the layers of both. */
import type { Backend, BackendMemory, MemoryArray } from '../backends/backend.ts';
import { arrayClass, bytesPerElement, type DType, type TypedArray } from '../core/dtype.ts';
import { BackendError, ShapeError } from '../core/errors.ts';
import { elementCount, formatShape, type Shape } from '../core/shape.ts';
import type { VariableType } from '../graph/program.ts';

const alignment = 64;

/** Numbers that are drawn in one go: 4 MB of floats. */
const pieceLength = 1 << 20;

/** A variable at its place, which changes where stores are joined. */
export interface StoredVariable {
  readonly type: VariableType;
  readonly store: VariableStore;
  readonly offset: number;
}

type Placed = { -readonly [K in keyof StoredVariable]: StoredVariable[K] };

/** What a variable can be filled with: its numbers, one number for all places, or a source that is asked for each place in
 * turn, which needs no array of the variable's size. */
export type VariableFill = TypedArray | number | (() => number);

/** A variable to be added. */
export interface NewVariable {
  readonly type: VariableType;
  readonly data: VariableFill;
}

/** Variables and the arena. Runs and copies on it happen one after another. */
export class VariableStore {
  readonly backend: Backend;
  #placed = new Set<Placed>();
  #bytes = 0;
  #variables: BackendMemory | undefined;
  #arena: BackendMemory | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #joined: VariableStore | undefined;

  constructor(backend: Backend) {
    this.backend = backend;
  }

  /** The store itself, or the one that it was joined to. */
  get current(): VariableStore {
    return this.#joined?.current ?? this;
  }

  /** Makes room for new variables, keeping the old ones' content, and fills them. Where it fails, nothing has changed. */
  add(variables: readonly NewVariable[]): Promise<StoredVariable[]> {
    return this.exclusive((store) => store.#add(variables));
  }

  /** Takes over all variables of another store of the same backend. */
  async join(other: VariableStore): Promise<void> {
    if (this.current === other.current) return;
    if (this.backend !== other.backend) {
      throw new BackendError(
        'model: expected layers whose weights lie on one backend, received some on each of two. Name the same backend for both models.',
      );
    }
    await this.exclusive((to) =>
      other.exclusive(async (from) => {
        const moved = [...from.#placed];
        const data = await Promise.all(moved.map((placed) => from.#read(placed)));
        const added = await to.#add(moved.map(({ type }, index) => ({ type, data: data[index]! })));
        moved.forEach((placed, index) => {
          const { offset } = added[index]!;
          to.#placed.delete(added[index] as Placed);
          Object.assign(placed, { store: to, offset });
          to.#placed.add(placed);
        });
        from.#joined = to;
        from.#placed.clear();
        from.#variables = undefined;
        from.#arena = undefined;
      }),
    );
  }

  /** A copy of a variable's numbers. */
  read(variable: StoredVariable): Promise<MemoryArray> {
    return this.exclusive((store) => store.#read(variable));
  }

  /** Replaces a variable's numbers. @throws ShapeError where their count differs */
  write(variable: StoredVariable, data: VariableFill): Promise<void> {
    return this.exclusive(async (store) => store.#write(variable, data));
  }

  /** The memory of all variables. */
  get variables(): BackendMemory {
    this.#variables ??= this.backend.allocate(alignment);
    return this.#variables;
  }

  /** The arena, grown to at least so many bytes. Its content does not last between runs. */
  arena(bytes: number): BackendMemory {
    if (!this.#arena || this.#arena.bytes < bytes) {
      this.#arena = undefined;
      this.#arena = this.backend.allocate(bytes);
    }
    return this.#arena;
  }

  /** Runs `body` after everything that was asked for before, with the store that holds the variables by then. */
  exclusive<Result>(body: (store: VariableStore) => Promise<Result>): Promise<Result> {
    const result = this.#last.then(() => (this.#joined ? this.#joined.exclusive(body) : body(this)));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #add(variables: readonly NewVariable[]): Promise<StoredVariable[]> {
    let bytes = this.#bytes;
    const added = variables.map(({ type, data }): Placed => {
      checkCount(type, data);
      const offset = bytes;
      bytes += Math.ceil((elementCount(type.shape) * bytesPerElement(type.dtype)) / alignment) * alignment;
      return { type, store: this, offset };
    });
    const grown = this.backend.allocate(Math.max(bytes, alignment));
    for (const { offset, type } of this.#placed) {
      const kept = await this.backend.read(this.variables, offset, elementCount(type.shape), memoryType(type.dtype));
      this.backend.write(grown, offset, kept, memoryType(type.dtype));
    }
    for (const placed of added) this.#placed.add(placed);
    this.#bytes = bytes;
    this.#variables = grown;
    // Fresh memory is all zeros, and pages that nobody writes take no room before the first step.
    variables.forEach(({ data }, index) => {
      if (data !== 0) this.#write(added[index]!, data);
    });
    return added;
  }

  #read({ type, offset }: StoredVariable): Promise<MemoryArray> {
    return Promise.resolve(this.backend.read(this.variables, offset, elementCount(type.shape), memoryType(type.dtype)));
  }

  #write({ type, offset }: StoredVariable, data: VariableFill): void {
    checkCount(type, data);
    // Memory is copied byte by byte, so the numbers must have the variable's own type.
    const Numbers = arrayClass(type.dtype);
    const dtype = memoryType(type.dtype);
    if (typeof data === 'object') {
      const numbers = data instanceof Numbers ? data : Numbers.from(data);
      this.backend.write(this.variables, offset, numbers, dtype);
      return;
    }
    const count = elementCount(type.shape);
    const piece = new Numbers(Math.min(count, pieceLength));
    if (typeof data === 'number') piece.fill(data);
    for (let first = 0; first < count; first += pieceLength) {
      const numbers = piece.subarray(0, count - first);
      if (typeof data === 'function') for (let place = 0; place < numbers.length; place++) numbers[place] = data();
      this.backend.write(this.variables, offset, numbers, dtype, first);
    }
  }
}

/** Throws where an array has not as many numbers as a variable. */
export function checkCount({ name, shape }: VariableType, data: VariableFill): void {
  if (typeof data !== 'object' || data.length === elementCount(shape)) return;
  throw new ShapeError(
    `variable "${name}": expected ${elementCount(shape)} numbers for ${formatShape(shape)}, received ${data.length}.`,
  );
}

/** The types in which memory is copied. */
export function memoryType(dtype: DType): 'float32' | 'uint8' | 'int32' {
  if (dtype === 'float32' || dtype === 'uint8' || dtype === 'int32') return dtype;
  throw new BackendError(
    `memory: expected float32, uint8 or int32, received ${dtype}. Other types have no kernels yet.`,
  );
}

/** The type of a shape with its name, as variables are added. */
export function variableType(name: string, shape: Shape, dtype: DType = 'float32'): VariableType {
  return { name, shape, dtype };
}
