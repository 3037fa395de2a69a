/** What a run writes down: the shapes of its files as plain data. Everything here but `Picture` is JSON as it stands. */

/** A value that JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** The resolved arguments of a run, as `args.json` holds them and `--config` reads them. */
export interface RunArguments {
  readonly [name: string]: Json | undefined;
}

/** What made the numbers: programs, machine and seed, as `versions.json` holds them. */
export interface RunVersions {
  cajal: string;
  node: string;
  /** Operating system and its release, as in `linux 6.1.0`. */
  platform: string;
  /** As in `x64` or `arm64`. */
  architecture: string;
  /** The name the processor gives itself. */
  cpu: string;
  /** Logical processors of the machine. */
  cores: number;
  memoryBytes: number;
  backend: string;
  instructionSet: string;
  /** Threads of the engine. */
  threads: number;
  /** Hash of the kernel binary: equal hashes and equal seeds give equal weights. */
  kernelHash: string;
  seed: number;
}

/** One finished epoch. `epoch` counts from 1; every other key is a logged value (`loss`, `val_loss`, …). */
export interface HistoryRow {
  readonly epoch: number;
  readonly [key: string]: number;
}

/** Something that happened, as one line of `events.jsonl`. `epoch`, where present, counts from 1. */
export interface RunEvent {
  readonly event: string;
  readonly epoch?: number;
  readonly [key: string]: Json | undefined;
}

/** A picture as bytes: red, green and blue for each pixel, row by row. */
export interface Picture {
  width: number;
  height: number;
  /** `height · width · 3` bytes. */
  pixels: Uint8Array;
}
