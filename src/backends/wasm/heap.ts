/** Which parts of a WebAssembly memory are in use. Blocks are multiples of 64 bytes; the lowest gap that is large enough
 * is taken. Knows addresses only, not the memory. */

/** Blocks begin and end at multiples of this. */
const alignment = 64;

interface Block {
  readonly start: number;
  readonly end: number;
}

/** An allocator of addresses from `start` on. */
export class Heap {
  readonly #start: number;
  /** In order of addresses. */
  #blocks: Block[] = [];

  constructor(start: number) {
    this.#start = Math.ceil(start / alignment) * alignment;
  }

  /** Bytes of all blocks. */
  get bytesInUse(): number {
    return this.#blocks.reduce((sum, { start, end }) => sum + end - start, 0);
  }

  /** Takes a block that ends at `limit` at most; undefined where no gap is large enough. */
  take(bytes: number, limit: number): number | undefined {
    const size = Math.max(1, Math.ceil(bytes / alignment)) * alignment;
    let start = this.#start;
    let index = 0;
    for (; index < this.#blocks.length; index++) {
      const block = this.#blocks[index]!;
      if (block.start - start >= size) break;
      start = block.end;
    }
    if (start + size > limit) return undefined;
    this.#blocks.splice(index, 0, { start, end: start + size });
    return start;
  }

  /** Gives a block back by its address. */
  release(start: number): void {
    this.#blocks = this.#blocks.filter((block) => block.start !== start);
  }
}
