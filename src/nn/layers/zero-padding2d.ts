/** ZeroPadding2D: rows and columns of zeros around pictures. */
import { padWith } from '../../ops/slice.ts';
import { checkDataFormat, checkPictures, type DataFormat } from './arguments.ts';
import type { LayerDefinition } from './layer.ts';
import { checkMargins, type FullMargins, type Margins } from './margins.ts';

/** Options of `zeroPadding2d`. */
export interface ZeroPadding2dOptions {
  /** One number for all edges, `[rows, columns]`, or `[[top, bottom], [left, right]]`; default 1. */
  padding?: Margins;
  /** Only `channelsLast`. */
  dataFormat?: DataFormat;
}

/** Input `[batch, height, width, channels]`, output `[batch, newHeight, newWidth, channels]`. */
export const zeroPadding2d: LayerDefinition<ZeroPadding2dOptions, { readonly padding: FullMargins }> = {
  className: 'ZeroPadding2D',
  options: ['padding', 'dataFormat'],
  configure({ padding = 1, dataFormat }, where) {
    checkDataFormat(where, dataFormat);
    return { padding: checkMargins(where, 'padding', padding) };
  },
  weights(_, inputShape, where) {
    checkPictures(inputShape, where);
    return {};
  },
  call: ({ config: { padding }, inputs: [x] }) => padWith(x!, [[0, 0], ...padding, [0, 0]]),
};
