/** Equalization: each channel's values spread so that all are about as frequent. */
import { checkNumber } from '../../../core/options.ts';
import { equalizePictures } from '../../../ops/equalize-histogram.ts';
import { checkValueRange } from './picture-options.ts';
import type { RandomLayer } from './random-layer.ts';
import { checkShare, type ShareConfig, type ShareOption, someOrAll } from './some-or-all.ts';

/** Options of `equalization`. */
export interface EqualizationOptions extends ShareOption {
  /** How many values are told apart; 2 … 65536, default 256. */
  bins?: number;
}

type Config = ShareConfig & { readonly bins: number };

/** Each picture has a histogram of its own; channels of one value stay. Input and output `[batch, height, width, channels]`. */
export const equalization: RandomLayer<EqualizationOptions, Config, 'isChosen'> = someOrAll({
  className: 'Equalization',
  options: ['valueRange', 'bins', 'factor'],
  configure: ({ valueRange, bins = 256, factor }, where) => ({
    valueRange: checkValueRange(where, valueRange),
    bins: checkNumber(where, 'bins', bins, { integer: true, min: 2, max: 65_536 }),
    ...checkShare(where, factor),
  }),
  change: (x, { bins }) => equalizePictures(x, bins),
});
