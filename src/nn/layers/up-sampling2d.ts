/** UpSampling2D: pictures made larger by whole factors. */
import { type Interpolation, resize } from '../../ops/resize2d.ts';
import {
  checkDataFormat,
  checkInterpolation,
  checkPictures,
  checkSize,
  type DataFormat,
  type Pair,
  type Size,
} from './arguments.ts';
import type { LayerDefinition } from './layer.ts';

/** Options of `upSampling2d`. */
export interface UpSampling2dOptions {
  /** Factors of height and width; default 2. */
  size?: Size;
  /** `nearest` (default) repeats, `bilinear` draws lines between neighbours, `bicubic` curves. */
  interpolation?: Interpolation;
  /** Only `channelsLast`. */
  dataFormat?: DataFormat;
}

/** Input `[batch, height, width, channels]`, output `[batch, height · size, width · size, channels]`. */
export const upSampling2d: LayerDefinition<
  UpSampling2dOptions,
  { readonly size: Pair; readonly interpolation: Interpolation }
> = {
  className: 'UpSampling2D',
  options: ['size', 'interpolation', 'dataFormat'],
  configure({ size = 2, interpolation = 'nearest', dataFormat }, where) {
    checkDataFormat(where, dataFormat);
    return {
      size: checkSize(where, 'size', size),
      interpolation: checkInterpolation(where, interpolation),
    };
  },
  weights(_, inputShape, where) {
    checkPictures(inputShape, where);
    return {};
  },
  call: ({ config: { size, interpolation }, inputs: [x] }) =>
    resize(x!, [x!.shape[1]! * size[0], x!.shape[2]! * size[1]], interpolation),
};
