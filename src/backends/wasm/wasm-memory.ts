/** The memory of the WebAssembly backend: blocks for the engine, copies in and out. Two kinds: shared with the workers, and
 * (in pages that may not share memory) owned by the one worker, which then makes the copies. */
import { BackendError } from '../../core/errors.ts';
import type { BackendMemory } from '../backend.ts';
import { Heap } from './heap.ts';
import { pageBytes } from './kernel-module.ts';
import type { Leader } from './leader.ts';

/** A block of WebAssembly memory. */
export interface WasmMemory extends BackendMemory {
  readonly address: number;
}

/** Where bytes can be copied. */
export interface Space {
  /** Bytes that the memory has now, and can have at most. */
  readonly sizeBytes: number;
  readonly limitBytes: number;
  /** @throws RangeError where the system has no more memory */
  grow(pages: number): void;
  write(address: number, bytes: Uint8Array): void;
  clear(address: number, count: number): void;
  read(address: number, count: number): Promise<Uint8Array>;
}

/** Memory that this thread sees too. */
export class SharedSpace implements Space {
  readonly #memory: WebAssembly.Memory;
  readonly limitBytes: number;

  constructor(memory: WebAssembly.Memory, limitBytes: number) {
    this.#memory = memory;
    this.limitBytes = limitBytes;
  }

  get sizeBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  grow(pages: number): void {
    this.#memory.grow(pages);
  }

  write(address: number, bytes: Uint8Array): void {
    new Uint8Array(this.#memory.buffer, address, bytes.length).set(bytes);
  }

  clear(address: number, count: number): void {
    new Uint8Array(this.#memory.buffer, address, count).fill(0);
  }

  /** The memory itself. What is behind its end after it has grown needs a new view; what is not stays. */
  get buffer(): ArrayBufferLike {
    return this.#memory.buffer;
  }

  async read(address: number, count: number): Promise<Uint8Array> {
    return new Uint8Array(this.#memory.buffer, address, count).slice();
  }
}

/** Memory of worker 0: everything is a message to it, and messages keep their order. */
export class RemoteSpace implements Space {
  readonly #leader: Leader;
  readonly limitBytes: number;
  sizeBytes: number;

  constructor(leader: Leader, sizeBytes: number, limitBytes: number) {
    this.#leader = leader;
    this.sizeBytes = sizeBytes;
    this.limitBytes = limitBytes;
  }

  grow(pages: number): void {
    this.#leader.tell({ task: 'grow', pages });
    this.sizeBytes += pages * pageBytes;
  }

  write(address: number, bytes: Uint8Array): void {
    this.#leader.tell({ task: 'write', address, bytes: bytes.slice() });
  }

  clear(address: number, count: number): void {
    this.#leader.tell({ task: 'clear', address, count });
  }

  async read(address: number, count: number): Promise<Uint8Array> {
    const { bytes } = await this.#leader.ask({ task: 'read', address, count });
    return bytes!;
  }
}

/** Hands out blocks. A block is free again when nothing refers to its object any more. */
export class WasmAllocator {
  readonly #space: Space;
  readonly #heap: Heap;
  readonly #collectGarbage: () => void;
  /** Memory below this address has been used before and may hold old numbers. */
  #usedEnd: number;
  readonly #blocks = new Map<number, WeakRef<WasmMemory>>();
  readonly #forgotten = new FinalizationRegistry<number>((address) => this.#release(address));

  /** `collectGarbage`, where the host has it, finds forgotten blocks when memory runs out. */
  constructor(space: Space, start: number, collectGarbage: () => void) {
    this.#space = space;
    this.#heap = new Heap(start);
    this.#usedEnd = start;
    this.#collectGarbage = collectGarbage;
  }

  /** A block of zeros. @throws BackendError where the memory may not grow so far */
  allocate(bytes: number): WasmMemory {
    const isPossible = Number.isSafeInteger(bytes) && bytes >= 0 && bytes <= this.#space.limitBytes;
    const address = isPossible ? (this.#take(bytes) ?? this.#takeAfterCollecting(bytes)) : undefined;
    if (address === undefined || !this.#growTo(address + bytes)) {
      if (address !== undefined) this.#heap.release(address);
      throw new BackendError(
        `wasm backend: expected memory for ${bytes} more bytes, but ${this.#heap.bytesInUse} of at most ` +
          `${this.#space.limitBytes} are in use. Use a smaller batch, smaller pictures or the native backend.`,
      );
    }
    const dirty = Math.min(bytes, this.#usedEnd - address);
    if (dirty > 0) this.#space.clear(address, dirty);
    this.#usedEnd = Math.max(this.#usedEnd, address + bytes);
    const memory: WasmMemory = { bytes, address };
    this.#blocks.set(address, new WeakRef(memory));
    this.#forgotten.register(memory, address);
    return memory;
  }

  /** Bytes of all blocks in use. */
  get bytesInUse(): number {
    return this.#heap.bytesInUse;
  }

  #take(bytes: number): number | undefined {
    return this.#heap.take(bytes, this.#space.limitBytes);
  }

  #takeAfterCollecting(bytes: number): number | undefined {
    this.#collectGarbage();
    for (const [address, block] of this.#blocks) {
      if (!block.deref()) this.#release(address);
    }
    return this.#take(bytes);
  }

  #release(address: number): void {
    if (this.#blocks.get(address)?.deref()) return;
    this.#blocks.delete(address);
    this.#heap.release(address);
  }

  #growTo(end: number): boolean {
    const missing = end - this.#space.sizeBytes;
    if (missing <= 0) return true;
    // At least 16 MiB at a time, because each growth costs a call into the system and new views.
    const room = (this.#space.limitBytes - this.#space.sizeBytes) / pageBytes;
    const pages = Math.min(room, Math.max(Math.ceil(missing / pageBytes), 256));
    try {
      this.#space.grow(pages);
      return true;
    } catch {
      return false;
    }
  }
}
