/** Resizing and CenterCrop: pictures of one size, whatever size they come in. */

import { OptionError } from '../../core/errors.ts';
import { checkName, checkNumber, checkSwitch } from '../../core/options.ts';
import type { Value } from '../../ops/op.ts';
import { type Interpolation, resize } from '../../ops/resize2d.ts';
import { padWith, sliceOf } from '../../ops/slice.ts';
import { checkCount, checkDataFormat, checkInterpolation, checkPictures, type DataFormat } from './arguments.ts';
import type { LayerDefinition } from './layer.ts';

/** Options of `centerCrop`. */
export interface CenterCropOptions {
  /** Rows of the output. */
  height: number;
  /** Columns of the output. */
  width: number;
  /** Only `channelsLast`. */
  dataFormat?: DataFormat;
}

/** Options of `resizing`. */
export interface ResizingOptions extends CenterCropOptions {
  /** `bilinear` (default), `nearest` or `bicubic`. */
  interpolation?: Interpolation;
  /** True cuts pictures to the output's proportions first, so that nothing is stretched; default false. */
  cropToAspectRatio?: boolean;
  /** True gives pictures a border first, equal at both sides, so that nothing is stretched or cut; default false. */
  padToAspectRatio?: boolean;
  /** Only `constant`: the border is `fillValue`. */
  fillMode?: 'constant';
  /** The border's number; default 0. */
  fillValue?: number;
  /** True smooths pictures that become smaller; default false. */
  antialias?: boolean;
}

type Sizes = { readonly height: number; readonly width: number };

function checkSizes(where: string, { height, width, dataFormat }: CenterCropOptions): Sizes {
  checkDataFormat(where, dataFormat);
  return { height: checkCount(where, 'height', height), width: checkCount(where, 'width', width) };
}

type ResizingConfig = Sizes & Required<Omit<ResizingOptions, keyof CenterCropOptions>>;

/** Input `[batch, height, width, channels]`, output with the height and width that are asked for. */
export const resizing: LayerDefinition<ResizingOptions, ResizingConfig> = {
  className: 'Resizing',
  options: [
    'height',
    'width',
    'interpolation',
    'cropToAspectRatio',
    'padToAspectRatio',
    'fillMode',
    'fillValue',
    'antialias',
    'dataFormat',
  ],
  configure(options, where) {
    const sizes = checkSizes(where, options);
    const cropToAspectRatio = checkSwitch(where, 'cropToAspectRatio', options.cropToAspectRatio ?? false);
    const padToAspectRatio = checkSwitch(where, 'padToAspectRatio', options.padToAspectRatio ?? false);
    if (cropToAspectRatio && padToAspectRatio) {
      throw new OptionError(
        `${where}: expected cropToAspectRatio or padToAspectRatio, received both. Leave one of them out.`,
      );
    }
    return {
      ...sizes,
      interpolation: checkInterpolation(where, options.interpolation ?? 'bilinear'),
      cropToAspectRatio,
      padToAspectRatio,
      fillMode: checkName(where, 'fillMode', options.fillMode ?? 'constant', ['constant']),
      fillValue: checkNumber(where, 'fillValue', options.fillValue ?? 0),
      antialias: checkSwitch(where, 'antialias', options.antialias ?? false),
    };
  },
  weights: requirePictures,
  call({ config, inputs: [x] }) {
    const { height, width, interpolation, cropToAspectRatio, padToAspectRatio, antialias } = config;
    const cropped = cropToAspectRatio ? cropToRatio(x!, config) : x!;
    const shaped = padToAspectRatio ? padToRatio(cropped, config) : cropped;
    return resize(shaped, [height, width], interpolation, antialias);
  },
};

/** Input `[batch, height, width, channels]`, output the middle of it. Pictures that are too small are resized instead, cut to
 * the output's proportions first. */
export const centerCrop: LayerDefinition<CenterCropOptions, Sizes> = {
  className: 'CenterCrop',
  options: ['height', 'width', 'dataFormat'],
  configure: (options, where) => checkSizes(where, options),
  weights: requirePictures,
  call({ config: { height, width }, inputs: [x] }) {
    const isLarge = x!.shape[1]! >= height && x!.shape[2]! >= width;
    return isLarge
      ? middle(x!, height, width)
      : resize(cropToRatio(x!, { height, width }), [height, width], 'bilinear');
  },
};

function requirePictures(_: unknown, inputShape: readonly number[], where: string): Record<never, never> {
  checkPictures(inputShape, where);
  return {};
}

/** The largest part in the middle with the proportions of height and width, in whole pixels. */
export function cropToRatio(x: Value, { height, width }: Sizes): Value {
  const [, rows, columns] = x.shape as [number, number, number];
  const croppedRows = Math.max(Math.min(rows, Math.trunc((columns * height) / width)), 1);
  const croppedColumns = Math.max(Math.min(columns, Math.trunc((rows * width) / height)), 1);
  return middle(x, croppedRows, croppedColumns);
}

/** The picture in the middle of a border that gives it the proportions of height and width, in whole pixels; as in Keras it is
 * equal at both sides, so that an odd row or column is left out. */
function padToRatio(x: Value, { height, width, fillValue }: ResizingConfig): Value {
  const [, rows, columns] = x.shape as [number, number, number];
  const above = Math.floor(Math.max(Math.trunc((columns * height) / width) - rows, 0) / 2);
  const beside = Math.floor(Math.max(Math.trunc((rows * width) / height) - columns, 0) / 2);
  if (above === 0 && beside === 0) return x;
  return padWith(
    x,
    [
      [0, 0],
      [above, above],
      [beside, beside],
      [0, 0],
    ],
    fillValue,
  );
}

/** A part in the middle; the odd row or column is left over at the end. */
function middle(x: Value, height: number, width: number): Value {
  const [batch, rows, columns, channels] = x.shape as [number, number, number, number];
  if (rows === height && columns === width) return x;
  const start = [0, Math.floor((rows - height) / 2), Math.floor((columns - width) / 2), 0];
  return sliceOf(x, start, [batch, height, width, channels]);
}
