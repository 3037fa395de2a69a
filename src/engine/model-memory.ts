/** The memory of one model on one backend: its variables, which last, and one arena that all its programs share. */
import type { Backend, BackendMemory, MemoryArray } from '../backends/backend.ts';
import { bytesPerElement, type DType, type TypedArray } from '../core/dtype.ts';
import { BackendError, OptionError, ShapeError } from '../core/errors.ts';
import { elementCount, formatShape, type Shape } from '../core/shape.ts';
import type { VariableType } from '../graph/program.ts';

const alignment = 64;

interface StoredVariable extends VariableType {
  readonly offset: number;
}

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

  /** Makes room for new variables, keeping the old ones' content, and fills them. */
  async add(variables: readonly { type: VariableType; data: TypedArray }[]): Promise<void> {
    await this.exclusive(async () => {
      const before = { bytes: this.#bytes, memory: this.#variables };
      for (const { type } of variables) {
        if (this.#stored.has(type.name)) {
          throw new OptionError(`variable "${type.name}": expected a new name, received one that exists.`);
        }
        this.#stored.set(type.name, { ...type, offset: this.#bytes });
        const bytes = elementCount(type.shape) * bytesPerElement(type.dtype);
        this.#bytes += Math.ceil(bytes / alignment) * alignment;
      }
      this.#variables = this.backend.allocate(Math.max(this.#bytes, alignment));
      if (before.memory) {
        for (const { name } of this.#stored.values()) {
          const stored = this.#find(name);
          if (stored.offset >= before.bytes) continue;
          const { offset, shape, dtype } = stored;
          const kept = await this.backend.read(before.memory, offset, elementCount(shape), memoryType(dtype));
          this.backend.write(this.#variables, offset, kept, memoryType(dtype));
        }
      }
      for (const { type, data } of variables) this.#write(type.name, data);
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
  write(name: string, data: TypedArray): Promise<void> {
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

  #write(name: string, data: TypedArray): void {
    const { offset, shape, dtype } = this.#find(name);
    if (data.length !== elementCount(shape)) {
      throw new ShapeError(
        `variable "${name}": expected ${elementCount(shape)} numbers for ${formatShape(shape)}, received ${data.length}.`,
      );
    }
    this.backend.write(this.variables, offset, data, memoryType(dtype));
  }
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
