/** RandomGrayscale: some pictures lose their colours. */
import { checkNumber } from '../../../core/options.ts';
import { greater } from '../../../ops/elementwise.ts';
import { towardsGrey } from './colors.ts';
import { checkGreyOrColors, type DataFormatOption } from './picture-options.ts';
import { type RandomLayer, randomLayer } from './random-layer.ts';

/** Options of `randomGrayscale`. */
export interface RandomGrayscaleOptions extends DataFormatOption {
  /** The share of pictures that become grey, 0 … 1; default 0.5. */
  factor?: number;
}

/** Nothing is cut off. */
const largestFloat = 3.4e38;

type Config = { readonly factor: number };

/** Grey pictures keep their three channels, which are equal. Input and output `[batch, height, width, 3]`. */
export const randomGrayscale: RandomLayer<RandomGrayscaleOptions, Config, 'isGrey'> = randomLayer({
  className: 'RandomGrayscale',
  options: ['factor'],
  configure: ({ factor = 0.5 }, where) => ({ factor: checkNumber(where, 'factor', factor, { min: 0, max: 1 }) }),
  checkShape: checkGreyOrColors,
  draws: () => 1,
  parameters: (draws, { factor }) => ({ isGrey: greater(factor, draws.next()) }),
  pixels: (x, { isGrey }) => towardsGrey(x, isGrey, [-largestFloat, largestFloat]),
});
