/**
 * How a picture is read at places that are no pixels: the attributes and the rule that `affineTransform` and `displace` share.
 *
 * A place (row, column) is a real number each; the pixel [i, j] lies at (i, j).
 * - `nearest`: the pixel at the rounded place, halves away from zero.
 * - `bilinear`: p00 + fx · (p01 − p00) of the two pixels above, the same of the two below, and of these two by fy, where fx and
 *   fy are what floors leave of column and row. At whole numbers that is the pixel itself, to the bit.
 *
 * Pixels outside the picture are those of the picture continued by `fillMode`, each neighbour for itself:
 * `constant` (k k k k | a b c d | k k k k with k = fillValue), `nearest` (a a a a | a b c d | d d d d), `reflect`
 * (d c b a | a b c d | d c b a), `mirror` (d c b | a b c d | c b a) and `wrap` (a b c d | a b c d | a b c d). The names are
 * those of Keras and SciPy; SciPy's `wrap` and `constant` of `ndimage` mean its `grid-wrap` and `grid-constant` here.
 * A place beyond ±2²² or that is no number gives `fillValue`, whatever the mode.
 *
 * Kernels find places in float32, so a place is off by about 2⁻²⁴ of the largest term of its sum: 1e-5 pixels in a picture
 * of 150.
 */
import { ShapeError } from '../core/errors.ts';
import { formatShape } from '../core/shape.ts';
import { choice, type Field, float, type ValueType } from './op.ts';

/** What a picture holds outside its edges. */
export type FillMode = 'constant' | 'nearest' | 'reflect' | 'wrap' | 'mirror';

/** Which of the pixels around a place count. */
export type SamplingInterpolation = 'nearest' | 'bilinear';

/** The attributes of sampling, with Keras's names. */
export interface SamplingOptions {
  /** Default `'bilinear'`. */
  readonly interpolation?: SamplingInterpolation;
  /** Default `'constant'`. */
  readonly fillMode?: FillMode;
  /** What `constant` continues with; default 0. */
  readonly fillValue?: number;
}

/** What samples are stored as: bytes are rounded, as `toBytes` does it. */
export type SampledType = 'float32' | 'uint8';

type SamplingFields = {
  readonly interpolation: Field<SamplingInterpolation>;
  readonly fillMode: Field<FillMode>;
  readonly fillValue: Field<number>;
  readonly outputType: Field<SampledType>;
};

export const samplingFields: SamplingFields = {
  interpolation: choice('nearest', 'bilinear'),
  fillMode: choice('constant', 'nearest', 'reflect', 'wrap', 'mirror'),
  fillValue: float,
  outputType: choice('float32', 'uint8'),
};

/** The attributes with their defaults. */
export function samplingOf(options: SamplingOptions): Required<SamplingOptions> & { readonly outputType: SampledType } {
  return { interpolation: 'bilinear', fillMode: 'constant', fillValue: 0, ...options, outputType: 'float32' };
}

/** Floating-point operations for each number of the result. */
export function samplingFlops(interpolation: SamplingInterpolation): number {
  return interpolation === 'nearest' ? 0 : 9;
}

/** Throws where `x` is no batch of pictures of bytes or floats. */
export function checkPictures(x: ValueType, where: string): void {
  if (x.shape.length === 4 && (x.dtype === 'uint8' || x.dtype === 'float32')) return;
  throw new ShapeError(
    `${where}: expected pictures [batch, height, width, channels] of uint8 or float32, ` +
      `received ${x.dtype} ${formatShape(x.shape)}.`,
  );
}
