/** Activations by their Keras names: functions of one value, in ops. A new one is a row here. */
import { checkNumber } from '../../core/options.ts';
import { sigmoid, tanh } from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';
import { type Part, type PartDefinition, type PartTable, partTable } from '../part.ts';
import * as functions from './functions.ts';
import { logSoftmax, softmax } from './softmax.ts';

/** A function of a value, in its shape. */
export type Activation = (x: Value) => Value;

/** An activation without options. */
function plain(activation: Activation): PartDefinition<Record<never, never>, Activation> {
  return { defaults: {}, make: () => activation };
}

const rows = {
  linear: plain((x) => x),
  /** x above the threshold up to maxValue, negativeSlope · (x − threshold) from there down. No option may be negative. */
  relu: {
    defaults: { negativeSlope: 0, maxValue: null, threshold: 0 },
    make({ negativeSlope, maxValue, threshold }, where) {
      checkNumber(where, 'negativeSlope', negativeSlope, { min: 0 });
      checkNumber(where, 'threshold', threshold, { min: 0 });
      const largest = maxValue ?? undefined;
      if (largest !== undefined) checkNumber(where, 'maxValue', largest, { min: 0 });
      const bounds = { negativeSlope, threshold, ...(largest !== undefined && { maxValue: largest }) };
      return (x) => functions.reluWith(x, bounds);
    },
  } satisfies PartDefinition<{ negativeSlope: number; maxValue: number | null; threshold: number }, Activation>,
  relu6: plain(functions.relu6),
  /** x above 0, negativeSlope · x below. */
  leakyRelu: {
    defaults: { negativeSlope: 0.2 },
    make:
      ({ negativeSlope }) =>
      (x) =>
        functions.leakyRelu(x, negativeSlope),
  } satisfies PartDefinition<{ negativeSlope: number }, Activation>,
  /** x above 0, alpha · (eˣ − 1) below. */
  elu: {
    defaults: { alpha: 1 },
    make:
      ({ alpha }) =>
      (x) =>
        functions.elu(x, alpha),
  } satisfies PartDefinition<{ alpha: number }, Activation>,
  selu: plain(functions.selu),
  /** x · Φ(x), where Φ is the normal distribution; `approximate` takes a formula with tanh in place of erf. */
  gelu: {
    defaults: { approximate: false },
    make: ({ approximate }) => (approximate ? functions.geluTanh : functions.gelu),
  } satisfies PartDefinition<{ approximate: boolean }, Activation>,
  silu: plain(functions.silu),
  /** Another name of `silu`. */
  swish: plain(functions.silu),
  sigmoid: plain(sigmoid),
  hardSigmoid: plain(functions.hardSigmoid),
  hardSwish: plain(functions.hardSwish),
  /** Another name of `hardSwish`. */
  hardSilu: plain(functions.hardSwish),
  tanh: plain(tanh),
  hardTanh: plain(functions.hardTanh),
  softplus: plain(functions.softplus),
  softsign: plain(functions.softsign),
  mish: plain(functions.mish),
  exponential: plain(functions.exponential),
  logSigmoid: plain(functions.logSigmoid),
  softmax,
  logSoftmax,
};

const table: PartTable<typeof rows, Activation> = partTable<Activation, typeof rows>('activation', rows);

/** The names that `activation` takes. */
export type ActivationName = keyof typeof rows;

/** What `activation` takes: a name, one of `activations` with its options, or a function of a value. */
export type ActivationPart = Part<ActivationName, Activation>;

/** All names. */
export const activationNames: readonly ActivationName[] = table.names;

/** Activations with options: `activations.leakyRelu({ negativeSlope: 0.1 })`. */
export const activations: PartTable<typeof rows, Activation>['factories'] = table.factories;

/** The activation's function. */
export function activation(part: ActivationPart): Activation {
  return table.make(part);
}

/** Checks an activation. @throws OptionError naming the nearest one */
export function checkActivation(where: string, given: unknown): ActivationPart {
  return table.check(where, given);
}
