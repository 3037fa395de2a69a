/** The results as Markdown: goals and what came of them, then every contestant of every workload. */
import { fastestPeer, judge, timesOf } from './goals.ts';
import type { Results, WorkloadResult } from './results.ts';
import { median, medianDeviation, medianRatio } from './statistics.ts';
import type { Timing } from './take-turns.ts';

/** The whole page. */
export function renderResults(results: Results): string {
  const { machine, peaks, workloads } = results;
  const { processor, cores, memoryGiB, system, node } = machine;
  const peakLines = Object.entries(peaks).map(([backend, { instructionSet, gflops, gbPerSecond }]) =>
    gflops === undefined
      ? `${backend} (${instructionSet}) measures no peak`
      : `${backend} (${instructionSet}) ${gflops.toFixed(0)} GFLOP/s, ${gbPerSecond?.toFixed(0)} GB/s`,
  );
  return [
    `# cajal and its peers on ${processor}`,
    'Written by `npm run bench:compare`. Each contestant is a process of its own; all take turns on the same inputs in float32, ' +
      'and read the loss of each training step. Ratios are medians over the rounds of one turn to the other, in the same ' +
      'round. ± is the median deviation from the median.',
    `Machine: ${cores} cores, ${memoryGiB} GiB, ${system}, Node.js ${node}. Measured peak: ${peakLines.join('; ') || 'none'}.`,
    '## Goals',
    goalTable(workloads),
    ...Object.entries(workloads).map(([id, workload]) => workloadSection(id, workload)),
  ]
    .join('\n\n')
    .concat('\n');
}

function goalTable(workloads: Results['workloads']): string {
  const rows = Object.entries(workloads).flatMap(([id, { timings }]) =>
    judge(id, timings).map(({ contestant, measure, peer, ratio, limit, isMet }) => [
      id,
      contestant,
      measure,
      timings.find((timing) => timing.id === peer)?.engine ?? peer,
      ratio.toFixed(2),
      `≤ ${limit.toFixed(2)}`,
      isMet ? 'met' : '**missed**',
    ]),
  );
  return table(['workload', 'contestant', 'of', 'fastest of those it is compared with', 'ratio', 'goal', ''], rows);
}

function workloadSection(
  id: string,
  { title, date, commit, threads, rounds, loadBefore, timings }: WorkloadResult,
): string {
  const fastest = fastestPeer(timings);
  const rows = timings
    .filter((timing) => timesOf(timing).length > 0)
    .sort((a, b) => median(timesOf(a)) - median(timesOf(b)))
    .map((timing) => row(timing, fastest));
  const missing = timings.filter(({ reason }) => reason).map((timing) => `* ${timing.id}: ${timing.reason}`);
  const when = `${date.slice(0, 10)}, commit ${commit}, ${threads} threads, ${rounds} rounds, load before ${loadBefore.toFixed(1)}.`;
  const columns = ['contestant', 'engine', 'median ms', 'least', '±', 'timings', 'first step', 'ratio', 'peak MiB'];
  return [
    `## ${id}: ${title}`,
    when,
    table(columns, rows),
    ...(missing.length > 0 ? ['Not measured, or not to the end:', missing.join('\n')] : []),
  ].join('\n\n');
}

function row(timing: Timing, fastest: Timing | undefined): string[] {
  const times = timesOf(timing);
  const ratio = fastest ? medianRatio(timing.rounds, fastest.rounds) : Number.NaN;
  return [
    timing.id,
    timing.engine ?? '',
    digits(median(times)),
    digits(Math.min(...times)),
    digits(medianDeviation(times)),
    String(times.length),
    timing.firstStepMs === undefined ? '' : digits(timing.firstStepMs),
    Number.isNaN(ratio) ? '' : ratio.toFixed(2),
    timing.peakBytes ? (timing.peakBytes / 2 ** 20).toFixed(0) : '',
  ];
}

/** Three digits that count, without an exponent. */
function digits(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(value >= 1 ? 2 : 3);
}

/** A table in Markdown. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(columns), `|${'---|'.repeat(columns.length)}`, ...rows.map(line)].join('\n');
}
