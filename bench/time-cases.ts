/** `npm run bench`: times the cases on each backend in turns, prints a table and writes the figures into the machine's file,
 * `bench-<processor>.json`. A run of some cases leaves the others as they were. */
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type BenchCase, commandOf } from './cases.ts';
import { betterPeak, measurePeak, type Peak } from './compare/measure-peak.ts';
import { currentCommit, describeMachine, type Results, stemOf, writeJson } from './compare/results.ts';
import { root } from './compare/set-up-peers.ts';
import { median, medianDeviation } from './compare/statistics.ts';
import { type Plan, type Timing, takeTurns } from './compare/take-turns.ts';
import { digits, percent, textTable } from './text.ts';

/** One case on one backend. */
export interface CaseResult {
  readonly name: string;
  readonly title: string;
  readonly kind: BenchCase['kind'];
  readonly batch: number;
  readonly backend: string;
  readonly instructionSet: string;
  readonly threads: number;
  readonly node: string;
  /** With a `+` where files had been changed since. */
  readonly commit: string;
  /** When it was measured, in ISO form. */
  readonly date: string;
  /** Processes that wanted to run in the minute before the run: the machine was quiet where this is near 0. */
  readonly loadBefore: number;
  readonly timings: number;
  readonly medianMs: number;
  readonly leastMs: number;
  /** The median of the distances to the median. */
  readonly deviationMs: number;
  /** By the direct method's operations. */
  readonly gflops?: number;
  /** Of the peak that was measured in the same run. */
  readonly peakShare?: number;
  /** Operands read and written once. */
  readonly gbPerSecond?: number;
}

/** All that was measured of this machine. */
export interface BenchResults {
  readonly machine: Results['machine'];
  readonly peaks: Readonly<Record<string, Peak>>;
  readonly cases: readonly CaseResult[];
}

/** How long a case is timed on a backend, and in how many turns. */
export interface Timed {
  readonly seconds: number;
  readonly rounds: number;
  readonly limitSeconds: number;
}

/** The plan of turns that share the time equally. */
export function planOf({ seconds, rounds, limitSeconds }: Timed): Plan {
  const perTurn = { ms: (seconds * 1000) / rounds };
  return { rounds, perTurn, warmUps: 10, secondsEach: seconds, limitSeconds };
}

/** Times everything. @returns the file that was written */
export async function timeCases(
  cases: readonly BenchCase[],
  backends: readonly string[],
  threads: number,
  timed: Timed,
  folder: string,
): Promise<string> {
  const about = {
    ...{ threads, node: process.version, commit: currentCommit() },
    ...{ date: new Date().toISOString(), loadBefore: os.loadavg()[0]! },
  };
  const before = measurePeaks(backends, threads);
  const found: { testCase: BenchCase; backend: string; timing: Timing }[] = [];
  for (const [index, testCase] of cases.entries()) {
    console.error(`${index + 1} of ${cases.length}: ${testCase.title}`);
    const entries = [...before.keys()].map((id) => ({ id, command: commandOf(testCase, id, threads) }));
    const timings = await takeTurns(entries, planOf(timed), () => {});
    for (const timing of timings) found.push({ testCase, backend: timing.id, timing });
  }
  const after = measurePeaks([...before.keys()], threads);
  const peaks = new Map([...before].map(([name, peak]) => [name, betterPeak(peak, after.get(name) ?? peak)]));
  const results = found.flatMap(({ testCase, backend, timing }): CaseResult[] => {
    if (timing.rounds.flat().length === 0) {
      console.log(`${testCase.name} on ${backend}: not measured (${timing.reason})`);
      return [];
    }
    return [{ ...testCase, backend, ...about, ...rate(timing, peaks.get(backend)!) }];
  });
  console.log(`\nload before ${about.loadBefore.toFixed(1)}`);
  for (const [backend, peak] of peaks) printTable(backend, threads, peak, results);
  return write(folder, { machine: describeMachine(), peaks: Object.fromEntries(peaks), cases: results });
}

/** The peaks of the backends that open. */
function measurePeaks(backends: readonly string[], threads: number): Map<string, Peak> {
  const peaks = new Map<string, Peak>();
  for (const backend of backends) {
    try {
      peaks.set(backend, measurePeak(backend, threads));
    } catch (error) {
      console.log(`left out: ${(error as Error).message}`);
    }
  }
  return peaks;
}

function rate({ rounds, cost }: Timing, { instructionSet, gflops: most }: Peak) {
  const times = rounds.flat();
  const medianMs = median(times);
  const gflops = (cost?.flops ?? 0) / medianMs / 1e6;
  return {
    instructionSet,
    timings: times.length,
    medianMs,
    leastMs: Math.min(...times),
    deviationMs: medianDeviation(times),
    ...(gflops > 0 && { gflops }),
    ...(gflops > 0 && most && { peakShare: gflops / most }),
    ...(cost && { gbPerSecond: cost.bytes / medianMs / 1e6 }),
  };
}

function printTable(backend: string, threads: number, peak: Peak, results: readonly CaseResult[]): void {
  const { instructionSet, gflops = 0, gbPerSecond = 0 } = peak;
  const most = gflops > 0 ? `, peak ${gflops.toFixed(0)} GFLOP/s and ${gbPerSecond.toFixed(0)} GB/s` : '';
  console.log(`\n${backend} ${instructionSet}, ${threads} threads, ${describeMachine().processor}${most}`);
  const rows = results
    .filter((result) => result.backend === backend)
    .map((result) => [
      result.name,
      String(result.batch),
      digits(result.medianMs),
      percent(result.deviationMs / result.medianMs),
      result.gflops?.toFixed(1) ?? '',
      result.peakShare === undefined ? '' : percent(result.peakShare),
      result.gbPerSecond?.toFixed(1) ?? '',
    ]);
  console.log(textTable(['case', 'batch', 'ms', '±', 'GFLOP/s', 'of peak', 'GB/s'], rows, 1));
}

/** Puts figures into the machine's file, in place of those of the same case, backend, instruction set and threads. */
function write(folder: string, part: BenchResults): string {
  const file = `${stemOf(folder, 'bench')}.json`;
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as BenchResults) : part;
  const key = ({ backend, instructionSet, threads, name }: CaseResult) =>
    [backend, instructionSet, threads, name].join('\n');
  const cases = new Map([...before.cases, ...part.cases].map((result) => [key(result), result]));
  writeJson(file, { ...part, peaks: { ...before.peaks, ...part.peaks }, cases: [...cases.values()] });
  return path.relative(root, file);
}
