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

/** The median over the rounds of how the medians of two contestants' turns compare; both must have had that round's turn. */
export function medianRatio(rounds: Rounds, others: Rounds): number {
  const ratios = rounds.flatMap((turn, round) => {
    const other = others[round] ?? [];
    return turn.length > 0 && other.length > 0 ? [median(turn) / median(other)] : [];
  });
  return median(ratios);
}
