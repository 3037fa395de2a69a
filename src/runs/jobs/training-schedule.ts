/** The learning rate of each step of a training, from what `--schedule` and `--warmup-epochs` say. */
import { OptionError } from '../../core/errors.ts';
import { type SchedulePart, schedule, schedules } from '../../nn/schedules/table.ts';

/** How the learning rate goes over a training. */
export const trainingSchedules = ['constant', 'linear', 'cosine', 'exponential', 'one-cycle'] as const;

/** One of them. */
export type TrainingSchedule = (typeof trainingSchedules)[number];

/** What is left of the learning rate at the end of the exponential schedule. */
const exponentialEnd = 0.01;

/** The settings that it follows from. */
export interface ScheduleSettings {
  readonly epochs: number;
  readonly schedule?: TrainingSchedule | undefined;
  readonly warmupEpochs?: number | undefined;
}

/**
 * What an optimizer takes as `learningRate`. Over epochs × steps it falls from `rate` to 0 along a line or half a cosine, or by the
 * same factor in each step to a hundredth. A warm-up comes before: a line from almost 0 up to `rate`, whose steps the fall has not.
 * `one-cycle` rises from a 25th of `rate`, over the warm-up or else three tenths of the steps, and falls to almost 0.
 *
 * @throws OptionError where the warm-up leaves no epoch
 */
export function scheduledLearningRate(
  { epochs, schedule: name = 'constant', warmupEpochs = 0 }: ScheduleSettings,
  rate: number,
  stepsPerEpoch: number,
): number | SchedulePart {
  if (warmupEpochs >= epochs) {
    throw new OptionError(
      `train: expected --warmup-epochs below --epochs (${epochs}), received ${warmupEpochs}. Raise --epochs, or warm up for less.`,
    );
  }
  const totalSteps = epochs * stepsPerEpoch;
  if (name === 'one-cycle') {
    return schedules.oneCycle({
      maxLearningRate: rate,
      totalSteps,
      ...(warmupEpochs > 0 && { pctStart: warmupEpochs / epochs }),
    });
  }
  const warmupSteps = Math.round(warmupEpochs * stepsPerEpoch);
  const decaySteps = Math.max(1, totalSteps - warmupSteps);
  const start = { initialLearningRate: rate, decaySteps };
  // The first step of a warm-up already learns something.
  const warmup = { ...start, initialLearningRate: rate / (warmupSteps + 1), warmupTarget: rate, warmupSteps };
  if (name === 'cosine') return schedules.cosineDecay(warmupSteps > 0 ? warmup : start);
  if (name === 'constant') return warmupSteps > 0 ? schedules.cosineDecay({ ...warmup, alpha: 1 }) : rate;
  const fall =
    name === 'linear'
      ? schedules.polynomialDecay({ ...start, endLearningRate: 0 })
      : schedules.exponentialDecay({ ...start, decayRate: exponentialEnd });
  if (warmupSteps === 0) return fall;
  const [rising, falling] = [schedule(schedules.cosineDecay(warmup)), schedule(fall)];
  return (step) => (step < warmupSteps ? rising(step) : falling(step - warmupSteps));
}
