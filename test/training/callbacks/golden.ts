/** What Keras's callbacks decided on made-up numbers, as scripts/make-callback-golden.py wrote it. */
import { readFileSync } from 'node:fs';
import type { Logs } from '../../../src/training/callbacks/callback.ts';

interface Case {
  readonly options: Readonly<Record<string, unknown>>;
}
interface Watched extends Case {
  readonly monitor: string;
  readonly values: readonly number[];
}

/** The golden. */
export interface CallbackGolden {
  readonly earlyStopping: readonly (Watched & { epochs: number; stopped: boolean; weights: number })[];
  readonly reduceLROnPlateau: readonly (Watched & { learningRates: readonly number[] })[];
  readonly modelCheckpoint: readonly (Case & { steps: number; epochs: readonly Logs[]; saved: readonly string[] })[];
  /** Steps by tag. */
  readonly tensorBoard: readonly (Case & Record<'train' | 'validation', Readonly<Record<string, readonly number[]>>>)[];
  /** Hexadecimal bytes. */
  readonly eventFile: string;
  readonly csvLogger: readonly (Case & { trainings: readonly (readonly Logs[])[]; text: string })[];
}

const text = readFileSync(new URL('../../golden/callbacks.json', import.meta.url), 'utf8');

/** JSON knows no NaN and no Infinity: they are text in the file. */
const revive = (_: string, value: unknown) =>
  value === 'NaN' ? Number.NaN : value === 'Infinity' ? Number.POSITIVE_INFINITY : value;

export const golden = JSON.parse(text, revive) as CallbackGolden;
