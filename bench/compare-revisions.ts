/** `npm run bench -- --against REV`: times this checkout and another revision in turns and says which cases differ. Each is
 * a process, started anew a few times: where memory lies changes from start to start, and with it the time. */

import os from 'node:os';
import type { BuiltRevision } from './build-tree.ts';
import { type BenchCase, commandOf } from './cases.ts';
import { median, medianInterval, roundRatios } from './compare/statistics.ts';
import { takeTurns } from './compare/take-turns.ts';
import { digits, percent, textTable } from './text.ts';
import { planOf, type Timed } from './time-cases.ts';

/** How a case's time compares: above 1 this checkout is slower. */
export interface Comparison {
  readonly ratio: number;
  /** Holds the true median with 95 % confidence. */
  readonly interval: readonly [number, number];
  readonly verdict: 'faster' | 'slower' | 'same';
}

/** Smaller differences are not told apart from those that the places of code and memory make. */
const leastDifference = 0.02;

/** Judges the ratios of pairs of turns, by start. They differ where the interval of all leaves out 1, the median is far
 * enough from 1, and each start alone says so too. */
export function judgeRatios(starts: readonly (readonly number[])[]): Comparison {
  const ratios = starts.flat();
  const ratio = median(ratios);
  const interval = medianInterval(ratios);
  const medians = starts.filter((each) => each.length > 0).map(median);
  const isSlower = interval[0] > 1 && ratio > 1 + leastDifference && medians.every((each) => each > 1);
  const isFaster = interval[1] < 1 && ratio < 1 - leastDifference && medians.every((each) => each < 1);
  return { ratio, interval, verdict: isSlower ? 'slower' : isFaster ? 'faster' : 'same' };
}

interface Pairs {
  readonly ratios: readonly (readonly number[])[];
  readonly ms: readonly [number, number];
}

/** Times a case of both; a reason where one of them lacks it or fails. */
async function timePairs(
  testCase: BenchCase,
  backend: string,
  threads: number,
  other: BuiltRevision,
  timed: Timed,
  starts: number,
): Promise<Pairs | { readonly reason: string }> {
  const here = { id: 'this checkout', command: commandOf(testCase, backend, threads) };
  const there = { id: other.commit, command: commandOf(testCase, backend, threads, other.folder) };
  const ratios: number[][] = [];
  const times: [number[], number[]] = [[], []];
  for (let start = 0; start < starts; start++) {
    const entries = start % 2 === 0 ? [there, here] : [here, there];
    const plan = planOf({ ...timed, seconds: timed.seconds / starts });
    const timings = await takeTurns(entries, plan, () => {});
    const failed = timings.filter(({ reason }) => reason);
    if (failed.length > 0) return { reason: failed.map(({ id, reason }) => `${id}: ${reason}`).join('; ') };
    const [mine, theirs] = [here, there].map(({ id }) => timings.find((timing) => timing.id === id)!.rounds) as [
      number[][],
      number[][],
    ];
    ratios.push(roundRatios(mine, theirs));
    times[0].push(...mine.flat());
    times[1].push(...theirs.flat());
  }
  return { ratios, ms: [median(times[0]), median(times[1])] };
}

/** Times everything and prints a table per backend. */
export async function compareRevisions(
  cases: readonly BenchCase[],
  backends: readonly string[],
  threads: number,
  other: BuiltRevision,
  timed: Timed,
  starts: number,
): Promise<void> {
  console.log(`load before ${os.loadavg()[0]!.toFixed(1)}`);
  for (const backend of backends) {
    const rows: string[][] = [];
    const missing: string[] = [];
    for (const [index, testCase] of cases.entries()) {
      console.error(`${backend}, ${index + 1} of ${cases.length}: ${testCase.title}`);
      const pairs = await timePairs(testCase, backend, threads, other, timed, starts);
      if ('reason' in pairs) {
        missing.push(`${testCase.name}: not compared (${pairs.reason})`);
        continue;
      }
      const { ratio, interval, verdict } = judgeRatios(pairs.ratios);
      rows.push([
        testCase.name,
        String(testCase.batch),
        digits(pairs.ms[1]),
        digits(pairs.ms[0]),
        ratio.toFixed(3),
        `${interval[0].toFixed(3)} to ${interval[1].toFixed(3)}`,
        verdict === 'same' ? '' : `${verdict} by ${percent(Math.abs(ratio - 1))}`,
      ]);
    }
    console.log(`\n${backend}, ${threads} threads: this checkout against ${other.commit}`);
    const head = ['case', 'batch', `ms ${other.commit}`, 'ms here', 'ratio', '95 %', 'beyond noise'];
    console.log(textTable(head, rows, 1));
    for (const line of missing) console.log(line);
  }
}
