/** The one-cycle schedule (Smith and Topin, "Super-convergence", 2018) as PyTorch's OneCycleLR computes it; Keras has none. */
import { OptionError } from '../../core/errors.ts';
import { checkName, checkNumber } from '../../core/options.ts';
import type { PartDefinition } from '../part.ts';
import type { Defaults } from './decay.ts';
import type { Schedule } from './table.ts';

/** Options of `oneCycle`, named as PyTorch's. */
export interface OneCycleOptions {
  maxLearningRate: number;
  /** Steps of the whole cycle: epochs × steps in an epoch. Later steps keep the last learning rate. */
  totalSteps: number;
  /** The share of the steps in which the learning rate rises; default 0.3. */
  pctStart?: number;
  /** Along half a cosine or a straight line; default `cos`. */
  annealStrategy?: 'cos' | 'linear';
  /** The first learning rate is the largest divided by this; default 25. */
  divFactor?: number;
  /** The last is the first divided by this; default 10,000. */
  finalDivFactor?: number;
  /** True comes down as it went up, and then falls from the first to the last; default false. */
  threePhase?: boolean;
}

/** From max / divFactor up to max, and down to max / (divFactor · finalDivFactor): phases end at steps pctStart · total − 1 and
 * total − 1. Along a cosine: end + (start − end) · (1 + cos π done) / 2. */
export const oneCycle: PartDefinition<Defaults<OneCycleOptions>, Schedule> = {
  defaults: {
    maxLearningRate: undefined,
    totalSteps: undefined,
    pctStart: 0.3,
    annealStrategy: 'cos',
    divFactor: 25,
    finalDivFactor: 1e4,
    threePhase: false,
  },
  make({ maxLearningRate, totalSteps, pctStart, annealStrategy, divFactor, finalDivFactor, threePhase }, where) {
    const highest = checkNumber(where, 'maxLearningRate', maxLearningRate, { min: 0, exclusive: true });
    const total = checkNumber(where, 'totalSteps', totalSteps, { integer: true, min: 1 });
    const share = checkNumber(where, 'pctStart', pctStart, { min: 0, max: 1 });
    const strategy = checkName(where, 'annealStrategy', String(annealStrategy), ['cos', 'linear']);
    const first = highest / checkNumber(where, 'divFactor', divFactor, { min: 0, exclusive: true });
    const last = first / checkNumber(where, 'finalDivFactor', finalDivFactor, { min: 0, exclusive: true });
    if (threePhase && share > 0.5) {
      throw new OptionError(
        `${where}: pctStart must be at most 0.5 with threePhase, which comes down in as many steps as it went up, received ${share}.`,
      );
    }
    const down = { end: total - 1, from: threePhase ? first : highest, to: last };
    const up = { end: share * total - 1, from: first, to: highest };
    const phases = threePhase ? [up, { end: 2 * share * total - 2, from: highest, to: first }, down] : [up, down];
    return (step) => {
      let start = 0;
      for (const { end, from, to } of phases) {
        if (step <= end || end === total - 1) {
          const done = Math.min(1, Math.max(0, (step - start) / Math.max(end - start, 1e-12)));
          return strategy === 'linear'
            ? from + (to - from) * done
            : to + (from - to) * 0.5 * (1 + Math.cos(Math.PI * done));
        }
        start = end;
      }
      return last;
    };
  },
};
