/** RandomErasing: a rectangle of each picture is painted over (Z. Zhong et al., "Random erasing data augmentation", 2020). */
import { OptionError, ShapeError } from '../../../core/errors.ts';
import { show } from '../../../core/options.ts';
import type { Graph } from '../../../graph/graph.ts';
import { add, where as choose, greater, greaterEqual, multiply, sqrt, subtract } from '../../../ops/elementwise.ts';
import type { Value } from '../../../ops/op.ts';
import { reshapeTo } from '../../../ops/reshape.ts';
import { channelRow, counted } from './counted.ts';
import { type Range, spread } from './draws.ts';
import {
  checkFactor,
  checkValueRange,
  type Factor,
  fromZero,
  probability,
  type ValueRangeOption,
} from './picture-options.ts';
import { type RandomLayer, randomLayer } from './random-layer.ts';

/** Options of `randomErasing`. */
export interface RandomErasingOptions extends ValueRangeOption {
  /** The probability, drawn for each picture from 0 to factor, or between the two numbers; 0 … 1, default 1: half of the
   * pictures. `[1, 1]` erases in all. */
  factor?: Factor;
  /** The rectangle's sides are drawn by themselves: the square root of a number between these two, times height and width;
   * default `[0.02, 0.33]`. */
  scale?: Factor;
  /** What is painted: a number, or one for each channel; default: a colour drawn for each picture. */
  fillValue?: number | readonly number[];
}

type Config = {
  readonly factor: Factor;
  readonly scale: Factor;
  readonly fillValue?: number | readonly number[];
  readonly valueRange: Range;
};

type Names = 'top' | 'bottom' | 'left' | 'right' | 'fill';

/** Input and output `[batch, height, width, channels]`. */
export const randomErasing: RandomLayer<RandomErasingOptions, Config, Names> = randomLayer({
  className: 'RandomErasing',
  options: ['factor', 'scale', 'fillValue', 'valueRange'],
  configure({ factor = 1, scale = [0.02, 0.33], fillValue, valueRange }, where) {
    const fill = checkFill(where, fillValue ?? undefined);
    return {
      factor: checkFactor(where, 'factor', factor, { min: 0, max: 1 }),
      scale: checkFactor(where, 'scale', scale, { min: 0, max: 1 }),
      ...(fill !== undefined && { fillValue: fill }),
      valueRange: checkValueRange(where, valueRange),
    };
  },
  checkShape(shape, where, { fillValue }) {
    if (!Array.isArray(fillValue) || fillValue.length === shape[3]) return;
    throw new ShapeError(
      `${where}: expected a fillValue for each of the ${shape[3]} channels, received ${show(fillValue)}.`,
    );
  },
  draws: ({ fillValue }, shape) => 5 + (fillValue === undefined ? shape[3]! : 0),
  parameters(draws, { factor, scale, fillValue, valueRange }, shape) {
    const isErased = greater(probability(factor), draws.next());
    const side = (size: number): [Value, Value] => {
      // A rectangle of no size where nothing is erased.
      const length = multiply(sqrt(draws.next(fromZero(scale))), multiply(isErased, size));
      const start = multiply(draws.next(), subtract(size, length));
      return [start, add(start, length)];
    };
    const [left, right] = side(shape[2]!);
    const [top, bottom] = side(shape[1]!);
    const fill =
      fillValue === undefined
        ? spread(draws.nextOf([1, 1, shape[3]!]), valueRange)
        : fillOf(isErased.graph as Graph, fillValue);
    return { top, bottom, left, right, fill };
  },
  pixels(x, { top, bottom, left, right, fill }) {
    const [, height, width] = x.shape as [number, number, number];
    const graph = x.graph as Graph;
    const rows = reshapeTo(counted(graph, height), [1, height, 1, 1]);
    const columns = reshapeTo(counted(graph, width), [1, 1, width, 1]);
    const within = (place: Value, start: Value, end: Value) =>
      multiply(greaterEqual(place, start), greater(end, place));
    return choose(multiply(within(rows, top, bottom), within(columns, left, right)), fill, x);
  },
});

function fillOf(graph: Graph, fill: number | readonly number[]): Value {
  return channelRow(graph, typeof fill === 'number' ? [fill] : fill);
}

function checkFill(where: string, fill: unknown): number | readonly number[] | undefined {
  const all = Array.isArray(fill) && fill.length > 0 ? fill : [fill];
  if (fill === undefined || all.every(Number.isFinite)) return fill as number | readonly number[] | undefined;
  throw new OptionError(`${where}: fillValue must be a number, or one for each channel, received ${show(fill)}.`);
}
