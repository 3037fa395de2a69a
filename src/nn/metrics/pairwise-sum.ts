/** Sums in the order in which NumPy adds, so that averages agree with scikit-learn to the last bit: eight running sums in
 * blocks of up to 128 values, and halves of longer lists summed apart. */

const blockLength = 128;

/** The sum of `values`, 0 of none. */
export function sumPairwise(values: readonly number[], start = 0, end: number = values.length): number {
  const length = end - start;
  if (length > blockLength) {
    const half = Math.floor(length / 2);
    const middle = start + half - (half % 8);
    return sumPairwise(values, start, middle) + sumPairwise(values, middle, end);
  }
  let sum = 0;
  let next = start;
  if (length >= 8) {
    const lanes = values.slice(start, start + 8);
    for (next = start + 8; next + 8 <= end; next += 8) {
      for (let lane = 0; lane < 8; lane++) lanes[lane]! += values[next + lane]!;
    }
    const [a, b, c, d, e, f, g, h] = lanes as [number, number, number, number, number, number, number, number];
    sum = a + b + (c + d) + (e + f + (g + h));
  }
  for (; next < end; next++) sum += values[next]!;
  return sum;
}
