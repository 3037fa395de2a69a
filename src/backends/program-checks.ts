/** Checks and messages that the backends with compiled kernels share: refused programs, and runs with wrong memory. */
import { BackendError } from '../core/errors.ts';
import { checkNumber } from '../core/options.ts';
import { instructionName, type Program } from '../graph/program.ts';
import type { BackendMemory, BackendName, RunMemory } from './backend.ts';

/** Bytes that a program needs in each region, and for its kernels' intermediate results. */
export interface ProgramNeeds {
  readonly arena: number;
  readonly variables: number;
  readonly scalars: number;
  readonly scratch: number;
}

/** The error for a program that C++ refused; `instruction` is -1 where the program as a whole is meant. */
export function refusedProgram(
  backend: BackendName,
  program: Program,
  instruction: number,
  reason: string,
): BackendError {
  const refused = program.instructions[instruction];
  if (!refused)
    return new BackendError(`${backend} backend: the program ${reason}. Compile it with this version of cajal.`);
  const label = refused.label ? ` "${refused.label}"` : '';
  return new BackendError(
    `${backend} backend: expected instructions that it has kernels for, received number ${instruction}, ${instructionName(refused)}${label}, ` +
      `which ${reason}. Use another backend (CAJAL_BACKEND) or another layer.`,
  );
}

/** Throws where a run would leave its memory. */
export function checkRun(
  backend: BackendName,
  needs: ProgramNeeds,
  memory: RunMemory,
  batch: number,
  batchCapacity: number,
): void {
  checkNumber(`${backend} backend`, 'the batch size of a run', batch, { integer: true, min: 1, max: batchCapacity });
  for (const region of ['arena', 'variables', 'scalars'] as const) {
    if (memory[region].bytes >= needs[region]) continue;
    throw new BackendError(
      `${backend} backend: expected ${needs[region]} bytes of memory for the program's ${region}, ` +
        `received ${memory[region].bytes}. Allocate what the memory plan says.`,
    );
  }
}

/** Throws where a copy would leave its memory. */
export function checkCopy(backend: BackendName, memory: BackendMemory, byteOffset: number, bytes: number): void {
  if (Number.isSafeInteger(byteOffset) && byteOffset >= 0 && byteOffset + bytes <= memory.bytes) return;
  throw new BackendError(
    `${backend} backend: expected a copy within ${memory.bytes} bytes of memory, received ${bytes} bytes at ${byteOffset}.`,
  );
}

/** The number of threads asked for, from an option or the text of an environment variable. */
export function threadCount(backend: BackendName, asked: number | string | undefined, available: number): number {
  const wanted = asked === undefined || asked === '' ? available : Number(asked);
  return checkNumber(`${backend} backend`, 'threads', wanted, { integer: true, min: 1, max: 128 });
}
