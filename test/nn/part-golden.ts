/** What Keras computed for initializers, regularizers and constraints (scripts/make-part-golden.py). */
import { readFileSync } from 'node:fs';

interface PartGolden {
  /** The class in Keras. */
  readonly keras: string;
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly shape: readonly number[];
}

/** A constraint of a weight. */
export interface ConstraintGolden extends PartGolden {
  readonly weight: readonly number[];
  readonly result: readonly number[];
}

/** A regularizer of a weight, and its gradient. */
export interface RegularizerGolden extends PartGolden {
  readonly weight: readonly number[];
  readonly value: number;
  readonly gradient: readonly number[];
}

/** How the numbers of one weight are spread. */
export interface InitializerGolden extends PartGolden {
  readonly mean: number;
  readonly deviation: number;
  readonly least: number;
  readonly most: number;
}

interface Golden {
  readonly constraints: readonly ConstraintGolden[];
  readonly regularizers: readonly RegularizerGolden[];
  readonly initializers: readonly InitializerGolden[];
}

/** The golden numbers. */
export const golden: Golden = JSON.parse(readFileSync(new URL('../golden/parts.json', import.meta.url), 'utf8'));

/** A case by the names that it has in cajal. */
export function describePart({ name, options, shape }: PartGolden): string {
  return `${name} ${JSON.stringify(options)} of [${shape.join(', ')}]`;
}
