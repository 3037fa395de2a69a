/** Schedules that fall along a formula of the step, as Keras 3. */
import { OptionError } from '../../core/errors.ts';
import { checkNumber, show } from '../../core/options.ts';
import type { PartDefinition } from '../part.ts';
import type { Schedule } from './table.ts';

/** Options of `exponentialDecay`. */
export interface ExponentialDecayOptions {
  initialLearningRate: number;
  /** Steps in which the learning rate is multiplied by `decayRate` once. */
  decaySteps: number;
  decayRate: number;
  /** True falls only at multiples of `decaySteps`; default false. */
  staircase?: boolean;
}

/** Options of `inverseTimeDecay`. */
export type InverseTimeDecayOptions = ExponentialDecayOptions;

/** Options of `piecewiseConstantDecay`. */
export interface PiecewiseConstantDecayOptions {
  /** Steps in rising order: the last steps of the values before them. */
  boundaries: readonly number[];
  /** Learning rates, one more than boundaries. */
  values: readonly number[];
}

/** Options of `polynomialDecay`. */
export interface PolynomialDecayOptions {
  initialLearningRate: number;
  decaySteps: number;
  /** Default 0.0001. */
  endLearningRate?: number;
  /** Default 1: a straight line. */
  power?: number;
  /** True begins again at the end, with a length that grows; default false. */
  cycle?: boolean;
}

/** Options without a default stand as undefined, so that their names are known. */
export type Defaults<Options> = { readonly [Key in keyof Options]-?: Options[Key] | undefined };

/** Checks a learning rate and a number of steps. */
export function checkStart(where: string, rate: unknown, steps: unknown, stepsName = 'decaySteps'): void {
  checkNumber(where, 'initialLearningRate', rate, { min: 0 });
  checkNumber(where, stepsName, steps, { min: 0, exclusive: true });
}

function alongTime(
  formula: (rate: number, decayRate: number, time: number) => number,
): PartDefinition<Defaults<ExponentialDecayOptions>, Schedule> {
  return {
    defaults: { initialLearningRate: undefined, decaySteps: undefined, decayRate: undefined, staircase: false },
    make({ initialLearningRate, decaySteps, decayRate, staircase }, where) {
      checkStart(where, initialLearningRate, decaySteps);
      checkNumber(where, 'decayRate', decayRate, { min: 0 });
      return (step) => {
        const time = step / decaySteps!;
        return formula(initialLearningRate!, decayRate!, staircase ? Math.floor(time) : time);
      };
    },
  };
}

/** η · rate ^ (step / decaySteps). */
export const exponentialDecay: PartDefinition<Defaults<ExponentialDecayOptions>, Schedule> = alongTime(
  (rate, decayRate, time) => rate * decayRate ** time,
);

/** η / (1 + rate · step / decaySteps). */
export const inverseTimeDecay: PartDefinition<Defaults<InverseTimeDecayOptions>, Schedule> = alongTime(
  (rate, decayRate, time) => rate / (1 + decayRate * time),
);

/** The value whose boundary the step has not passed. */
export const piecewiseConstantDecay: PartDefinition<Defaults<PiecewiseConstantDecayOptions>, Schedule> = {
  defaults: { boundaries: undefined, values: undefined },
  make({ boundaries, values }, where) {
    if (!Array.isArray(boundaries) || !Array.isArray(values) || values.length !== boundaries.length + 1) {
      throw new OptionError(
        `${where}: expected a list of boundaries and a list with one value more, received boundaries ${show(boundaries)} and values ${show(values)}.`,
      );
    }
    boundaries.forEach((boundary, index) => {
      const before = index === 0 ? {} : { min: boundaries[index - 1] as number, exclusive: true };
      checkNumber(where, `boundaries[${index}]`, boundary, before);
    });
    values.forEach((value, index) => {
      checkNumber(where, `values[${index}]`, value, { min: 0 });
    });
    return (step) => {
      const place = boundaries.findIndex((boundary) => step <= boundary);
      return values.at(place) as number;
    };
  },
};

/** (η − end) · (1 − step / decaySteps) ^ power + end. */
export const polynomialDecay: PartDefinition<Defaults<PolynomialDecayOptions>, Schedule> = {
  defaults: {
    initialLearningRate: undefined,
    decaySteps: undefined,
    endLearningRate: 0.0001,
    power: 1,
    cycle: false,
  },
  make({ initialLearningRate, decaySteps, endLearningRate, power, cycle }, where) {
    checkStart(where, initialLearningRate, decaySteps);
    const end = checkNumber(where, 'endLearningRate', endLearningRate, { min: 0 });
    const exponent = checkNumber(where, 'power', power, { min: 0 });
    return (step) => {
      const length = cycle && step > 0 ? decaySteps! * Math.ceil(step / decaySteps!) : decaySteps!;
      const done = Math.min(step, length) / length;
      return (initialLearningRate! - end) * (1 - done) ** exponent + end;
    };
  },
};
