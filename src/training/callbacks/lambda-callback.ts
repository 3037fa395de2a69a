/** A callback of a few functions, in Keras's name for it. */
import { checkKeys } from '../../core/options.ts';
import { type Callback, hookNames } from './callback.ts';

/**
 * A callback of the given hooks: an object with the hooks is a callback too, this one also refuses names that are no hook.
 *
 * @throws OptionError naming the nearest hook
 * @example
 * const log = lambdaCallback({ onEpochEnd: (epoch, logs) => console.log(epoch, logs.loss) });
 * await model.fit(x, y, { callbacks: [log] });
 */
export function lambdaCallback(hooks: Callback): Callback {
  checkKeys('lambdaCallback', hooks, hookNames);
  return { ...hooks };
}
