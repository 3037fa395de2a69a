/** Changes that have nothing random in them but which pictures they happen to: all, always, or a share in training. */
import { where as choose, greater, rescale } from '../../../ops/elementwise.ts';
import type { Value } from '../../../ops/op.ts';
import type { Range } from './draws.ts';
import { checkFactor, type Factor, probability, type ValueRangeOption } from './picture-options.ts';
import { type RandomLayer, type RandomLayerParts, randomLayer } from './random-layer.ts';

/** Option `factor` of such a layer. */
export interface ShareOption extends ValueRangeOption {
  /** The probability, 0 … 1, with which a picture is changed in training; outside training pictures then stay. By default all
   * are changed, in training and outside. A range is drawn from for each picture. */
  factor?: Factor;
}

/** What its configuration has. */
export interface ShareConfig {
  readonly factor?: Factor;
  readonly valueRange: Range;
}

/** The configuration of `factor`. */
export function checkShare(where: string, factor: unknown): { readonly factor?: Factor } {
  return (factor ?? undefined) === undefined
    ? {}
    : { factor: checkFactor(where, 'factor', factor, { min: 0, max: 1 }) };
}

/** Makes the layer from the change of pictures with values from 0 to 255. */
export function someOrAll<Options extends ShareOption, Config extends ShareConfig>({
  change,
  ...parts
}: Pick<RandomLayerParts<Options, Config, 'isChosen'>, 'className' | 'options' | 'configure'> & {
  change(x: Value, config: Config): Value;
}): RandomLayer<Options, Config, 'isChosen'> {
  const changed = (x: Value, config: Config) => inBytes(x, config.valueRange, (bytes) => change(bytes, config));
  return randomLayer<Options, Config, 'isChosen'>({
    ...parts,
    draws: ({ factor }) => (factor === undefined ? 0 : 1),
    parameters: (draws, { factor = 1 }) => ({ isChosen: greater(probability(factor), draws.next()) }),
    pixels: (x, { isChosen }, config) => choose(isChosen, changed(x, config), x),
    otherwise: (x, config) => (config.factor === undefined ? changed(x, config) : x),
  });
}

/** What a change of values from 0 to 255 makes of values in another range. */
function inBytes(x: Value, [low, high]: Range, change: (x: Value) => Value): Value {
  if (low === 0 && high === 255) return change(x);
  const scale = 255 / (high - low);
  // 51 / 255 · 255 may come out below 51: a thousandth keeps it in its bin.
  return rescale(change(rescale(x, scale, 0.001 - low * scale)), 1 / scale, low);
}
