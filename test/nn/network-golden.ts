/** What Keras computed (scripts/make-network-golden.py), and the backends on which it is compared. */
import { readFileSync } from 'node:fs';
import type { Backend } from '../../src/backends/backend.ts';
import { openReferenceBackend } from '../../src/backends/reference/index.ts';
import { listTargets } from '../support/backends-under-test.ts';

/** One layer outside training, on two examples. */
export interface LayerGolden {
  readonly className: string;
  /** With Keras's own entries besides cajal's. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputShape: readonly number[];
  readonly input: readonly number[];
  readonly weights: readonly (readonly number[])[];
  readonly outputShape: readonly number[];
  readonly output: readonly number[];
}

interface Golden {
  readonly keras: string;
  readonly layers: readonly LayerGolden[];
}

/** The golden numbers. */
export const golden: Golden = JSON.parse(readFileSync(new URL('../golden/network.json', import.meta.url), 'utf8'));

/** A backend to compare on, and the reason where it is not here. */
export interface Place {
  readonly name: string;
  readonly skip: string | false;
  readonly open: () => Promise<Backend>;
}

/** The reference and every compiled backend and instruction set. */
export async function places(): Promise<Place[]> {
  const targets = await listTargets();
  const compiled = targets.map(({ backend, instructionSet, missing, open }) => ({
    name: `${backend} ${instructionSet}`,
    skip: missing ?? (false as const),
    open: () => open(1),
  }));
  return [{ name: 'reference', skip: false, open: async () => openReferenceBackend() }, ...compiled];
}
