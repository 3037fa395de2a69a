/** Schedules that fall along half a cosine, as Keras 3. */
import { checkNumber } from '../../core/options.ts';
import type { PartDefinition } from '../part.ts';
import { checkStart, type Defaults } from './decay.ts';
import type { Schedule } from './table.ts';

/** Options of `cosineDecay`. */
export interface CosineDecayOptions {
  /** Where it starts: the cosine, or the warm-up where there is one. */
  initialLearningRate: number;
  /** Steps of the cosine, the warm-up not counted. */
  decaySteps: number;
  /** The share of the learning rate that is left at the end; default 0. */
  alpha?: number;
  /** Where the warm-up ends and the cosine starts; by default there is no warm-up. */
  warmupTarget?: number;
  /** Steps of the warm-up; default 0. */
  warmupSteps?: number;
}

/** Options of `cosineDecayRestarts`. */
export interface CosineDecayRestartsOptions {
  initialLearningRate: number;
  /** Steps of the first cosine. */
  firstDecaySteps: number;
  /** How many times as long each cosine is as the one before; default 2. */
  tMul?: number;
  /** How many times as high; default 1. */
  mMul?: number;
  /** The share of the learning rate that is left at the end of each; default 0. */
  alpha?: number;
}

const cosine = (done: number): number => 0.5 * (1 + Math.cos(Math.PI * done));

/** A straight line from η to the target in `warmupSteps`, then target · ((1 − α) · (1 + cos π done) / 2 + α). */
export const cosineDecay: PartDefinition<Defaults<CosineDecayOptions>, Schedule> = {
  defaults: {
    initialLearningRate: undefined,
    decaySteps: undefined,
    alpha: 0,
    warmupTarget: undefined,
    warmupSteps: 0,
  },
  make({ initialLearningRate, decaySteps, alpha, warmupTarget, warmupSteps }, where) {
    checkStart(where, initialLearningRate, decaySteps);
    const left = checkNumber(where, 'alpha', alpha, { min: 0 });
    const given = warmupTarget ?? undefined;
    const target = given === undefined ? initialLearningRate! : checkNumber(where, 'warmupTarget', given, { min: 0 });
    // As in Keras, steps without a target to warm up to are no warm-up.
    const steps = checkNumber(where, 'warmupSteps', warmupSteps, { min: 0 });
    const warmup = given === undefined ? 0 : steps;
    return (step) => {
      if (step < warmup) return initialLearningRate! + (target - initialLearningRate!) * (step / warmup);
      const done = Math.min(step - warmup, decaySteps!) / decaySteps!;
      return target * ((1 - left) * cosine(done) + left);
    };
  },
};

/** In cycle i: η · ((1 − α) · mMulⁱ · (1 + cos π done) / 2 + α). */
export const cosineDecayRestarts: PartDefinition<Defaults<CosineDecayRestartsOptions>, Schedule> = {
  defaults: { initialLearningRate: undefined, firstDecaySteps: undefined, tMul: 2, mMul: 1, alpha: 0 },
  make({ initialLearningRate, firstDecaySteps, tMul, mMul, alpha }, where) {
    checkStart(where, initialLearningRate, firstDecaySteps, 'firstDecaySteps');
    const longer = checkNumber(where, 'tMul', tMul, { min: 1 });
    const higher = checkNumber(where, 'mMul', mMul, { min: 0 });
    const left = checkNumber(where, 'alpha', alpha, { min: 0 });
    return (step) => {
      const { cycle, done } = placeOf(step / firstDecaySteps!, longer);
      return initialLearningRate! * ((1 - left) * higher ** cycle * cosine(done) + left);
    };
  },
};

/** Which cycle a time is in, where the first is 1 long and each `longer` times the one before, and the share of it that is
 * over. */
function placeOf(time: number, longer: number): { cycle: number; done: number } {
  if (longer === 1) return { cycle: Math.floor(time), done: time - Math.floor(time) };
  const startOf = (cycle: number) => (longer ** cycle - 1) / (longer - 1);
  let cycle = Math.max(0, Math.floor(Math.log(1 + time * (longer - 1)) / Math.log(longer)));
  // Logarithms can miss the first step of a cycle by a rounding.
  if (startOf(cycle + 1) <= time) cycle++;
  if (startOf(cycle) > time) cycle--;
  return { cycle, done: (time - startOf(cycle)) / longer ** cycle };
}
