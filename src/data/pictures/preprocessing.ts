/** What is done to a picture before the network sees it. Training, prediction and the saved model share this record, so
 * that all of them see the same numbers. How each step is done is in docs/decisions/picture-decoding.md. */
import { FormatError, OptionError } from '../../core/errors.ts';
import { checkKeys, checkName, checkNumber } from '../../core/options.ts';
import { type SampleType, sampleTypes } from './raster.ts';

/** The colours a network sees. */
export const colorModes = ['rgb', 'grayscale', 'rgba', 'channels'] as const;

/** `rgb`: three channels; `grayscale`: one, 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601); `rgba`: four, with what is
 * transparent; `channels`: as many as the file has, which are no colours, such as a stack of stains. */
export type ColorMode = (typeof colorModes)[number];

/** How a picture comes to the size that the network sees. */
export const resizeFits = ['stretch', 'crop', 'pad'] as const;

/** `stretch`: to the exact size, whatever its proportions; `crop`: first the largest part from the middle that has the
 * size's proportions (Keras's `crop_to_aspect_ratio`); `pad`: first black on two sides, until it has them (Keras's
 * `pad_to_aspect_ratio`). */
export type ResizeFit = (typeof resizeFits)[number];

/** How pixels between pixels are computed. */
export const interpolations = ['bilinear', 'nearest', 'bicubic', 'area', 'lanczos'] as const;

/** All but `nearest` average where a picture shrinks, so that nothing aliases; each is Pillow's filter of that name (`area`:
 * BOX). */
export type Interpolation = (typeof interpolations)[number];

/** How deeper samples become 0…255, for each channel: `clip((sample − low) / (high − low), 0, 1) · 255`. */
export interface SampleScaling {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** How a picture becomes numbers. It is plain data, and is stored in the model folder as it is. */
export interface Preprocessing {
  /** Rows of the picture that the network sees. */
  readonly height: number;
  /** Columns of the picture that the network sees. */
  readonly width: number;
  readonly colorMode: ColorMode;
  /** Channels of the picture that the network sees: 3, 1, 4, or any number of `channels`. */
  readonly channels: number;
  readonly resize: { readonly fit: ResizeFit; readonly interpolation: Interpolation };
  /** What shows through transparent pixels, where the network does not see what is transparent. */
  readonly background: 'white';
  /** What prepared pictures hold. */
  readonly sampleType: SampleType;
  /** How samples deeper than 8 bits become the 0…255 that the network sees. */
  readonly scaling?: SampleScaling;
}

/** The part of the preprocessing that a person chooses. */
export interface PreprocessingOptions {
  /** Height and width in one number. */
  size?: number;
  height?: number;
  width?: number;
  /** By default `rgb`. */
  colorMode?: ColorMode;
  /** How many channels files have; only for `channels`, which needs it. */
  channels?: number;
  /** By default `stretch`. */
  fit?: ResizeFit;
  /** By default `bilinear`. */
  interpolation?: Interpolation;
  /** By default `uint8`: deeper samples keep their upper 8 bits. */
  sampleType?: SampleType;
  /** Only for deeper samples. */
  scaling?: SampleScaling;
}

/** The names of `PreprocessingOptions`, for those who check their own options. */
export const preprocessingOptionNames: readonly (keyof PreprocessingOptions)[] = [
  'size',
  'height',
  'width',
  'colorMode',
  'channels',
  'fit',
  'interpolation',
  'sampleType',
  'scaling',
];

const colourChannels = { rgb: 3, grayscale: 1, rgba: 4 } as const;

/** Channels of a picture in these colours. @throws OptionError where `channels` is missing, or is not what the colours have */
export function channelsOf(colorMode: ColorMode, channels?: number): number {
  if (colorMode === 'channels') {
    return checkNumber('preprocessing', 'channels', channels, { integer: true, min: 1, max: 1024 });
  }
  const own = colourChannels[colorMode];
  if (channels !== undefined && channels !== own) {
    throw new OptionError(
      `preprocessing: expected ${own} channels for colorMode "${colorMode}", received ${channels}. ` +
        'Leave channels out, or use colorMode "channels".',
    );
  }
  return own;
}

/**
 * The record for a size, colours and a way to resize.
 *
 * @throws OptionError where neither `size` nor both `height` and `width` are given, they are not whole numbers from 1 to 16384,
 *   a name is unknown, or channels, samples and scaling do not go together
 * @example
 * const preprocessing = createPreprocessing({ size: 150, fit: 'crop', interpolation: 'lanczos' });
 */
export function createPreprocessing(options: PreprocessingOptions): Preprocessing {
  const rule = { integer: true, min: 1, max: 16_384 };
  const height = checkNumber('preprocessing', 'height', options.height ?? options.size, rule);
  const width = checkNumber('preprocessing', 'width', options.width ?? options.size, rule);
  const colorMode = checkName('preprocessing', 'colorMode', options.colorMode ?? 'rgb', colorModes);
  const channels = channelsOf(colorMode, options.channels);
  const fit = checkName('preprocessing', 'fit', options.fit ?? 'stretch', resizeFits);
  const named = options.interpolation ?? 'bilinear';
  const interpolation = checkName('preprocessing', 'interpolation', named, interpolations);
  const sampleType = checkName('preprocessing', 'sampleType', options.sampleType ?? 'uint8', sampleTypes);
  const scaling = options.scaling && checkScaling(options.scaling, channels, sampleType);
  const resize = { fit, interpolation };
  return { height, width, colorMode, channels, resize, background: 'white', sampleType, ...(scaling && { scaling }) };
}

function checkScaling({ low, high }: SampleScaling, channels: number, sampleType: SampleType): SampleScaling {
  if (sampleType === 'uint8') {
    throw new OptionError(
      'preprocessing: expected scaling only for samples deeper than 8 bits, received it for sampleType "uint8". ' +
        'Leave it out, or use sampleType "uint16" or "float32".',
    );
  }
  const isRange = (_: unknown, channel: number) =>
    Number.isFinite(low[channel]) && Number.isFinite(high[channel]) && low[channel]! < high[channel]!;
  const hasAll = Array.isArray(low) && Array.isArray(high) && low.length === channels && high.length === channels;
  if (!hasAll || !Array.from({ length: channels }).every(isRange)) {
    throw new OptionError(
      `preprocessing: expected scaling with a low and a higher high number for each of ${channels} channel(s), ` +
        `received ${JSON.stringify({ low, high })}. Give as many as there are channels.`,
    );
  }
  return { low: [...low], high: [...high] };
}

/** The shape of a prepared picture: `[height, width, channels]`. */
export function pictureShape({ height, width, channels }: Preprocessing): [number, number, number] {
  return [height, width, channels];
}

/** Names of the record, of which only `scaling` may be missing. */
const recordNames = ['height', 'width', 'colorMode', 'channels', 'resize', 'background', 'sampleType', 'scaling'];

/**
 * Reads a record that was stored with a model.
 *
 * @param where what to name in messages, such as the file
 * @throws FormatError where it is not a record that this version knows how to apply
 */
export function parsePreprocessing(where: string, value: unknown): Preprocessing {
  const record = (value ?? {}) as Partial<Preprocessing>;
  if (Object.hasOwn(Object(record.resize), 'kernel')) {
    throw new FormatError(
      `${where}: expected pictures that are resized by "interpolation", received "kernel" ` +
        `(${JSON.stringify(record.resize)}), by which earlier versions resized them otherwise. Train the model again.`,
    );
  }
  try {
    checkKeys('preprocessing', record, recordNames);
    const { resize, background, scaling, height, width } = record;
    checkKeys('preprocessing resize', resize ?? {}, ['fit', 'interpolation']);
    checkName('preprocessing', 'background', String(background), ['white']);
    return createPreprocessing({
      height: height!,
      width: width!,
      colorMode: checkName('preprocessing', 'colorMode', String(record.colorMode), colorModes),
      channels: checkNumber('preprocessing', 'channels', record.channels),
      fit: checkName('preprocessing', 'fit', String(resize?.fit), resizeFits),
      interpolation: checkName('preprocessing', 'interpolation', String(resize?.interpolation), interpolations),
      sampleType: checkName('preprocessing', 'sampleType', String(record.sampleType), sampleTypes),
      ...(scaling && { scaling }),
    });
  } catch (cause) {
    throw new FormatError(
      `${where}: expected how pictures are prepared (height, width, colorMode, channels, resize, background, sampleType), ` +
        `received ${JSON.stringify(value)}. ${(cause as Error).message}`,
      { cause },
    );
  }
}
