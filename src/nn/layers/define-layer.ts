/** Layers of the user's own. */
import { OptionError } from '../../core/errors.ts';
import { show } from '../../core/options.ts';
import { type LayerDefinition, type LayerFactory, layerFactory } from './layer.ts';

/**
 * Turns a definition into a function that makes such layers, as the functions in `layers` are made. The call is written with
 * functions of `cajal/ops`; gradient, fusion and every backend follow from them. A saved model that has such a layer is loaded
 * with the function in `customLayers`.
 *
 * @param definition the class name, the names of the options, `configure` (their checks and defaults), `weights` (shapes and
 *   initializers, where there are any; also checks the input's shape) and `call` (the output)
 * @throws OptionError by the function it returns, for options that the definition does not name
 * @example
 * // A trained scale and shift of each channel; add and multiply come from cajal/ops.
 * const affine = defineLayer<{ start?: 'ones' | 'zeros' }, { start: 'ones' | 'zeros' }>({
 *   className: 'Affine',
 *   options: ['start'],
 *   configure: ({ start = 'ones' }) => ({ start }),
 *   weights: ({ start }, inputShape) => ({
 *     scale: { shape: [inputShape.at(-1)!], initializer: start, trainable: true },
 *     shift: { shape: [inputShape.at(-1)!], initializer: 'zeros', trainable: true },
 *   }),
 *   call: ({ inputs: [x], weights: { scale, shift } }) => add(multiply(x!, scale!), shift!),
 * });
 * const model = sequential([affine({ name: 'first' }), layers.dense({ units: 2 })]);
 */
export function defineLayer<Options extends object, Config extends object>(
  definition: LayerDefinition<Options, Config>,
): LayerFactory<Options> {
  const { className, options, configure, call } = (definition ?? {}) as Partial<LayerDefinition<Options, Config>>;
  const isWhole = Array.isArray(options) && typeof configure === 'function' && typeof call === 'function';
  if (!isWhole || typeof className !== 'string' || !/^[A-Za-z]\w*$/.test(className)) {
    throw new OptionError(
      `defineLayer: expected a definition with className, options, configure and call, received ${show(className)} with ${Object.keys(definition ?? {}).join(', ') || 'nothing'}. Write { className: 'Affine', options: [], configure: () => ({}), call: ({ inputs: [x] }) => x }.`,
    );
  }
  return layerFactory(definition);
}
