/** RandomElasticTransform: pictures as if on rubber (P. Simard et al., "Best practices for convolutional neural networks", 2003). */
import { checkName, checkNumber } from '../../../core/options.ts';
import { batchAxis, type Shape } from '../../../core/shape.ts';
import { displacePictures } from '../../../ops/displace.ts';
import { clip, greater, multiply, rescale } from '../../../ops/elementwise.ts';
import { reshapeTo } from '../../../ops/reshape.ts';
import { resize } from '../../../ops/resize2d.ts';
import type { FillMode, SamplingInterpolation } from '../../../ops/sampling.ts';
import type { Range } from './draws.ts';
import {
  checkFactor,
  checkValueRange,
  type Factor,
  fromZero,
  probability,
  type ValueRangeOption,
} from './picture-options.ts';
import { type RandomLayer, randomLayer } from './random-layer.ts';
import { type MovingConfig, movingOptions, samplingOf } from './sampling-options.ts';

/** Options of `randomElasticTransform`. */
export interface RandomElasticTransformOptions extends ValueRangeOption {
  /** The probability, drawn for each picture from 0 to factor, or between the two numbers; 0 … 1, default 1: half of the
   * pictures. `[1, 1]` changes all. */
  factor?: Factor;
  /** How far pixels move, drawn from 0 to scale, or between the two numbers; 0 … 1, default 1, where the standard deviation of
   * their shifts is about 2.8 % of the longer side. */
  scale?: Factor;
  /** `bilinear` (default) or `nearest`. */
  interpolation?: SamplingInterpolation;
  /** What lies outside: `reflect` (default), `mirror`, `nearest`, `wrap` or `constant`. */
  fillMode?: FillMode;
  /** Of the fill mode `constant`; default 0. */
  fillValue?: number;
}

type Config = { readonly factor: Factor; readonly scale: Factor; readonly valueRange: Range } & MovingConfig;

/** Shifts are drawn at the crossings of a grid a tenth of the shorter side apart, and interpolated smoothly (bicubic) between
 * them. Input and output `[batch, height, width, channels]`. */
export const randomElasticTransform: RandomLayer<RandomElasticTransformOptions, Config, 'shifts'> = randomLayer({
  className: 'RandomElasticTransform',
  options: ['factor', 'scale', ...movingOptions, 'valueRange'],
  configure(options, where) {
    const { factor = 1, scale = 1, interpolation = 'bilinear', fillMode = 'reflect', fillValue = 0 } = options;
    return {
      factor: checkFactor(where, 'factor', factor, { min: 0, max: 1 }),
      scale: checkFactor(where, 'scale', scale, { min: 0, max: 1 }),
      interpolation: checkName(where, 'interpolation', interpolation, ['bilinear', 'nearest']),
      fillMode: checkName(where, 'fillMode', fillMode, ['reflect', 'mirror', 'nearest', 'wrap', 'constant']),
      fillValue: checkNumber(where, 'fillValue', fillValue),
      valueRange: checkValueRange(where, options.valueRange),
    };
  },
  draws(_, shape) {
    const [rows, columns] = gridOf(shape);
    return 2 + rows * columns * 2;
  },
  parameters(draws, { factor, scale }, shape) {
    const [, height, width] = shape as [number, number, number];
    const isChanged = greater(probability(factor), draws.next());
    // Keras blurs normal numbers by σ and multiplies by σ and a tenth of the longer side: σ · 1 / (2 √π σ) remains.
    const deviation = (0.1 * Math.max(height, width)) / (2 * Math.sqrt(Math.PI));
    const most = Math.sqrt(3) * deviation;
    const reach = multiply(multiply(draws.next(fromZero(scale)), most), isChanged);
    const [rows, columns] = gridOf(shape);
    const coarse = multiply(rescale(draws.nextOf([rows, columns, 2]), 2, -1), reach);
    // Across, then down: whole rows are weighed as if they were channels, which takes a tenth of the time.
    const wide = reshapeTo(resize(coarse, [rows, width], 'bicubic'), [batchAxis, rows, 1, width * 2]);
    return { shifts: reshapeTo(resize(wide, [height, 1], 'bicubic'), [batchAxis, height, width, 2]) };
  },
  pixels: (x, { shifts }, config) => clip(displacePictures(x, shifts, samplingOf(config)), ...config.valueRange),
});

/** Rows and columns of the coarse grid. */
function gridOf([, height, width]: Shape): [number, number] {
  const apart = Math.max(0.1 * Math.min(height!, width!), 1);
  return [Math.ceil(height! / apart), Math.ceil(width! / apart)];
}
