/** The memory of one model on one backend: its variables, which last, and one arena that all its programs share. */
import type { Backend, BackendMemory, MemoryArray } from '../backends/backend.ts';
import { arrayClass, bytesPerElement, type DType, type TypedArray } from '../core/dtype.ts';
import { BackendError, OptionError, ShapeError } from '../core/errors.ts';
import { elementCount, formatShape, type Shape } from '../core/shape.ts';
import type { VariableType } from '../graph/program.ts';

const alignment = 64;

interface StoredVariable extends VariableType {
  readonly offset: number;
}

/** What a variable can be filled with: its numbers, one number for all places, or a source that is asked for each place in
 * turn, which needs no array of the variable's size. */
export type VariableFill = TypedArray | number | (() => number);

/** A variable to be added. */
export interface NewVariable {
  readonly type: VariableType;
  readonly data: VariableFill;
}

/** Numbers that are drawn in one go: 4 MB of floats. */
const pieceLength = 1 << 20;

/** Variables by name, and the arena. Runs and copies on it happen one after another. */
export class ModelMemory {
  readonly backend: Backend;
  #stored = new Map<string, StoredVariable>();
  #bytes = 0;
  #variables: BackendMemory | undefined;
  #arena: BackendMemory | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(backend: Backend) {
    this.backend = backend;
  }

  /** Names, shapes and types, in the order in which they were added. */
  get types(): readonly VariableType[] {
    return [...this.#stored.values()];
  }

  has(name: string): boolean {
    return this.#stored.has(name);
  }

  /** Makes room for new variables, keeping the old ones' content, and fills them. Where it fails, nothing has changed. */
  async add(variables: readonly NewVariable[]): Promise<void> {
    if (variables.length === 0) return;
    await this.exclusive(async () => {
      const stored = new Map(this.#stored);
      let bytes = this.#bytes;
      for (const { type, data } of variables) {
        if (stored.has(type.name)) {
          throw new OptionError(`variable "${type.name}": expected a new name, received one that exists.`);
        }
        checkCount(type, data);
        stored.set(type.name, { ...type, offset: bytes });
        bytes += Math.ceil((elementCount(type.shape) * bytesPerElement(type.dtype)) / alignment) * alignment;
      }
      const grown = this.backend.allocate(Math.max(bytes, alignment));
      for (const { offset, shape, dtype } of this.#stored.values()) {
        const kept = await this.backend.read(this.variables, offset, elementCount(shape), memoryType(dtype));
        this.backend.write(grown, offset, kept, memoryType(dtype));
      }
      this.#stored = stored;
      this.#bytes = bytes;
      this.#variables = grown;
      // Fresh memory is all zeros, and pages that nobody writes take no room before the first step.
      for (const { type, data } of variables) if (data !== 0) this.#write(type.name, data);
    });
  }

  /** A copy of a variable's numbers. */
  read(name: string): Promise<MemoryArray> {
    return this.exclusive(() => {
      const { offset, shape, dtype } = this.#find(name);
      return this.backend.read(this.variables, offset, elementCount(shape), memoryType(dtype));
    });
  }

  /** Replaces a variable's numbers. @throws ShapeError where their count differs */
  write(name: string, data: VariableFill): Promise<void> {
    return this.exclusive(async () => this.#write(name, data));
  }

  /** Byte offsets of a program's variables. @throws BackendError where one was never added */
  offsetsOf(types: readonly VariableType[]): number[] {
    return types.map(({ name }) => this.#find(name).offset);
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

  /** Runs `body` after everything that was asked for before. */
  exclusive<Result>(body: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(body);
    this.#last = result.catch(() => undefined);
    return result;
  }

  #find(name: string): StoredVariable {
    const stored = this.#stored.get(name);
    if (!stored)
      throw new BackendError(`variable "${name}": expected one of the model's variables, received a foreign one.`);
    return stored;
  }

  #write(name: string, data: VariableFill): void {
    const stored = this.#find(name);
    checkCount(stored, data);
    // Memory is copied byte by byte, so the numbers must have the variable's own type.
    const Numbers = arrayClass(stored.dtype);
    const type = memoryType(stored.dtype);
    if (typeof data === 'object') {
      const numbers = data instanceof Numbers ? data : Numbers.from(data);
      this.backend.write(this.variables, stored.offset, numbers, type);
      return;
    }
    const count = elementCount(stored.shape);
    const piece = new Numbers(Math.min(count, pieceLength));
    if (typeof data === 'number') piece.fill(data);
    for (let first = 0; first < count; first += pieceLength) {
      const numbers = piece.subarray(0, count - first);
      if (typeof data === 'function') for (let place = 0; place < numbers.length; place++) numbers[place] = data();
      this.backend.write(this.variables, stored.offset, numbers, type, first);
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
