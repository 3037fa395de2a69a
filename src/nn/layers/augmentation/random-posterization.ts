/** RandomPosterization: fewer values for each channel. */
import { OptionError } from '../../../core/errors.ts';
import { show } from '../../../core/options.ts';
import { add, divide, exp, floor, multiply, rescale } from '../../../ops/elementwise.ts';
import type { Range } from './draws.ts';
import { checkValueRange, type Factor, type ValueRangeOption } from './picture-options.ts';
import { type RandomLayer, randomLayer } from './random-layer.ts';

/** Options of `randomPosterization`. */
export interface RandomPosterizationOptions extends ValueRangeOption {
  /** The bits that each channel keeps of eight, 1 … 8; or two numbers, and whole numbers from one to the other are drawn. */
  factor: Factor;
}

type Config = { readonly factor: Factor; readonly valueRange: Range };

/** Values become the next lower multiple of 2^(8 − bits), of 256. Input and output `[batch, height, width, channels]`. */
export const randomPosterization: RandomLayer<RandomPosterizationOptions, Config, 'step'> = randomLayer({
  className: 'RandomPosterization',
  options: ['factor', 'valueRange'],
  configure: ({ factor, valueRange }, where) => ({
    factor: checkBits(where, factor),
    valueRange: checkValueRange(where, valueRange),
  }),
  draws: () => 1,
  parameters(draws, { factor }) {
    const [one, other] = typeof factor === 'number' ? [factor, factor] : factor;
    const most = Math.max(one, other);
    const dropped = floor(draws.next([8 - most, 9 - Math.min(one, other)]));
    // e^(n · ln 2) is 2^n but for its last bits.
    return { step: floor(add(exp(multiply(dropped, Math.LN2)), 0.5)) };
  },
  pixels(x, { step }, { valueRange: [low, high] }) {
    const posterize = (value: typeof x) => multiply(floor(divide(value, step)), step);
    if (low === 0 && high === 255) return posterize(x);
    const scale = 255 / (high - low);
    // 51 / 255 · 255 may come out below 51: a thousandth keeps whole numbers whole.
    return rescale(posterize(rescale(x, scale, 0.001 - low * scale)), 1 / scale, low);
  },
});

function checkBits(where: string, factor: unknown): Factor {
  const all = Array.isArray(factor) && factor.length === 2 ? factor : [factor, factor];
  if (all.every((bits) => Number.isInteger(bits) && bits >= 1 && bits <= 8)) return factor as Factor;
  throw new OptionError(
    `${where}: factor must be a whole number of bits from 1 to 8, or the two that it is drawn between, received ${show(factor)}.`,
  );
}
