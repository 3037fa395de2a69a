/** Initializers by their Keras names: how a new weight is filled. An initializer of one's own is a function from the shape and
 * a source of random numbers: `(shape, random) => () => 0.01 * random.normal()`. */
import { OptionError } from '../../core/errors.ts';
import { checkNumber, show } from '../../core/options.ts';
import { type Part, type PartDefinition, type PartTable, partTable } from '../part.ts';
import { type Fill, type Initializer, type SeededDefaults, seeded } from './initializer.ts';
import { identity, orthogonal } from './matrices.ts';
import {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  varianceScaling,
} from './variance-scaling.ts';

export type { Fill, Initializer } from './initializer.ts';

interface NormalOptions extends SeededDefaults {
  /** Default 0. */
  readonly mean: number;
  /** Default 0.05. */
  readonly stddev: number;
}

interface UniformOptions extends SeededDefaults {
  /** Default −0.05. */
  readonly minval: number;
  /** Default 0.05. */
  readonly maxval: number;
}

function filling(value: number): PartDefinition<Record<never, never>, Initializer> {
  return { defaults: {}, make: () => () => value };
}

function normal(draw: 'normal' | 'truncatedNormal'): PartDefinition<NormalOptions, Initializer> {
  return {
    defaults: { mean: 0, stddev: 0.05, seed: undefined },
    make(options, where) {
      const { mean, stddev } = options;
      checkNumber(where, 'stddev', stddev, { min: 0 });
      return seeded(where, options, (_, random) => () => mean + stddev * random[draw]());
    },
  };
}

const rows = {
  zeros: filling(0),
  ones: filling(1),
  constant: {
    defaults: { value: 0 },
    make:
      ({ value }) =>
      () =>
        value,
  } satisfies PartDefinition<{ readonly value: number }, Initializer>,
  randomNormal: normal('normal'),
  /** Drawn again beyond two deviations, which makes the deviation 0.88 of `stddev`, as in Keras. */
  truncatedNormal: normal('truncatedNormal'),
  randomUniform: {
    defaults: { minval: -0.05, maxval: 0.05, seed: undefined },
    make(options, where) {
      const { minval, maxval } = options;
      checkNumber(where, 'maxval', maxval, { min: minval });
      return seeded(where, options, (_, random) => () => random.uniform(minval, maxval));
    },
  } satisfies PartDefinition<UniformOptions, Initializer>,
  varianceScaling,
  glorotUniform,
  glorotNormal,
  heUniform,
  heNormal,
  lecunUniform,
  lecunNormal,
  orthogonal,
  identity,
};

const table: PartTable<typeof rows, Initializer> = partTable<Initializer, typeof rows>('initializer', rows);

/** The names that `kernelInitializer` and `biasInitializer` take. */
export type InitializerName = keyof typeof rows;

/** What `kernelInitializer` and `biasInitializer` take: a name, one of `initializers` with its options, or a function. */
export type InitializerPart = Part<InitializerName, Initializer>;

/** All names. */
export const initializerNames: readonly InitializerName[] = table.names;

/** Initializers with options: `initializers.truncatedNormal({ stddev: 0.1, seed: 7 })`. */
export const initializers: PartTable<typeof rows, Initializer>['factories'] = table.factories;

/** The initializer's function. */
export function initializer(part: InitializerPart): Initializer {
  return table.make(part);
}

/** What an initializer gave. @throws OptionError where one of the user's own gave something else */
export function checkFill(where: string, fill: Fill): Fill {
  if (Number.isFinite(fill) || typeof fill === 'function' || ArrayBuffer.isView(fill)) return fill;
  throw new OptionError(
    `${where}: expected of its initializer a number, or a function that gives one after the other, received ${show(fill)}.`,
  );
}

/** Checks an initializer. @throws OptionError naming the nearest one */
export function checkInitializer(where: string, given: unknown): InitializerPart {
  return table.check(where, given);
}
