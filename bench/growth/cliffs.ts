/** Cliffs: places where the time of a picture jumps although its work does not. */

/** One point of a curve, in the order of the axis. */
export interface CurvePoint {
  readonly x: number;
  /** Time per picture and operation: flat where time grows as the work does. */
  readonly cost: number;
}

/** More than this times its neighbours' trend is a cliff. */
export const cliffRatio = 1.3;

/** The cost that the neighbours let expect: the lesser of the one before and, on logarithmic scales, of the line between
 * both. So a single high point is found, and a step up to a new level. The first point has none, the last only one. */
export function trendAt(points: readonly CurvePoint[], index: number): number | undefined {
  const [before, here, after] = [points[index - 1], points[index]!, points[index + 1]];
  if (!before) return undefined;
  if (!after) return before.cost;
  const share = Math.log(here.x / before.x) / Math.log(after.x / before.x);
  const between = before.cost ** (1 - share) * after.cost ** share;
  return Math.min(before.cost, between);
}

/** The indices of points above the trend of their neighbours by more than the ratio. */
export function findCliffs(points: readonly CurvePoint[]): number[] {
  return points.flatMap(({ cost }, index) => {
    const trend = trendAt(points, index);
    return trend !== undefined && cost > cliffRatio * trend ? [index] : [];
  });
}

/** Channels as vectors see them. */
export function roundUp(channels: number, vectorWidth: number): number {
  return Math.ceil(channels / vectorWidth) * vectorWidth;
}
