/** Activations by their Keras names: functions of one value, in ops. A new one is a row here. */
import { checkName } from '../../core/options.ts';
import { relu, sigmoid, tanh } from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';
import { softmaxOf } from '../../ops/softmax.ts';

const rows = {
  linear: (x: Value): Value => x,
  relu,
  sigmoid,
  tanh,
  /** Over the last axis. */
  softmax: softmaxOf,
};

/** The names that `activation` takes. */
export type ActivationName = keyof typeof rows;

/** All names. */
export const activationNames: readonly ActivationName[] = Object.keys(rows) as ActivationName[];

/** The activation's function. */
export function activation(name: ActivationName): (x: Value) => Value {
  return rows[name];
}

/** Checks an activation's name. @throws OptionError naming the nearest one */
export function checkActivation(where: string, name: string): ActivationName {
  return checkName(where, 'activation', name, activationNames);
}
