/** Initializers by their Keras names: how a new weight is filled. Formulas as in Keras 3: Glorot and Bengio 2010, He et
 * al. 2015; normal ones are truncated at two deviations and widened by 1 / 0.87962566 to keep their variance. */
import type { Random } from '../../core/random.ts';
import { elementCount, type Shape } from '../../core/shape.ts';
import { type Part, type PartDefinition, type PartTable, partTable } from '../part.ts';

/** What fills a weight: one number for all places, or a source that is asked for each place in turn, so that large weights
 * need no array on the host. */
export type Fill = number | (() => number);

/** The fill of a weight of `shape` from a source of random numbers. */
export type Initializer = (shape: Shape, random: Random) => Fill;

/** The deviation of a standard normal truncated at ±2. */
const truncatedDeviation = 0.87962566103423978;

/** Inputs and outputs of one unit: dense kernels `[in, out]`, convolutions `[…window, in, out]`. */
function fans(shape: Shape): { fanIn: number; fanOut: number } {
  if (shape.length < 2) return { fanIn: shape[0] ?? 1, fanOut: shape[0] ?? 1 };
  const window = elementCount(shape.slice(0, -2));
  return { fanIn: window * shape.at(-2)!, fanOut: window * shape.at(-1)! };
}

function uniform(scale: (shape: Shape) => number): Initializer {
  return (shape, random) => {
    const limit = Math.sqrt(3 * scale(shape));
    return () => random.uniform(-limit, limit);
  };
}

function normal(scale: (shape: Shape) => number): Initializer {
  return (shape, random) => {
    const deviation = Math.sqrt(scale(shape)) / truncatedDeviation;
    return () => random.truncatedNormal() * deviation;
  };
}

const glorot = (shape: Shape): number => {
  const { fanIn, fanOut } = fans(shape);
  return 2 / (fanIn + fanOut);
};
const he = (shape: Shape): number => 2 / fans(shape).fanIn;

/** An initializer without options. */
function plain(initializer: Initializer): PartDefinition<Record<never, never>, Initializer> {
  return { defaults: {}, make: () => initializer };
}

const rows = {
  zeros: plain(() => 0),
  ones: plain(() => 1),
  /** U(−√(6/(in+out)), √(6/(in+out))). */
  glorotUniform: plain(uniform(glorot)),
  glorotNormal: plain(normal(glorot)),
  /** U(−√(6/in), √(6/in)). */
  heUniform: plain(uniform(he)),
  heNormal: plain(normal(he)),
};

const table: PartTable<typeof rows, Initializer> = partTable<Initializer, typeof rows>('initializer', rows);

/** The names that `kernelInitializer` and `biasInitializer` take. */
export type InitializerName = keyof typeof rows;

/** What `kernelInitializer` and `biasInitializer` take: a name, one of `initializers` with its options, or a function. */
export type InitializerPart = Part<InitializerName, Initializer>;

/** All names. */
export const initializerNames: readonly InitializerName[] = table.names;

/** Initializers with options. */
export const initializers: PartTable<typeof rows, Initializer>['factories'] = table.factories;

/** The initializer's function. */
export function initializer(part: InitializerPart): Initializer {
  return table.make(part);
}

/** Checks an initializer. @throws OptionError naming the nearest one */
export function checkInitializer(where: string, given: unknown): InitializerPart {
  return table.check(where, given);
}
