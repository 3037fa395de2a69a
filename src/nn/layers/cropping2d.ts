/** Cropping2D: pictures without some of their outer rows and columns. */
import { ShapeError } from '../../core/errors.ts';
import { show } from '../../core/options.ts';
import { formatShape } from '../../core/shape.ts';
import { sliceOf } from '../../ops/slice.ts';
import { checkDataFormat, checkPictures, type DataFormat } from './arguments.ts';
import type { LayerDefinition } from './layer.ts';
import { checkMargins, type FullMargins, type Margins } from './margins.ts';

/** Options of `cropping2d`. */
export interface Cropping2dOptions {
  /** One number for all edges, `[rows, columns]`, or `[[top, bottom], [left, right]]`; default 0. */
  cropping?: Margins;
  /** Only `channelsLast`. */
  dataFormat?: DataFormat;
}

/** Input `[batch, height, width, channels]`, output `[batch, newHeight, newWidth, channels]`. */
export const cropping2d: LayerDefinition<Cropping2dOptions, { readonly cropping: FullMargins }> = {
  className: 'Cropping2D',
  options: ['cropping', 'dataFormat'],
  configure({ cropping = 0, dataFormat }, where) {
    checkDataFormat(where, dataFormat);
    return { cropping: checkMargins(where, 'cropping', cropping) };
  },
  weights({ cropping }, inputShape, where) {
    checkPictures(inputShape, where);
    const isLeft = cropping.every(([before, after], axis) => before + after < inputShape[axis + 1]!);
    if (isLeft) return {};
    throw new ShapeError(
      `${where}: expected pictures larger than what is cropped, received ${formatShape(inputShape)} for a cropping of ${show(cropping)}.`,
    );
  },
  call({ config: { cropping }, inputs: [x] }) {
    const [batch, height, width, channels] = x!.shape as [number, number, number, number];
    const [[top, bottom], [left, right]] = cropping;
    return sliceOf(x!, [0, top, left, 0], [batch, height - top - bottom, width - left - right, channels]);
  },
};
