/** Activation: a function of each value, as a layer of its own. */
import { type ActivationPart, checkActivation, activation as functionOf } from '../activations/table.ts';
import type { LayerDefinition } from './layer.ts';

/** Options of `activation`. */
export interface ActivationOptions {
  /** Its name (`relu`, `sigmoid`, `softmax` …), one of `activations` with options, or a function of a value. */
  activation: ActivationPart;
}

/** The output has the input's shape. */
export const activation: LayerDefinition<ActivationOptions, ActivationOptions> = {
  className: 'Activation',
  options: ['activation'],
  configure: (options, where) => ({ activation: checkActivation(where, options.activation) }),
  call: ({ config, inputs: [x] }) => functionOf(config.activation)(x!),
};
