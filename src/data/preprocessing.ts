/** What is done to a picture before the network sees it. Training, prediction and the saved model share this record, so
 * that all of them see the same numbers. How each step is done is in docs/decisions/picture-decoding.md. */
import { FormatError } from '../core/errors.ts';
import { checkKeys, checkName, checkNumber } from '../core/options.ts';

/** The colours a network sees. */
export const colorModes = ['rgb', 'grayscale'] as const;

/** `rgb`: three channels; `grayscale`: one channel, 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601). */
export type ColorMode = (typeof colorModes)[number];

/** How a picture becomes numbers. It is plain data, and is stored in the model folder as it is. */
export interface Preprocessing {
  /** Rows of the picture that the network sees. */
  readonly height: number;
  /** Columns of the picture that the network sees. */
  readonly width: number;
  readonly colorMode: ColorMode;
  /** The picture is stretched to the exact size: by a triangle kernel as wide as the shrink, or bilinearly where it grows. */
  readonly resize: { readonly fit: 'stretch'; readonly kernel: 'linear' };
  /** What shows through transparent pixels. */
  readonly background: 'white';
}

/** The part of the preprocessing that a person chooses. */
export interface PreprocessingOptions {
  /** Height and width in one number. */
  size?: number;
  height?: number;
  width?: number;
  /** By default `rgb`. */
  colorMode?: ColorMode;
}

/** The names of `PreprocessingOptions`, for those who check their own options. */
export const preprocessingOptionNames: readonly (keyof PreprocessingOptions)[] = [
  'size',
  'height',
  'width',
  'colorMode',
];

/**
 * The record for a size and colours.
 *
 * @throws OptionError where neither `size` nor both `height` and `width` are given, or they are not whole numbers from 1 to 16384
 * @example
 * const preprocessing = createPreprocessing({ size: 150 });
 */
export function createPreprocessing(options: PreprocessingOptions): Preprocessing {
  const rule = { integer: true, min: 1, max: 16_384 };
  const height = checkNumber('preprocessing', 'height', options.height ?? options.size, rule);
  const width = checkNumber('preprocessing', 'width', options.width ?? options.size, rule);
  const colorMode = checkName('preprocessing', 'colorMode', options.colorMode ?? 'rgb', colorModes);
  return { height, width, colorMode, resize: { fit: 'stretch', kernel: 'linear' }, background: 'white' };
}

/** The shape of a prepared picture: `[height, width, channels]`. */
export function pictureShape({ height, width, colorMode }: Preprocessing): [number, number, number] {
  return [height, width, colorMode === 'rgb' ? 3 : 1];
}

/**
 * Reads a record that was stored with a model.
 *
 * @param where what to name in messages, such as the file
 * @throws FormatError where it is not a record that this version knows how to apply
 */
export function parsePreprocessing(where: string, value: unknown): Preprocessing {
  const { height, width, colorMode, resize, background, ...others } = (value ?? {}) as Partial<Preprocessing>;
  try {
    checkKeys('preprocessing', others, []);
    checkName('preprocessing', 'resize fit', String(resize?.fit), ['stretch']);
    checkName('preprocessing', 'resize kernel', String(resize?.kernel), ['linear']);
    checkName('preprocessing', 'background', String(background), ['white']);
    checkName('preprocessing', 'colorMode', String(colorMode), colorModes);
    return createPreprocessing({ height: height!, width: width!, colorMode: colorMode! });
  } catch (cause) {
    throw new FormatError(
      `${where}: expected how pictures are prepared (height, width, colorMode, resize, background), ` +
        `received ${JSON.stringify(value)}. ${(cause as Error).message}`,
      { cause },
    );
  }
}
