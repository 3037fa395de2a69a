/** Sets the learning rate of each epoch by a function. */
import { OptionError } from '../../core/errors.ts';
import { checkKeys, show } from '../../core/options.ts';
import type { Callback } from './callback.ts';
import { print, type Verbosity } from './print.ts';

/**
 * A callback that asks a function for the learning rate at the beginning of each epoch. The history gets a `learningRate`.
 *
 * @param schedule from the epoch, counted from 0, and the learning rate so far
 * @param options `verbose: 1` prints each change
 * @throws OptionError where `schedule` is not a function, or gives what is not a number of at least 0
 * @example
 * const schedule = (epoch: number, learningRate: number) => (epoch < 10 ? learningRate : learningRate * Math.exp(-0.1));
 * await model.fit(x, y, { epochs: 15, callbacks: [learningRateScheduler(schedule)] });
 */
export function learningRateScheduler(
  schedule: (epoch: number, learningRate: number) => number,
  options: { verbose?: Verbosity } = {},
): Callback {
  const where = 'learningRateScheduler';
  checkKeys(where, options, ['verbose']);
  if (typeof schedule !== 'function') {
    throw new OptionError(`${where}: expected a function of epoch and learning rate, received ${show(schedule)}.`);
  }
  return {
    onEpochBegin(epoch, training) {
      const rate: unknown = schedule(epoch, training.learningRate);
      if (typeof rate !== 'number' || !Number.isFinite(rate) || rate < 0) {
        throw new OptionError(
          `${where}: expected schedule(${epoch}, ${training.learningRate}) to give a number of at least 0, received ${String(rate)}.`,
        );
      }
      training.learningRate = rate;
      print(options.verbose, `Epoch ${epoch + 1}: ${where} sets the learning rate to ${rate}.`);
    },
    onEpochEnd(_, __, training) {
      training.log('learningRate', training.learningRate);
    },
  };
}
