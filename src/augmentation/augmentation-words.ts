/** Augmentations as a person types them: `flip,rotation=15,zoom=0.2`. Turns, slants, zooms and shifts become one layer, which
 * reads between pixels once. */
import { OptionError } from '../core/errors.ts';
import { checkName, checkNumber, type NumberRule, show } from '../core/options.ts';
import type { RandomAffineOptions } from '../nn/layers/augmentation/random-affine.ts';
import type { Layer } from '../nn/layers/layer.ts';
import { layers } from '../nn/layers/table.ts';

/** What one word does. */
interface Augmentation {
  /** For the help. */
  readonly help: string;
  /** The number that it takes: what it is where none is given, and what it may be. */
  readonly amount?: { readonly usual: number; readonly rule: NumberRule };
  /** Its layers. */
  layers?(amount: number): readonly Layer[];
  /** Or what it adds to the one layer that moves pixels. */
  affine?(amount: number): RandomAffineOptions;
}

const share = (usual: number, max = 1) => ({ usual, rule: { min: 0, max } });
/** Of factors that leave pictures as they are at a half, as Keras's for saturation. */
const aroundHalf = (amount: number) => [0.5 - amount / 2, 0.5 + amount / 2] as const;

const rows = {
  flip: { help: 'left to right', layers: () => [layers.randomFlip({ mode: 'horizontal' })] },
  flipVertical: { help: 'top to bottom', layers: () => [layers.randomFlip({ mode: 'vertical' })] },
  rot90: { help: 'quarter turns (microscope)', layers: () => [layers.randomRot90()] },
  rotation: {
    help: 'up to so many degrees',
    amount: share(15, 180),
    affine: (degrees) => ({ rotationFactor: degrees / 360 }),
  },
  shift: {
    help: 'up to this share of the size',
    amount: share(0.1),
    affine: (factor) => ({ heightFactor: factor, widthFactor: factor }),
  },
  zoom: { help: 'up to this share in or out', amount: share(0.2, 0.9), affine: (zoomFactor) => ({ zoomFactor }) },
  shear: { help: 'slanted by up to this share', amount: share(0.1), affine: (shearFactor) => ({ shearFactor }) },
  perspective: {
    help: 'corners moved by up to a quarter of this share',
    amount: share(0.5),
    layers: (scale) => [layers.randomPerspective({ scale })],
  },
  brightness: {
    help: 'lighter, darker',
    amount: share(0.2),
    layers: (factor) => [layers.randomBrightness({ factor })],
  },
  contrast: { help: 'stronger, weaker', amount: share(0.2), layers: (factor) => [layers.randomContrast({ factor })] },
  saturation: {
    help: 'more, less colourful',
    amount: share(0.2),
    layers: (amount) => [layers.randomSaturation({ factor: aroundHalf(amount) })],
  },
  hue: { help: 'other hues', amount: share(0.05), layers: (factor) => [layers.randomHue({ factor })] },
  channelShift: {
    help: 'each channel by itself',
    amount: share(0.1),
    layers: (factor) => [layers.randomChannelShift({ factor })],
  },
  sharpness: {
    help: 'sharper, softer',
    amount: share(0.2),
    layers: (amount) => [layers.randomSharpness({ factor: aroundHalf(amount) })],
  },
  grayscale: {
    help: 'this share of the pictures grey',
    amount: share(0.1),
    layers: (factor) => [layers.randomGrayscale({ factor })],
  },
  equalization: {
    help: 'this share with all values as frequent',
    amount: share(0.5),
    layers: (part) => [layers.equalization({ factor: [part, part] })],
  },
  clahe: {
    help: 'this share with contrast equal everywhere',
    amount: share(0.5),
    layers: (part) => [layers.contrastLimitedAdaptiveHistogramEqualization({ factor: [part, part] })],
  },
  posterization: {
    help: 'this many bits or more',
    amount: { usual: 4, rule: { integer: true, min: 1, max: 8 } },
    layers: (bits) => [layers.randomPosterization({ factor: [bits, 8] })],
  },
  blur: {
    help: 'this share out of focus',
    amount: share(0.5),
    layers: (part) => [layers.randomGaussianBlur({ factor: [part, part], kernelSize: 5 })],
  },
  elastic: {
    help: 'as on rubber, up to this strength',
    amount: share(0.5),
    layers: (scale) => [layers.randomElasticTransform({ factor: [1, 1], scale })],
  },
  erasing: {
    help: 'this share with a rectangle painted over',
    amount: share(0.5),
    layers: (part) => [layers.randomErasing({ factor: [part, part] })],
  },
  randAugment: {
    help: 'two of ten changes, this strong',
    amount: share(0.3),
    layers: (factor) => [layers.randAugment({ factor })],
  },
} as const satisfies Readonly<Record<string, Augmentation>>;

/** What can be asked for by a word. */
export type AugmentationName = keyof typeof rows;

/** The names of all augmentations. */
export const augmentationNames: readonly AugmentationName[] = Object.keys(rows) as AugmentationName[];

/** One line for each: its name with the number that it has by itself, and what it does. */
export const augmentationHelp: readonly string[] = Object.entries<Augmentation>(rows).map(
  ([name, { help, amount }]) => `${amount ? `${name}=${amount.usual}` : name}: ${help}`,
);

/**
 * The layers that words ask for, in the order of the words; those that move pixels between their places are one layer, where the
 * first of them stands. What comes in from outside repeats the picture's edge, as in Keras's ImageDataGenerator.
 *
 * @param words each a name, or `name=amount`
 * @throws OptionError where a name is unknown or given twice, or an amount is not one
 * @example
 * const augmented = augment(training, augmentationLayersOf('train', ['flip', 'rotation=15', 'zoom=0.2']));
 */
export function augmentationLayersOf(where: string, words: readonly string[]): Layer[] {
  const result: (Layer | 'affine')[] = [];
  const seen = new Set<string>();
  let affine: RandomAffineOptions | undefined;
  for (const word of words) {
    const { name, amount, row } = parseWord(where, word);
    if (seen.has(name)) {
      throw new OptionError(`${where}: expected each augmentation once, received ${name} twice. Leave one out.`);
    }
    seen.add(name);
    if (row.layers) result.push(...row.layers(amount));
    if (!row.affine) continue;
    if (!affine) result.push('affine');
    affine = { ...affine, ...row.affine(amount) };
  }
  return result.map((layer) => (layer === 'affine' ? layers.randomAffine({ ...affine, fillMode: 'nearest' }) : layer));
}

function parseWord(where: string, word: string): { name: AugmentationName; amount: number; row: Augmentation } {
  const [written, text] = word.split('=') as [string, string?];
  const name = checkName(where, 'augmentation', written.trim(), augmentationNames);
  const row: Augmentation = rows[name];
  if (text === undefined) return { name, amount: row.amount?.usual ?? 0, row };
  if (!row.amount) {
    throw new OptionError(`${where}: expected ${name} without a number, received ${show(word)}. Write ${name}.`);
  }
  const number = text.trim() === '' ? Number.NaN : Number(text);
  return { name, amount: checkNumber(where, name, Number.isNaN(number) ? text : number, row.amount.rule), row };
}
