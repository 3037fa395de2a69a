/** Options that layers share which move pixels: how values between pixels are found, and what lies outside. */
import { checkName, checkNumber } from '../../../core/options.ts';
import type { FillMode, SamplingInterpolation, SamplingOptions } from '../../../ops/sampling.ts';
import type { DataFormatOption } from './picture-options.ts';

/** Options of layers that move pixels. */
export interface MovingOptions extends DataFormatOption {
  /** What lies outside: `reflect` (default: d c b a | a b c d | d c b a), `nearest` (the pixel at the edge), `wrap` (the picture
   * again) or `constant` (`fillValue`). */
  fillMode?: FillMode;
  /** `bilinear` (default) or `nearest`. */
  interpolation?: SamplingInterpolation;
  /** Of the fill mode `constant`; default 0. */
  fillValue?: number;
}

/** Those options, checked. */
export type MovingConfig = Required<SamplingOptions>;

/** The names of those options. */
export const movingOptions = ['fillMode', 'interpolation', 'fillValue'] as const;

/** Fills in the defaults. @throws OptionError naming the nearest way */
export function checkMoving(where: string, options: MovingOptions): MovingConfig {
  const { fillMode = 'reflect', interpolation = 'bilinear', fillValue = 0 } = options;
  return {
    fillMode: checkName(where, 'fillMode', fillMode, ['reflect', 'wrap', 'constant', 'nearest']),
    interpolation: checkName(where, 'interpolation', interpolation, ['bilinear', 'nearest']),
    fillValue: checkNumber(where, 'fillValue', fillValue),
  };
}

/** Only these of a layer's configuration. */
export function samplingOf({ fillMode, interpolation, fillValue }: MovingConfig): MovingConfig {
  return { fillMode, interpolation, fillValue };
}
