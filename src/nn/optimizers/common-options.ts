/** Options that every optimizer takes, as in Keras 3, and two of cajal's own: legacy `decay`, which Keras 3 ignores, and
 * learning rates that differ from layer to layer. */
import { OptionError } from '../../core/errors.ts';
import { checkNumber, checkSwitch, show } from '../../core/options.ts';
import { checkSchedule, type SchedulePart } from '../schedules/table.ts';
import type { Preset } from './optimizer.ts';

/** Options of every optimizer. */
export interface CommonOptions {
  /** A number, one of `schedules`, or a function from the number of the step (0 at the first). */
  readonly learningRate: number | SchedulePart;
  /** `keras2` takes the defaults and formulas of Keras 2.3.1, for old course notes: Adadelta's learning rate of 1, ε outside
   * the root in RMSprop and Adagrad, `clipnorm` over all gradients together; default `keras3`. */
  readonly preset: Preset;
  /** Divides the learning rate by 1 + decay · step, as Keras up to 2.10; default 0. */
  readonly decay: number;
  /** Before each update w ← w − w · weightDecay · η; default 0. */
  readonly weightDecay: number;
  /** Weights without weight decay: patterns as those of `learningRateMultipliers`; one that matches nothing is no error.
   * Default: none. */
  readonly excludeFromWeightDecay: readonly string[];
  /** Each weight's gradient is made at most this long. */
  readonly clipnorm: number | undefined;
  /** Each number of a gradient is held within ± this. */
  readonly clipvalue: number | undefined;
  /** All gradients together are made at most this long. */
  readonly globalClipnorm: number | undefined;
  /** True keeps a moving average of the weights, which they become at the end of `fit`; default false. */
  readonly useEma: boolean;
  /** How slowly the average forgets; default 0.99. */
  readonly emaMomentum: number;
  /** After so many updates the weights become their average; by default at the end of `fit` only. */
  readonly emaOverwriteFrequency: number | undefined;
  /** So many steps make one update, with the mean of their gradients; default 1. Schedules see steps. */
  readonly gradientAccumulationSteps: number;
  /** Learning rates that differ: `{ 'conv2d*': 0.1, 'block5/*': 0.01 }` multiplies those of matching weights. A pattern is the
   * name of a layer (`conv2d_1`), of a weight in it (`bias`) or both (`dense/kernel`), with `*` for any letters; the first that
   * matches a weight counts. */
  readonly learningRateMultipliers: Readonly<Record<string, number>>;
}

/** Defaults of the common options, besides the learning rate. */
export const commonDefaults: Omit<CommonOptions, 'learningRate'> = {
  preset: 'keras3',
  decay: 0,
  weightDecay: 0,
  excludeFromWeightDecay: [],
  clipnorm: undefined,
  clipvalue: undefined,
  globalClipnorm: undefined,
  useEma: false,
  emaMomentum: 0.99,
  emaOverwriteFrequency: undefined,
  gradientAccumulationSteps: 1,
  learningRateMultipliers: {},
};

type Absent<Options> = { readonly [Key in keyof Options]?: Options[Key] | undefined | null };

/** What a user gives: an optimizer's own options and the common ones. */
export type GivenOptions<Options> = Absent<Omit<Options, keyof CommonOptions>> & Absent<CommonOptions>;

/** Checks the common options among `all`. @throws OptionError that names `where` */
export function resolveCommon(where: string, all: Readonly<Record<string, unknown>>): CommonOptions {
  const number = (key: string, rule: Parameters<typeof checkNumber>[3]) => checkNumber(where, key, all[key], rule);
  const optional = (key: string, rule: Parameters<typeof checkNumber>[3]) =>
    all[key] === undefined ? undefined : number(key, rule);
  const { learningRate } = all;
  const clips = {
    clipnorm: optional('clipnorm', { min: 0, exclusive: true }),
    clipvalue: optional('clipvalue', { min: 0, exclusive: true }),
    globalClipnorm: optional('globalClipnorm', { min: 0, exclusive: true }),
  };
  const given = Object.entries(clips).filter(([, value]) => value !== undefined);
  if (given.length > 1) {
    const received = given.map(([key, value]) => `${key} ${value}`).join(' and ');
    throw new OptionError(
      `${where}: expected one of clipnorm, clipvalue and globalClipnorm, received ${received}. Leave all but one out.`,
    );
  }
  return {
    learningRate:
      typeof learningRate === 'number'
        ? checkNumber(where, 'learningRate', learningRate, { min: 0 })
        : checkSchedule(`${where}: learningRate`, learningRate),
    preset: all['preset'] as Preset,
    decay: number('decay', { min: 0 }),
    weightDecay: number('weightDecay', { min: 0 }),
    excludeFromWeightDecay: checkPatterns(where, all['excludeFromWeightDecay']),
    ...clips,
    useEma: checkSwitch(where, 'useEma', all['useEma']),
    emaMomentum: number('emaMomentum', { min: 0, max: 1 }),
    emaOverwriteFrequency: optional('emaOverwriteFrequency', { integer: true, min: 1 }),
    gradientAccumulationSteps: number('gradientAccumulationSteps', { integer: true, min: 1 }),
    learningRateMultipliers: checkMultipliers(where, all['learningRateMultipliers']),
  };
}

function checkPatterns(where: string, value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((pattern) => typeof pattern === 'string')) return value;
  throw new OptionError(
    `${where}: excludeFromWeightDecay must be a list of names of layers or weights, received ${show(value)}. Write ['bias'] for one.`,
  );
}

function checkMultipliers(where: string, value: unknown): Readonly<Record<string, number>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new OptionError(
      `${where}: learningRateMultipliers must be an object of names and numbers, received ${show(value)}. Write { 'conv2d*': 0.1 }.`,
    );
  }
  for (const [pattern, multiplier] of Object.entries(value)) {
    checkNumber(where, `learningRateMultipliers["${pattern}"]`, multiplier, { min: 0 });
  }
  return value as Readonly<Record<string, number>>;
}
