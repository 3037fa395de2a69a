/** Initializers by their Keras names: how a new weight is filled. Formulas as in Keras 3: Glorot and Bengio 2010, He et
 * al. 2015; normal ones are truncated at two deviations and widened by 1 / 0.87962566 to keep their variance. */
import { checkName } from '../../core/options.ts';
import type { Random } from '../../core/random.ts';
import { elementCount, type Shape } from '../../core/shape.ts';

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

const rows = {
  zeros: (): Fill => 0,
  ones: (): Fill => 1,
  /** U(−√(6/(in+out)), √(6/(in+out))). */
  glorotUniform: uniform(glorot),
  glorotNormal: normal(glorot),
  /** U(−√(6/in), √(6/in)). */
  heUniform: uniform(he),
  heNormal: normal(he),
};

/** The names that `kernelInitializer` and `biasInitializer` take. */
export type InitializerName = keyof typeof rows;

/** All names. */
export const initializerNames: readonly InitializerName[] = Object.keys(rows) as InitializerName[];

/** The initializer's function. */
export function initializer(name: InitializerName): Initializer {
  return rows[name];
}

/** Checks an initializer's name. @throws OptionError naming the nearest one */
export function checkInitializer(where: string, name: string): InitializerName {
  return checkName(where, 'initializer', name, initializerNames);
}
