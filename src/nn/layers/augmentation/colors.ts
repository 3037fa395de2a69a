/** Changes of colours that layers share, each in one pass over the pictures: towards grey, and of hue and saturation. */
import { batchAxis } from '../../../core/shape.ts';
import type { Graph } from '../../../graph/graph.ts';
import { concatenateAll } from '../../../ops/concatenate.ts';
import { add, broadcastTo, clip, multiply, type Operand } from '../../../ops/elementwise.ts';
import { mixPictures, recolorPictures } from '../../../ops/mix-colors.ts';
import type { Value } from '../../../ops/op.ts';
import { reshapeTo } from '../../../ops/reshape.ts';
import { channelRow } from './counted.ts';
import type { Range } from './draws.ts';

/** What red, green and blue count for in grey (ITU-R BT.601). */
const luminance = [0.2989, 0.587, 0.114] as const;

/** x + share · (grey − x) with 0.2989 · red + 0.587 · green + 0.114 · blue for grey, cut to the range; pictures of one channel are
 * grey. `share` is `[batch, 1, 1, 1]`. */
export function towardsGrey(x: Value, share: Value, [low, high]: Range): Value {
  if (x.shape[3] === 1) return clip(x, low, high);
  const rows = [0, 1, 2].map((row) => [0, 1, 2, 3].map((column) => (row === column ? 1 : 0)));
  const differences = rows.map((row) => row.map((own, column) => (luminance[column] ?? 0) - own));
  const graph = x.graph as Graph;
  const [own, difference] = [rows, differences].map((numbers) => reshapeTo(channelRow(graph, numbers.flat()), [1, 12]));
  const weights = add(multiply(difference!, reshapeTo(share, [batchAxis, 1])), own!);
  return mixPictures(x, reshapeTo(weights, [batchAxis, 3, 4]), { low, high });
}

/** Saturations `times` as strong, at most as strong as they can be without changing hue and largest channel, and hues turned by
 * `turn`, in turns of the circle of colours: 1/3 makes red green. Each is a number or `[batch, 1, 1, 1]`. */
export function recolored(x: Value, times: Operand, turn: Operand, [low, high]: Range): Value {
  const [first, second] = [times, turn].map((number) => {
    const value = typeof number === 'number' ? x.graph.constant(number) : number;
    return reshapeTo(broadcastTo(value, [batchAxis, 1, 1, 1]), [batchAxis, 1]);
  });
  return recolorPictures(x, concatenateAll([first!, second!]), { low, high });
}
