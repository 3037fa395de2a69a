/** Schedules by their Keras names: the learning rate of each step, counted from 0 over all epochs. A schedule of one's own is
 * a function from the step. */
import { type Part, type PartConfig, type PartTable, partTable } from '../part.ts';
import {
  type CosineDecayOptions,
  type CosineDecayRestartsOptions,
  cosineDecay,
  cosineDecayRestarts,
} from './cosine.ts';
import {
  type ExponentialDecayOptions,
  exponentialDecay,
  type InverseTimeDecayOptions,
  inverseTimeDecay,
  type PiecewiseConstantDecayOptions,
  type PolynomialDecayOptions,
  piecewiseConstantDecay,
  polynomialDecay,
} from './decay.ts';
import { type OneCycleOptions, oneCycle } from './one-cycle.ts';

/** The learning rate of a step: 0 is the first. */
export type Schedule = (step: number) => number;

const rows = {
  exponentialDecay,
  inverseTimeDecay,
  piecewiseConstantDecay,
  polynomialDecay,
  cosineDecay,
  cosineDecayRestarts,
  oneCycle,
};

const table: PartTable<typeof rows, Schedule> = partTable<Schedule, typeof rows>('schedule', rows);

/** The names of schedules. */
export type ScheduleName = keyof typeof rows;

/** What `learningRate` takes beside a number: one of `schedules`, or a function from the step. */
export type SchedulePart = Exclude<Part<ScheduleName, Schedule>, string>;

/** All names. */
export const scheduleNames: readonly ScheduleName[] = table.names;

/** The functions that make schedules. */
export interface Schedules {
  /** η · rate ^ (step / decaySteps). */
  exponentialDecay(options: ExponentialDecayOptions): PartConfig<'exponentialDecay'>;
  /** η / (1 + rate · step / decaySteps). */
  inverseTimeDecay(options: InverseTimeDecayOptions): PartConfig<'inverseTimeDecay'>;
  /** The values between the boundaries; a step on a boundary still has the value before it. */
  piecewiseConstantDecay(options: PiecewiseConstantDecayOptions): PartConfig<'piecewiseConstantDecay'>;
  /** From η to `endLearningRate` along (1 − step / decaySteps) ^ power. */
  polynomialDecay(options: PolynomialDecayOptions): PartConfig<'polynomialDecay'>;
  /** Half a cosine from η to `alpha` · η, after a linear warm-up where `warmupTarget` is given (Loshchilov and Hutter, 2017). */
  cosineDecay(options: CosineDecayOptions): PartConfig<'cosineDecay'>;
  /** Cosines one after another, each `tMul` times as long and `mMul` times as high as the one before (SGDR, 2017). */
  cosineDecayRestarts(options: CosineDecayRestartsOptions): PartConfig<'cosineDecayRestarts'>;
  /** Up to a large learning rate and down to almost none (Smith and Topin, 2018), as PyTorch's OneCycleLR. */
  oneCycle(options: OneCycleOptions): PartConfig<'oneCycle'>;
}

/** Schedules with their options: `schedules.cosineDecay({ initialLearningRate: 1e-3, decaySteps: 1000 })`. */
export const schedules: Schedules = table.factories as unknown as Schedules;

/** The schedule's function. */
export function schedule(part: SchedulePart): Schedule {
  return table.make(part);
}

/** Checks a schedule. @throws OptionError naming the nearest one */
export function checkSchedule(where: string, given: unknown): SchedulePart {
  const part = table.check(where, given);
  // No schedule is complete without options: the check of a mere name says which one is missing.
  if (typeof part === 'string') table.make(part);
  return part as SchedulePart;
}
