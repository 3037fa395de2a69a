/** RandomColorJitter: brightness, contrast, saturation and hue of each picture at random. */
import { recolored } from './colors.ts';
import type { Range } from './draws.ts';
import { checkColors, checkFactor, checkValueRange, type Factor, type ValueRangeOption } from './picture-options.ts';
import { randomBrightness } from './random-brightness.ts';
import { randomContrast } from './random-contrast.ts';
import { randomHue } from './random-hue.ts';
import { type Parameters, type RandomLayer, randomLayer } from './random-layer.ts';
import { randomSaturation } from './random-saturation.ts';

/** Options of `randomColorJitter`. */
export interface RandomColorJitterOptions extends ValueRangeOption {
  /** The factor of `randomBrightness`, −1 … 1; default: brightness stays. */
  brightnessFactor?: Factor;
  /** The factor of `randomContrast`, 0 … 1; default: contrast stays. */
  contrastFactor?: Factor;
  /** The factor of `randomSaturation`, 0 … 1 where 0.5 changes nothing; default: saturation stays. */
  saturationFactor?: Factor;
  /** The factor of `randomHue`, 0 … 1; default: hue stays. */
  hueFactor?: Factor;
}

type Config = { readonly valueRange: Range } & Omit<RandomColorJitterOptions, keyof ValueRangeOption>;

const names = ['brightnessFactor', 'contrastFactor', 'saturationFactor', 'hueFactor'] as const;

/** The changes in their order. */
const changes = {
  brightnessFactor: randomBrightness,
  contrastFactor: randomContrast,
  saturationFactor: randomSaturation,
  hueFactor: randomHue,
} as const;

/** Those that are asked for, with the options of each. */
function chosen(config: Config): { name: string; change: RandomLayer<object, object>; own: object }[] {
  return names.flatMap((name) => {
    const factor = config[name];
    if (factor === undefined) return [];
    const change = changes[name] as unknown as RandomLayer<object, object>;
    return [{ name, change, own: { factor, valueRange: config.valueRange } }];
  });
}

/** The changes of the layers of these names, in the order of the options. Input and output `[batch, height, width, 3]`. */
export const randomColorJitter: RandomLayer<RandomColorJitterOptions, Config> = randomLayer({
  className: 'RandomColorJitter',
  options: ['valueRange', ...names],
  configure(options, where) {
    const config: { valueRange: Range; [name: string]: unknown } = {
      valueRange: checkValueRange(where, options.valueRange),
    };
    for (const name of names) {
      const min = name === 'brightnessFactor' ? -1 : 0;
      const factor = options[name] ?? undefined;
      if (factor !== undefined) config[name] = checkFactor(where, name, factor, { min, max: 1 });
    }
    return config;
  },
  checkShape(shape, where, { saturationFactor, hueFactor }) {
    if (saturationFactor !== undefined || hueFactor !== undefined) checkColors(shape, where);
  },
  draws: (config, shape) => chosen(config).reduce((sum, { change, own }) => sum + change.draws(own, shape), 0),
  parameters(draws, config, shape) {
    const all = chosen(config).flatMap(({ name, change, own }) =>
      Object.entries(change.parameters(draws, own, shape)).map(([part, value]) => [`${name} ${part}`, value]),
    );
    return Object.fromEntries(all);
  },
  pixels(x, parameters, config) {
    const { 'saturationFactor times': times, 'hueFactor turn': turn } = parameters;
    const both = times !== undefined && turn !== undefined;
    const changes = chosen(config).filter(({ name }) => !both || (name !== 'saturationFactor' && name !== 'hueFactor'));
    const changed = changes.reduce((pictures, { name, change, own }) => {
      const mine = Object.entries(parameters).flatMap(([key, value]) =>
        key.startsWith(`${name} `) ? [[key.slice(name.length + 1), value]] : [],
      );
      return change.pixels(pictures, Object.fromEntries(mine) as Parameters, own);
    }, x);
    // One after the other in the same pass.
    return both ? recolored(changed, times, turn, config.valueRange) : changed;
  },
});
