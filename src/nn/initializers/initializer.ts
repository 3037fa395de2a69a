/** What an initializer is, and the seed that those with random numbers take. */
import { checkNumber } from '../../core/options.ts';
import { Random } from '../../core/random.ts';
import type { Shape } from '../../core/shape.ts';

/** What fills a weight: one number for all places, or a source that is asked for each place in turn, so that large weights
 * need no array on the host. */
export type Fill = number | (() => number);

/** The fill of a weight of `shape` from a source of random numbers. */
export type Initializer = (shape: Shape, random: Random) => Fill;

/** An option of initializers with random numbers. */
export interface Seeded {
  /** By default numbers follow from the model's seed and the weight's name; with a seed of its own, an initializer gives equal
   * numbers to all weights of a shape, as in Keras. */
  seed?: number;
}

/** Options without a default stand as undefined, so that their names are known. */
export interface SeededDefaults {
  readonly seed: number | undefined;
}

/** The initializer with its seed, where it has one. */
export function seeded(where: string, { seed }: SeededDefaults, initializer: Initializer): Initializer {
  if (seed === undefined || seed === null) return initializer;
  checkNumber(where, 'seed', seed, { integer: true });
  return (shape) => initializer(shape, new Random(seed, 'initializer'));
}
