/** Input: where a network begins. It states the shape of one example. */
import { OptionError } from '../../core/errors.ts';
import { checkKeys, show } from '../../core/options.ts';
import { batchAxis } from '../../core/shape.ts';
import { type LayerCall, SymbolicTensor } from '../symbolic-tensor.ts';
import { checkCount } from './arguments.ts';
import { checkLayerName, makeLayer } from './layer.ts';

/** Options of `input`. */
export interface InputOptions {
  /** The shape of one example, without batch: `[height, width, channels]` or `[features]`. */
  readonly shape: readonly number[];
  /** By which several inputs are told apart; by default `input_layer`, `input_layer_1`, … */
  readonly name?: string;
}

/** The class name that Keras gives it. */
export const inputClass = 'InputLayer';

/**
 * A symbolic tensor `[batch, …shape]` for layers to be called on, or for the first place of `sequential`.
 *
 * @throws OptionError where the shape is not a list of sizes
 * @example
 * const x = input({ shape: [28, 28, 1] });
 * const probabilities = layers.dense({ units: 10, activation: 'softmax' })(layers.flatten()(x));
 * const digits = model({ inputs: x, outputs: probabilities });
 */
export function input(options: InputOptions): SymbolicTensor {
  const given: Partial<InputOptions> = options ?? {};
  checkKeys(inputClass, given, ['shape', 'name']);
  const { name } = given;
  checkLayerName(inputClass, name);
  const where = name === undefined ? inputClass : `${inputClass} "${name}"`;
  if (!Array.isArray(given.shape) || given.shape.length === 0) {
    throw new OptionError(
      `${where}: shape must be a list of sizes without batch, as [150, 150, 3], received ${show(given.shape)}.`,
    );
  }
  const shape = given.shape.map((size) => checkCount(where, 'each size of shape', size));
  const layer = makeLayer({
    className: inputClass,
    name,
    config: { shape },
    trainable: true,
    inputCount: 0,
    activityRegularizer: undefined,
    weights: () => ({}),
    call: () => [],
  });
  const outputs: SymbolicTensor[] = [];
  const call: LayerCall = { layer, inputs: [], outputs, options: {}, weights: {}, flops: 0 };
  outputs.push(new SymbolicTensor([batchAxis, ...shape], call, 0));
  return outputs[0]!;
}

/** Whether a tensor is the beginning of a network. */
export function isInput({ call }: SymbolicTensor): boolean {
  return call.layer.className === inputClass;
}
