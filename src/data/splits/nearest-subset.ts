/** Choosing whole groups whose sizes add up to nearly a wanted number: a subset-sum by dynamic programming. */

/**
 * Which of the sizes to take so that their sum is as near the target as possible: at least one of them, never all.
 * Earlier sizes are preferred, so a shuffled list gives a random choice.
 *
 * @param sizes whole numbers above 0, at least two of them
 * @param target the wanted sum
 * @returns positions in `sizes`, ascending
 */
export function nearestSubset(sizes: readonly number[], target: number): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);

  // Far from the target every group is as good as another: taking the first ones keeps the table below small.
  const chosen: number[] = [];
  let sum = 0;
  while (target - sum > 256 * largest) {
    sum += sizes[chosen.length]!;
    chosen.push(chosen.length);
  }

  // firstAt[s] is 1 + the position that first made the sum s reachable, so walking back uses falling positions.
  const first = chosen.length;
  const wanted = target - sum;
  const highest = Math.max(1, Math.min(total - sum - 1, Math.ceil(wanted) + largest));
  const firstAt = new Uint32Array(highest + 1);
  firstAt[0] = first;
  for (let position = first; position < sizes.length && !reaches(firstAt, wanted); position++) {
    const size = sizes[position]!;
    for (let reached = highest - size; reached >= 0; reached--) {
      const isReachable = reached === 0 || firstAt[reached]! > 0;
      if (isReachable && firstAt[reached + size] === 0) firstAt[reached + size] = position + 1;
    }
  }

  // Nothing more is a choice only where groups were taken already.
  let best = first > 0 ? 0 : -1;
  for (let reached = 1; reached <= highest; reached++) {
    const isNearer = best < 0 || Math.abs(reached - wanted) < Math.abs(best - wanted);
    if (firstAt[reached]! > 0 && isNearer) best = reached;
  }
  for (let rest = best; rest > 0; rest -= sizes[firstAt[rest]! - 1]!) chosen.push(firstAt[rest]! - 1);
  return chosen.sort((a, b) => a - b);
}

/** True where no later group can come nearer: a sum within half a picture of the wanted one is reachable. */
function reaches(firstAt: Uint32Array, wanted: number): boolean {
  const nearest = Math.round(wanted);
  return nearest > 0 && nearest < firstAt.length && firstAt[nearest]! > 0;
}
