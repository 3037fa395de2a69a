/** RandomFlip: mirrored pictures. */
import { checkName } from '../../../core/options.ts';
import { greater, rescale } from '../../../ops/elementwise.ts';
import type { DataFormatOption } from './picture-options.ts';
import { type RandomLayer, randomLayer } from './random-layer.ts';
import { aboutCentre, moved, transformRows } from './transforms.ts';

/** Which way pictures may be mirrored. */
export type FlipMode = 'horizontal' | 'vertical' | 'horizontalAndVertical';

/** Options of `randomFlip`. */
export interface RandomFlipOptions extends DataFormatOption {
  /** `horizontal` (left becomes right), `vertical` (top becomes bottom), or `horizontalAndVertical` (default): each by itself. */
  mode?: FlipMode;
}

type Config = { readonly mode: FlipMode };

/** Each picture is mirrored with a probability of one half, in each direction of the mode by itself; pixels keep their values.
 * Input and output `[batch, height, width, channels]`. */
export const randomFlip: RandomLayer<RandomFlipOptions, Config, 'transform'> = randomLayer({
  className: 'RandomFlip',
  options: ['mode'],
  configure: ({ mode = 'horizontalAndVertical' }, where) => ({
    mode: checkName(where, 'mode', mode, ['horizontal', 'vertical', 'horizontalAndVertical']),
  }),
  draws: ({ mode }) => (mode === 'horizontalAndVertical' ? 2 : 1),
  parameters(draws, { mode }, shape) {
    // 1, or −1 where it is mirrored.
    const side = () => rescale(greater(draws.next(), 0.5), 2, -1);
    const first = side();
    const columns = mode === 'vertical' ? 1 : first;
    const rows = mode === 'horizontal' ? 1 : mode === 'vertical' ? first : side();
    return { transform: transformRows(first, aboutCentre(shape, columns, 0, 0, rows)) };
  },
  pixels: (x, { transform }) => moved(x, transform, { interpolation: 'nearest', fillMode: 'nearest' }),
});
