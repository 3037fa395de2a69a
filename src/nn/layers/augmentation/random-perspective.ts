/** RandomPerspective: pictures seen from a side. */
import { checkName, checkNumber } from '../../../core/options.ts';
import type { Shape } from '../../../core/shape.ts';
import { add, where as choose, divide, greater, multiply, subtract } from '../../../ops/elementwise.ts';
import type { Value } from '../../../ops/op.ts';
import type { SamplingInterpolation } from '../../../ops/sampling.ts';
import { checkFactor, type DataFormatOption, type Factor, probability } from './picture-options.ts';
import { type RandomLayer, randomLayer } from './random-layer.ts';
import { moved, transformRows } from './transforms.ts';

/** Options of `randomPerspective`. */
export interface RandomPerspectiveOptions extends DataFormatOption {
  /** The probability, drawn for each picture from 0 to factor, or between the two numbers; 0 … 1, default 1: half of the
   * pictures. `[1, 1]` changes all. */
  factor?: Factor;
  /** How far corners move: each by up to a quarter of the size times this, in both directions; 0 … 1, default 1. */
  scale?: number;
  /** `bilinear` (default) or `nearest`. */
  interpolation?: SamplingInterpolation;
  /** What lies outside; default 0. */
  fillValue?: number;
}

type Config = {
  readonly factor: Factor;
  readonly scale: number;
  readonly interpolation: SamplingInterpolation;
  readonly fillValue: number;
};

/** A place in a picture. */
export type Point = readonly [x: Value, y: Value];

/** The four corners are drawn to places nearby. Input and output `[batch, height, width, channels]`. */
export const randomPerspective: RandomLayer<RandomPerspectiveOptions, Config, 'transform'> = randomLayer({
  className: 'RandomPerspective',
  options: ['factor', 'scale', 'interpolation', 'fillValue'],
  configure: ({ factor = 1, scale = 1, interpolation = 'bilinear', fillValue = 0 }, where) => ({
    factor: checkFactor(where, 'factor', factor, { min: 0, max: 1 }),
    scale: checkNumber(where, 'scale', scale, { min: 0, max: 1 }),
    interpolation: checkName(where, 'interpolation', interpolation, ['bilinear', 'nearest']),
    fillValue: checkNumber(where, 'fillValue', fillValue),
  }),
  draws: () => 9,
  parameters(draws, { factor, scale }, shape) {
    const isChanged = greater(probability(factor), draws.next());
    const [right, bottom] = [shape[2]! - 1, shape[1]! - 1];
    const near = (place: number, size: number) => {
      const reach = (scale * size) / 4;
      return choose(isChanged, draws.next([place - reach, place + reach]), place);
    };
    const corner = (x: number, y: number): Point => [near(x, right), near(y, bottom)];
    const corners = [corner(0, 0), corner(right, 0), corner(0, bottom), corner(right, bottom)] as const;
    return { transform: transformRows(isChanged, fromCorners(shape, corners)) };
  },
  pixels: (x, { transform }, { interpolation, fillValue }) =>
    moved(x, transform, { interpolation, fillMode: 'constant', fillValue }),
});

/** The projective transform that shows the picture's corners (top left, top right, bottom left, bottom right) at these places.
 * The one from the unit square to a quadrilateral is known in closed form (P. S. Heckbert, "Fundamentals of texture mapping and
 * image warping", 1989); its adjugate leads back. */
export function fromCorners(
  shape: Shape,
  [topLeft, topRight, bottomLeft, bottomRight]: readonly [Point, Point, Point, Point],
): Value[] {
  const [[x0, y0], [x1, y1], [x3, y3], [x2, y2]] = [topLeft, topRight, bottomLeft, bottomRight];
  const cross = (a: Value, b: Value, c: Value, d: Value) => subtract(multiply(a, d), multiply(b, c));
  const [dx1, dy1] = [subtract(x1, x2), subtract(y1, y2)];
  const [dx2, dy2] = [subtract(x3, x2), subtract(y3, y2)];
  const [sx, sy] = [subtract(add(x0, x2), add(x1, x3)), subtract(add(y0, y2), add(y1, y3))];
  const area = cross(dx1, dx2, dy1, dy2);
  const g = divide(cross(sx, dx2, sy, dy2), area);
  const h = divide(cross(dx1, sx, dy1, sy), area);
  // From the unit square: x = (a u + b v + c) / (g u + h v + 1), y = (d u + e v + f) / (g u + h v + 1).
  const a = add(subtract(x1, x0), multiply(g, x1));
  const b = add(subtract(x3, x0), multiply(h, x3));
  const d = add(subtract(y1, y0), multiply(g, y1));
  const e = add(subtract(y3, y0), multiply(h, y3));
  const [c, f] = [x0, y0];
  // The adjugate leads back to the unit square, which is then stretched to the picture.
  const [right, bottom] = [shape[2]! - 1, shape[1]! - 1];
  const last = cross(a, b, d, e);
  const row = (numbers: readonly Value[], size: number) =>
    numbers.map((number) => divide(size === 1 ? number : multiply(number, size), last));
  const u = [subtract(e, multiply(f, h)), subtract(multiply(c, h), b), cross(b, c, e, f)];
  const v = [subtract(multiply(f, g), d), subtract(a, multiply(c, g)), cross(c, a, f, d)];
  const w = [cross(d, e, g, h), cross(b, a, h, g)];
  return [...row(u, right), ...row(v, bottom), ...row(w, 1)];
}
