/** What Keras computed for losses (scripts/make-loss-golden.py). */
import { readFileSync } from 'node:fs';

/** One loss on one batch. */
export interface LossGolden {
  /** Keras's class. */
  readonly keras: string;
  readonly loss: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Of the predictions. */
  readonly shape: readonly number[];
  /** In that shape, or class numbers. */
  readonly targets: readonly number[];
  readonly predictions: readonly number[];
  /** Sample weights; absent: all 1. */
  readonly weights?: readonly number[];
  /** The loss of each example. */
  readonly values: readonly number[];
  /** The loss of the batch, with the weights. */
  readonly total: number;
  /** Of the total with respect to the predictions. */
  readonly gradient: readonly number[];
}

interface Golden {
  readonly keras: string;
  readonly losses: readonly LossGolden[];
}

/** The golden numbers. */
export const lossGolden: Golden = JSON.parse(readFileSync(new URL('../golden/losses.json', import.meta.url), 'utf8'));
