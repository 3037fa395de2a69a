/** Places the buffers of a program in one arena: buffers that are never alive together share memory. */
import { bytesPerElement } from '../core/dtype.ts';
import { elementCount } from '../core/shape.ts';
import type { Program } from './program.ts';

const alignment = 64;

/** Where each buffer lies, for batches up to a capacity. */
export interface MemoryPlan {
  readonly batchCapacity: number;
  /** Byte offset of each buffer, by its number. */
  readonly offsets: readonly number[];
  /** Size of the whole arena. */
  readonly bytes: number;
}

/** Plans the arena: the largest buffers first, each in the lowest gap that is free during its whole life. */
export function planMemory(program: Program, batchCapacity: number): MemoryPlan {
  const sizes = program.buffers.map(({ shape, dtype }) => {
    const bytes = elementCount(shape, batchCapacity) * bytesPerElement(dtype);
    return Math.max(1, Math.ceil(bytes / alignment)) * alignment;
  });
  const order = sizes.map((_, buffer) => buffer).sort((a, b) => sizes[b]! - sizes[a]! || a - b);
  const offsets = new Array<number>(sizes.length).fill(0);
  const placed: number[] = [];
  for (const buffer of order) {
    const neighbours = placed.filter((other) => overlaps(program, buffer, other));
    neighbours.sort((a, b) => offsets[a]! - offsets[b]!);
    let offset = 0;
    for (const other of neighbours) {
      if (offset + sizes[buffer]! <= offsets[other]!) break;
      offset = Math.max(offset, offsets[other]! + sizes[other]!);
    }
    offsets[buffer] = offset;
    placed.push(buffer);
  }
  const bytes = placed.reduce((end, buffer) => Math.max(end, offsets[buffer]! + sizes[buffer]!), alignment);
  return { batchCapacity, offsets, bytes };
}

function overlaps(program: Program, a: number, b: number): boolean {
  const one = program.buffers[a]!;
  const two = program.buffers[b]!;
  return one.firstUse <= two.lastUse && two.firstUse <= one.lastUse;
}
