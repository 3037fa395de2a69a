/** Affine maps between pairs of points, by least squares. */

/** An affine map of picture a to b: x' = m0·x + m1·y + m2, y' = m3·x + m4·y + m5. */
export type AffineMap = readonly [number, number, number, number, number, number];

/** The map that scales both directions. */
export function identityMap(wide = 1, high = 1): AffineMap {
  return [wide, 0, 0, 0, high, 0];
}

/** Least squares over the pairs that agree with a map. */
export function fitAffine(
  [a, b, c, d, e, f]: AffineMap,
  px: readonly number[],
  py: readonly number[],
  qx: readonly number[],
  qy: readonly number[],
  tolerance: number,
): AffineMap | undefined {
  const limit = tolerance * tolerance;
  let n = 0;
  let sx = 0;
  let sy = 0;
  let su = 0;
  let sv = 0;
  const chosen: number[] = [];
  for (let i = 0; i < px.length; i++) {
    const x = a * px[i]! + b * py[i]! + c - qx[i]!;
    const y = d * px[i]! + e * py[i]! + f - qy[i]!;
    if (x * x + y * y > limit) continue;
    chosen.push(i);
    n++;
    sx += px[i]!;
    sy += py[i]!;
    su += qx[i]!;
    sv += qy[i]!;
  }
  if (n < 4) return undefined;
  const mx = sx / n;
  const my = sy / n;
  const mu = su / n;
  const mv = sv / n;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  let xu = 0;
  let yu = 0;
  let xv = 0;
  let yv = 0;
  for (const i of chosen) {
    const x = px[i]! - mx;
    const y = py[i]! - my;
    const u = qx[i]! - mu;
    const v = qy[i]! - mv;
    xx += x * x;
    xy += x * y;
    yy += y * y;
    xu += x * u;
    yu += y * u;
    xv += x * v;
    yv += y * v;
  }
  const determinant = xx * yy - xy * xy;
  if (determinant < 1e-3 * (xx + yy) ** 2) return undefined;
  const m0 = (xu * yy - yu * xy) / determinant;
  const m1 = (yu * xx - xu * xy) / determinant;
  const m3 = (xv * yy - yv * xy) / determinant;
  const m4 = (yv * xx - xv * xy) / determinant;
  return [m0, m1, mu - m0 * mx - m1 * my, m3, m4, mv - m3 * mx - m4 * my];
}
