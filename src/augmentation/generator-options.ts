/** The options of `imageDataGenerator`, checked and filled in as Keras does. */
import { OptionError } from '../core/errors.ts';
import { checkKeys, checkName, checkNumber, checkSwitch, show } from '../core/options.ts';
import type { Tensor } from '../core/tensor.ts';
import { type BackendOptions, backendOptionNames } from '../engine/choose-backend.ts';

/** How pictures continue beyond their edges: by one value (`cval`), the nearest pixel, mirrored, or from the other side. */
export type GeneratorFillMode = 'constant' | 'nearest' | 'reflect' | 'wrap';

/** A shift: below 1 a fraction of the side, in pixels otherwise; of a whole number n, whole pixels from 1 − n to n − 1; of a list,
 * one of its numbers, to either side. */
export type ShiftRange = number | readonly number[];

/** Options of `imageDataGenerator`, with the names and defaults of Keras's `ImageDataGenerator`. */
export interface ImageDataGeneratorOptions extends BackendOptions {
  /** Subtracts each channel's mean over the data that `fit` saw; default false. */
  readonly featurewiseCenter?: boolean;
  /** Subtracts each picture's own mean; default false. */
  readonly samplewiseCenter?: boolean;
  /** Divides by each channel's standard deviation over the data that `fit` saw; centres too. Default false. */
  readonly featurewiseStdNormalization?: boolean;
  /** Divides by each picture's own standard deviation; centres too. Default false. */
  readonly samplewiseStdNormalization?: boolean;
  /** Whitens with the principal components of the data that `fit` saw; centres featurewise, and takes the place of
   * `featurewiseStdNormalization`. Default false. */
  readonly zcaWhitening?: boolean;
  /** Added to the singular values; default 1e-6. */
  readonly zcaEpsilon?: number;
  /** Degrees: rotates by −range … range; default 0. */
  readonly rotationRange?: number;
  /** Default 0. */
  readonly widthShiftRange?: ShiftRange;
  /** Default 0. */
  readonly heightShiftRange?: ShiftRange;
  /** Multiplies by a number between the two; default: it does not. */
  readonly brightnessRange?: readonly [number, number] | null;
  /** Degrees: shears by −range … range; default 0. */
  readonly shearRange?: number;
  /** Both sides, each by a number of its own: between 1 − range and 1 + range, or between the two. What is above 1 makes things
   * smaller. Default 0. */
  readonly zoomRange?: number | readonly [number, number];
  /** Adds −range … range to all channels, within the picture's smallest and largest value; default 0. */
  readonly channelShiftRange?: number;
  /** Default `nearest`. */
  readonly fillMode?: GeneratorFillMode;
  /** The value beyond the edges for `constant`; default 0. */
  readonly cval?: number;
  /** Mirrors every other picture, left to right; default false. */
  readonly horizontalFlip?: boolean;
  /** Mirrors every other picture, top to bottom; default false. */
  readonly verticalFlip?: boolean;
  /** A factor for all values, after the transforms; default none. */
  readonly rescale?: number | null;
  /** Changes one picture `[height, width, channels]`, float32, after the transforms and before `rescale`. */
  readonly preprocessingFunction?: ((picture: Tensor) => Tensor) | null;
  /** Only `channelsLast`. */
  readonly dataFormat?: 'channelsLast' | null;
  /** The share that `subset: 'validation'` is, from 0 to below 1; default 0. */
  readonly validationSplit?: number;
  /** 0: the nearest pixel; 1, the default: linear between pixels. */
  readonly interpolationOrder?: 0 | 1;
}

/** All of them, filled in. */
export interface GeneratorSettings {
  readonly featurewiseCenter: boolean;
  readonly samplewiseCenter: boolean;
  readonly featurewiseStdNormalization: boolean;
  readonly samplewiseStdNormalization: boolean;
  readonly zcaWhitening: boolean;
  readonly zcaEpsilon: number;
  readonly rotationRange: number;
  readonly widthShiftRange: ShiftRange;
  readonly heightShiftRange: ShiftRange;
  readonly brightnessRange: readonly [number, number] | null;
  readonly shearRange: number;
  readonly zoomRange: readonly [number, number];
  readonly channelShiftRange: number;
  readonly fillMode: GeneratorFillMode;
  readonly cval: number;
  readonly horizontalFlip: boolean;
  readonly verticalFlip: boolean;
  readonly rescale: number;
  readonly preprocessingFunction: ((picture: Tensor) => Tensor) | null;
  readonly validationSplit: number;
  readonly interpolation: 'nearest' | 'bilinear';
  readonly backend: BackendOptions;
}

const where = 'imageDataGenerator';

const optionNames: readonly (keyof ImageDataGeneratorOptions)[] = [
  'featurewiseCenter',
  'samplewiseCenter',
  'featurewiseStdNormalization',
  'samplewiseStdNormalization',
  'zcaWhitening',
  'zcaEpsilon',
  'rotationRange',
  'widthShiftRange',
  'heightShiftRange',
  'brightnessRange',
  'shearRange',
  'zoomRange',
  'channelShiftRange',
  'fillMode',
  'cval',
  'horizontalFlip',
  'verticalFlip',
  'rescale',
  'preprocessingFunction',
  'dataFormat',
  'validationSplit',
  'interpolationOrder',
  ...backendOptionNames,
];

/** Checks the options. @throws OptionError that names the wrong one */
export function generatorSettings(options: ImageDataGeneratorOptions): GeneratorSettings {
  checkKeys(where, options, optionNames);
  const number = (name: keyof ImageDataGeneratorOptions, usual: number, rule = {}) =>
    checkNumber(where, name, options[name] ?? usual, rule);
  const isOn = (name: keyof ImageDataGeneratorOptions) => checkSwitch(where, name, options[name] ?? false);
  checkName(where, 'dataFormat', options.dataFormat ?? 'channelsLast', ['channelsLast']);
  const [zcaWhitening, byFeature, bySample] = [
    isOn('zcaWhitening'),
    isOn('featurewiseStdNormalization'),
    isOn('samplewiseStdNormalization'),
  ];
  const { preprocessingFunction = null } = options;
  if (preprocessingFunction !== null && typeof preprocessingFunction !== 'function') {
    throw new OptionError(
      `${where}: preprocessingFunction must be a function of one picture, received ${show(preprocessingFunction)}.`,
    );
  }
  const order = number('interpolationOrder', 1);
  if (order !== 0 && order !== 1) {
    throw new OptionError(
      `${where}: interpolationOrder must be 0 (the nearest pixel) or 1 (linear), received ${order}.`,
    );
  }
  const named = backendOptionNames.filter((name) => options[name] !== undefined);
  return {
    featurewiseCenter: isOn('featurewiseCenter') || byFeature || zcaWhitening,
    samplewiseCenter: isOn('samplewiseCenter') || bySample,
    featurewiseStdNormalization: byFeature && !zcaWhitening,
    samplewiseStdNormalization: bySample,
    zcaWhitening,
    zcaEpsilon: number('zcaEpsilon', 1e-6, { min: 0 }),
    rotationRange: number('rotationRange', 0),
    widthShiftRange: shiftRange('widthShiftRange', options.widthShiftRange ?? 0),
    heightShiftRange: shiftRange('heightShiftRange', options.heightShiftRange ?? 0),
    brightnessRange: options.brightnessRange == null ? null : pairOf('brightnessRange', options.brightnessRange),
    shearRange: number('shearRange', 0),
    zoomRange: zoomRange(options.zoomRange ?? 0),
    channelShiftRange: number('channelShiftRange', 0),
    fillMode: checkName(where, 'fillMode', options.fillMode ?? 'nearest', ['constant', 'nearest', 'reflect', 'wrap']),
    cval: number('cval', 0),
    horizontalFlip: isOn('horizontalFlip'),
    verticalFlip: isOn('verticalFlip'),
    // Keras takes 0 for none.
    rescale: number('rescale', 1) || 1,
    preprocessingFunction,
    validationSplit: number('validationSplit', 0, { min: 0, max: 1, exclusive: 'max' }),
    interpolation: order === 0 ? 'nearest' : 'bilinear',
    backend: Object.fromEntries(named.map((name) => [name, options[name]])) as BackendOptions,
  };
}

function pairOf(name: string, given: unknown): readonly [number, number] {
  if (!Array.isArray(given) || given.length !== 2) {
    throw new OptionError(`${where}: ${name} must be two numbers, as [0.8, 1.2], received ${show(given)}.`);
  }
  const [one, other] = given.map((bound) => checkNumber(where, `each of ${name}`, bound)) as [number, number];
  return one <= other ? [one, other] : [other, one];
}

function zoomRange(given: unknown): readonly [number, number] {
  if (typeof given !== 'number') return pairOf('zoomRange', given);
  const range = checkNumber(where, 'zoomRange', given, { min: 0, max: 1, exclusive: 'max' });
  return [1 - range, 1 + range];
}

function shiftRange(name: string, given: unknown): ShiftRange {
  if (!Array.isArray(given)) return checkNumber(where, name, given);
  if (given.length > 0) return given.map((shift) => checkNumber(where, `each of ${name}`, shift));
  throw new OptionError(`${where}: ${name} must be a number or a list of shifts, received ${show(given)}.`);
}
