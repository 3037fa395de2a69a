/** Deals whole groups of examples out to the parts of a split, so that each part's share of each class is as near the wanted
 * one as whole groups allow: the largest groups first, then single moves and exchanges as long as one helps. */
import type { Random } from '../../core/random.ts';

/** Above this number of groups, exchanges are not tried: there are enough small ones for the shares to come out even. */
const mostExchanged = 1500;
const mostPasses = 30;
/** Smaller gains are rounding. */
const leastGain = 1e-12;

/** Groups with how many examples of which classes each has. */
export interface GroupCounts {
  /** Of each group, the classes that it has examples of, and how many. */
  readonly groups: readonly (readonly (readonly [label: number, count: number])[])[];
  readonly classCount: number;
}

/**
 * Which part each group goes to. What is made small is the sum over parts and classes of (share of the class − wanted share)²,
 * so that rare classes count as much as common ones. It is a heuristic (the problem is NP-hard), and the same for the same
 * numbers and seed.
 *
 * @param shares of each part, which add up to 1
 * @returns the number of a part for each group
 */
export function assignGroups(
  { groups, classCount }: GroupCounts,
  shares: readonly number[],
  random: Random,
): Uint32Array {
  const totals = new Float64Array(classCount);
  for (const group of groups) for (const [label, count] of group) totals[label]! += count;
  const weighed = groups.map((group) => group.map(([label, count]) => [label, count / totals[label]!] as const));
  const size = (group: number) => weighed[group]!.reduce((sum, [, share]) => sum + share ** 2, 0);
  // Equally large groups come in random order, since sorting keeps it.
  const order = Array.from(random.permutation(groups.length)).sort((a, b) => size(b) - size(a));

  const excess = shares.map((share) => new Float64Array(classCount).fill(-share));
  const loads = new Float64Array(shares.length);
  const partOf = new Uint32Array(groups.length);
  const put = (group: number, part: number, sign: 1 | -1) => {
    for (const [label, share] of weighed[group]!) {
      excess[part]![label]! += sign * share;
      loads[part]! += sign * share;
    }
    partOf[group] = part;
  };
  /** By how much the sum of squares grows where the group is added to (1) or taken from (−1) a part. */
  const growth = (group: number, part: number, sign: 1 | -1) =>
    weighed[group]!.reduce((sum, [label, share]) => sum + share * (share + 2 * sign * excess[part]![label]!), 0);

  for (const group of order) {
    let [best, least] = [0, Number.POSITIVE_INFINITY];
    for (let part = 0; part < shares.length; part++) {
      const grown = growth(group, part, 1);
      // Where it makes no difference to the group's classes, the part that has least of everything gets it.
      const isTie = Math.abs(grown - least) <= leastGain;
      if (isTie ? loads[part]! / shares[part]! < loads[best]! / shares[best]! : grown < least)
        [best, least] = [part, grown];
    }
    put(group, best, 1);
  }

  const move = (group: number): boolean => {
    const from = partOf[group]!;
    const released = growth(group, from, -1);
    for (let part = 0; part < shares.length; part++) {
      if (part === from || growth(group, part, 1) + released > -leastGain) continue;
      put(group, from, -1);
      put(group, part, 1);
      return true;
    }
    return false;
  };
  const exchange = (first: number, second: number): boolean => {
    const [from, to] = [partOf[first]!, partOf[second]!];
    if (from === to) return false;
    const before = growth(first, from, -1);
    put(first, from, -1);
    const gain = before + growth(second, to, -1);
    put(second, to, -1);
    if (gain + growth(first, to, 1) + growth(second, from, 1) < -leastGain) {
      put(first, to, 1);
      put(second, from, 1);
      return true;
    }
    put(first, from, 1);
    put(second, to, 1);
    return false;
  };
  const canExchange = groups.length <= mostExchanged;
  for (let pass = 0, hasChanged = true; hasChanged && pass < mostPasses; pass++) {
    hasChanged = false;
    for (const group of order) if (move(group)) hasChanged = true;
    if (!canExchange) continue;
    for (const [place, first] of order.entries()) {
      for (let other = place + 1; other < order.length; other++) {
        if (exchange(first, order[other]!)) hasChanged = true;
      }
    }
  }
  return partOf;
}
