/** The numbers that a row of results has. */

/** The value in the middle; of an even count the mean of two. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The median of the distances to the median. */
export function medianDeviation(values: readonly number[]): number {
  const middle = median(values);
  return median(values.map((value) => Math.abs(value - middle)));
}

/** Milliseconds per round and step; a round is empty where a slow contestant sat it out. */
export type Rounds = readonly (readonly number[])[];

/** How the medians of two contestants' turns compare, for each round in which both had theirs. */
export function roundRatios(rounds: Rounds, others: Rounds): number[] {
  return rounds.flatMap((turn, round) => {
    const other = others[round] ?? [];
    return turn.length > 0 && other.length > 0 ? [median(turn) / median(other)] : [];
  });
}

/** The median of the ratios by round. */
export function medianRatio(rounds: Rounds, others: Rounds): number {
  return median(roundRatios(rounds, others));
}

/** The narrowest pair of values, equally far from both ends, between which the median of what they were drawn from lies
 * with at least 95 % confidence, whatever its distribution: each value falls below that median with probability ½. All of
 * fewer than six values are too few for that; they give their range. */
export function medianInterval(values: readonly number[]): readonly [number, number] {
  const sorted = [...values].sort((a, b) => a - b);
  const count = sorted.length;
  let left = 0;
  // Chance that at most `left` of the values lie below the median: the binomial distribution's tail.
  let term = 0.5 ** count;
  let tail = term;
  while (tail + (term * (count - left)) / (left + 1) <= 0.025 && left + 1 < count / 2) {
    term *= (count - left) / (left + 1);
    tail += term;
    left++;
  }
  return [sorted[left] ?? Number.NaN, sorted[count - 1 - left] ?? Number.NaN];
}
