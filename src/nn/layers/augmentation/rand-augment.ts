/** RandAugment: a few changes of a list for each picture (E. D. Cubuk et al., "RandAugment", 2020). */
import { checkName, checkNumber } from '../../../core/options.ts';
import type { Shape } from '../../../core/shape.ts';
import { where as choose, equal, floor, maximum, multiply, negate } from '../../../ops/elementwise.ts';
import type { Value } from '../../../ops/op.ts';
import type { SamplingInterpolation } from '../../../ops/sampling.ts';
import { stretchContrast } from './auto-contrast.ts';
import type { Draws, Range } from './draws.ts';
import {
  aroundZero,
  checkFactor,
  checkGreyOrColors,
  checkValueRange,
  type Factor,
  fromZero,
  type ValueRangeOption,
} from './picture-options.ts';
import { randomBrightness } from './random-brightness.ts';
import { randomColorDegeneration } from './random-color-degeneration.ts';
import { randomContrast } from './random-contrast.ts';
import { type Parameters, type RandomLayer, randomLayer } from './random-layer.ts';
import { randomPosterization } from './random-posterization.ts';
import { turned } from './random-rotation.ts';
import { randomSharpness } from './random-sharpness.ts';
import { solarization } from './solarization.ts';
import { composed, moved, transformRows } from './transforms.ts';

/** Options of `randAugment`. */
export interface RandAugmentOptions extends ValueRangeOption {
  /** How many changes are drawn for each picture; default 2. One that is drawn twice happens once. */
  numOps?: number;
  /** How strong they are: the factor of each layer, 0 … 1; default 0.5. A number moves pictures in both directions. */
  factor?: Factor;
  /** `bilinear` (default) or `nearest`. */
  interpolation?: SamplingInterpolation;
}

type Config = {
  readonly numOps: number;
  readonly factor: Factor;
  readonly interpolation: SamplingInterpolation;
  readonly valueRange: Range;
};

/** What can be drawn: the three that move pixels, which are done in one pass, then the others in this order. */
const moving = ['shear', 'translation', 'rotation'] as const;
const coloring = ['brightness', 'degeneration', 'contrast', 'sharpness', 'posterization', 'solarization'] as const;
const names = [...moving, ...coloring, 'autoContrast'] as const;

/** The layers that change colours, with the options of each. */
function colorLayers({
  factor,
  valueRange,
}: Config): Record<(typeof coloring)[number], [RandomLayer<object, object>, object]> {
  const bits = Math.max(1, Math.floor(8 * fromZero(factor)[1]));
  const own = (layer: unknown, options: object): [RandomLayer<object, object>, object] => [
    layer as RandomLayer<object, object>,
    { ...options, valueRange },
  ];
  return {
    brightness: own(randomBrightness, { factor }),
    degeneration: own(randomColorDegeneration, { factor }),
    contrast: own(randomContrast, { factor }),
    sharpness: own(randomSharpness, { factor }),
    posterization: own(randomPosterization, { factor: [1, bits] }),
    solarization: own(solarization, { additionFactor: factor, thresholdFactor: factor }),
  };
}

/** Each picture gets `numOps` of shear, translation, rotation, brightness, colour degeneration, contrast, sharpness,
 * posterization, solarization and automatic contrast, each as likely. Input and output `[batch, height, width, 1 or 3]`. */
export const randAugment: RandomLayer<RandAugmentOptions, Config> = randomLayer({
  className: 'RandAugment',
  options: ['valueRange', 'numOps', 'factor', 'interpolation'],
  configure: ({ valueRange, numOps = 2, factor = 0.5, interpolation = 'bilinear' }, where) => ({
    valueRange: checkValueRange(where, valueRange),
    numOps: checkNumber(where, 'numOps', numOps, { integer: true, min: 0 }),
    factor: checkFactor(where, 'factor', factor, { min: 0, max: 1 }),
    interpolation: checkName(where, 'interpolation', interpolation, ['bilinear', 'nearest']),
  }),
  checkShape: checkGreyOrColors,
  draws: (config, shape) =>
    config.numOps === 0
      ? 0
      : config.numOps +
        5 +
        Object.values(colorLayers(config)).reduce((all, [layer, own]) => all + layer.draws(own, shape), 0),
  parameters(draws, config, shape) {
    const drawn = Array.from({ length: config.numOps }, () => floor(multiply(draws.next(), names.length)));
    const isDrawn = (name: (typeof names)[number]): Value =>
      drawn.map((place) => equal(place, names.indexOf(name))).reduce((one, other) => maximum(one, other));
    const parameters: Record<string, Value> = { transform: transformOf(draws, config, shape, isDrawn) };
    for (const [name, [layer, own]] of Object.entries(colorLayers(config))) {
      parameters[name] = isDrawn(name as (typeof coloring)[number]);
      for (const [part, value] of Object.entries(layer.parameters(draws, own, shape)))
        parameters[`${name} ${part}`] = value;
    }
    parameters['autoContrast'] = isDrawn('autoContrast');
    return parameters;
  },
  pixels(x, parameters, config) {
    const { interpolation, valueRange } = config;
    let pictures = moved(x, parameters['transform']!, { interpolation, fillMode: 'reflect' });
    for (const [name, [layer, own]] of Object.entries(colorLayers(config))) {
      const mine = Object.entries(parameters).flatMap(([key, value]) =>
        key.startsWith(`${name} `) ? [[key.slice(name.length + 1), value]] : [],
      );
      const changed = layer.pixels(pictures, Object.fromEntries(mine) as Parameters, own);
      pictures = choose(parameters[name]!, changed, pictures);
    }
    return choose(parameters['autoContrast']!, stretchContrast(pictures, valueRange), pictures);
  },
});

/** The drawn ones of shear, translation and rotation as one transform; those that are not drawn are by nothing. */
function transformOf(
  draws: Draws,
  { factor }: Config,
  shape: Shape,
  isDrawn: (name: (typeof moving)[number]) => Value,
): Value {
  const [low, high] = aroundZero(factor);
  const amount = (name: (typeof moving)[number], scale: number) =>
    multiply(draws.next([low * scale, high * scale]), isDrawn(name));
  const [x, y] = [amount('shear', 1), amount('shear', 1)];
  const [down, right] = [negate(amount('translation', shape[1]!)), negate(amount('translation', shape[2]!))];
  const rotation = turned(shape, amount('rotation', 2 * Math.PI));
  const sheared = composed([1, x, 0, y, 1, 0], [1, 0, right, 0, 1, down]);
  return transformRows(x, composed(sheared, rotation));
}
