/** Turns for the event loop within long calculations, and their end by a signal. */
import { AbortError } from '../core/errors.ts';

const mostMs = 8;

/** Gives the event loop a turn where the last one is some milliseconds ago. */
export class Pauses {
  readonly #where: string;
  readonly #signal: AbortSignal | undefined;
  #last = performance.now();
  #calls = 0;

  constructor(where: string, signal?: AbortSignal) {
    this.#where = where;
    this.#signal = signal;
  }

  /** A turn if it is time. Cheap to call often. */
  maybe(): Promise<void> | undefined {
    if (++this.#calls % 8 !== 0 || performance.now() - this.#last < mostMs) return undefined;
    return this.rest();
  }

  /** A turn. @throws AbortError where the signal has stopped the work */
  async rest(): Promise<void> {
    await new Promise<void>((resume) => setTimeout(resume, 0));
    if (this.#signal?.aborted) throw new AbortError(`${this.#where}: stopped by the signal that was given.`);
    this.#last = performance.now();
  }
}
