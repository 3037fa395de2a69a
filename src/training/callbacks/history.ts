/** Keeps the numbers of each epoch: what `fit` returns, and a callback that one can look at meanwhile. */
import type { Callback, Logs } from './callback.ts';

/** What a training tells at its end, as Keras's History. */
export interface History {
  /** The numbers of the epochs. */
  readonly epoch: readonly number[];
  /** For each name, one number per epoch. */
  readonly history: Readonly<Record<string, readonly number[]>>;
  /** Why it ended before its last epoch, where it did. */
  readonly stopped?: string;
}

/**
 * A callback that keeps the numbers of each epoch. `fit` returns the same; this one can be read while it trains.
 *
 * @example
 * const seen = history();
 * const training = model.fit(x, y, { epochs: 100, callbacks: [seen] });
 * setInterval(() => console.log(seen.history.loss?.at(-1)), 1000);
 */
export function history(): Callback & History {
  const epochs: number[] = [];
  const numbers: Record<string, number[]> = {};
  return {
    epoch: epochs,
    history: numbers,
    onTrainBegin() {
      epochs.length = 0;
      for (const name of Object.keys(numbers)) delete numbers[name];
    },
    onEpochEnd(epoch, logs: Logs) {
      epochs.push(epoch);
      for (const [name, value] of Object.entries(logs)) {
        numbers[name] ??= [];
        numbers[name].push(value);
      }
    },
  };
}
