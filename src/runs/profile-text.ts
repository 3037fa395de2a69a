/** The words and tables of a profile, for the terminal and for its page. */
import type { Profile } from '../training/profile.ts';
import type { ProfileAnalysis, ProfileGroup, ProfileRates, RatedInstruction } from './profile-analysis.ts';

/** A table: its first row is the head, its last one may be the sum. */
export interface ProfileTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly foot: readonly (readonly string[])[];
  /** So many columns at the left are words. */
  readonly words: number;
}

/** Milliseconds, to about three digits or to a tenth of a microsecond. */
export function formatMs(ms: number): string {
  return ms.toFixed(ms < 0.01 ? 4 : ms < 1 ? 3 : ms < 10 ? 2 : 1);
}

/** A share as per cent; nothing where it is not known. */
export function formatShare(share: number | undefined): string {
  return share === undefined ? '' : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

/** A rate in billions a second, to about three digits. */
export function formatRate(rate: number): string {
  return rate.toFixed(rate < 10 ? 1 : 0);
}

function formatSize(bytes: number): string {
  return bytes < 2 ** 20 ? `${(bytes / 2 ** 10).toFixed(1)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

const formatMb = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 1e6 ? 3 : 1);

/** What was run: `train step of 32 examples on native, avx512, 2 threads`. */
export function describeProfile(profile: Profile): string {
  const { backend, instructionSet, threads, batchSize, step, fusion } = profile;
  const examples = batchSize === 1 ? '1 example' : `${batchSize} examples`;
  const where = `${backend}, ${instructionSet}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  return `${step} step of ${examples} on ${where}${fusion ? '' : ', without fusion'}`;
}

/** The sentences that say what a profile found. */
export function profileSentences(profile: Profile, { total, products, rest }: ProfileAnalysis): string[] {
  const { stepMs, outsideMs, batchSize, peak, repeats, arenaBytes } = profile;
  const perSecond = formatRate((batchSize / stepMs) * 1000);
  return [
    `A step takes ${formatMs(stepMs)} ms (${perSecond} examples a second) and works in ${formatSize(arenaBytes)}; times are medians of ${repeats}.`,
    `Its ${total.instructions} instructions take ${formatMs(total.ms)} ms; copying the batch in, starting and answering take ${formatMs(outsideMs)} ms.`,
    `Convolutions and dense layers: ${formatMs(products.ms)} ms, ${formatShare(products.share)}, at ${formatRate(products.gflops)} GFLOP/s${products.peakShare === undefined ? '' : `, ${formatShare(products.peakShare)} of the peak`}. Everything else: ${formatMs(rest.ms)} ms, ${formatShare(rest.share)}.`,
    peak
      ? `This machine's peak, measured with the same threads: ${formatRate(peak.gflops)} GFLOP/s in registers, ${formatRate(peak.gbPerSecond)} GB/s through memory.`
      : 'The reference backend has no peak to compare with.',
  ];
}

/** What the columns of the tables mean. */
export const profileNotes: readonly string[] = [
  'GFLOP/s are effective: operations of the direct method are counted, so a method that needs fewer can pass 100 % of the peak.',
  'GB/s count each operand once; above 100 % of the bandwidth, or near it, operands lie in caches.',
  'Bound: which of the two peaks, operations or bytes, the instruction would meet first.',
];

const rateHead = ['ms', 'share', 'GFLOP/s', 'of peak', 'MB', 'GB/s', 'of bandwidth'];

function rateCells(rates: ProfileRates): string[] {
  return [
    formatMs(rates.ms),
    formatShare(rates.share),
    formatRate(rates.gflops),
    formatShare(rates.peakShare),
    formatMb(rates.bytes),
    formatRate(rates.gbPerSecond),
    formatShare(rates.bandwidthShare),
  ];
}

/**
 * Every instruction in its order.
 * @param leastShare instructions below this share of the time are added up in one line
 */
export function instructionTable({ rows, total }: ProfileAnalysis, leastShare = 0): ProfileTable {
  const shown = rows.filter(({ share }) => share >= leastShare);
  const small = rows.filter(({ share }) => share < leastShare);
  const sum = (key: 'ms' | 'share'): number => small.reduce((result, row) => result + row[key], 0);
  const line = (row: RatedInstruction): string[] => [
    row.layer,
    row.phase,
    row.op,
    ...rateCells(row),
    row.limit?.by ?? '',
  ];
  const others =
    small.length === 0
      ? []
      : [[`${small.length} below ${formatShare(leastShare)}`, '', '', formatMs(sum('ms')), formatShare(sum('share'))]];
  return {
    title: 'By instruction',
    head: ['layer', 'phase', 'op', ...rateHead, 'bound'],
    rows: shown.map(line),
    foot: [...others, ['all', '', '', ...rateCells(total), '']],
    words: 3,
  };
}

/** The layers, with the time of each phase. */
export function layerTable({ layers, total }: ProfileAnalysis): ProfileTable {
  const line = (group: ProfileGroup): string[] => {
    const { forward, gradient, update } = group.phaseMs;
    const phases = [forward, gradient, update].map((ms) => (ms === 0 ? '' : formatMs(ms)));
    return [group.name, ...phases, ...rateCells(group)];
  };
  return {
    title: 'By layer',
    head: ['layer', 'forward', 'gradient', 'update', ...rateHead],
    rows: layers.map(line),
    foot: [line(total)],
    words: 1,
  };
}

/** The ops, then convolutions and dense layers against everything else. */
export function opTable({ ops, products, rest, total }: ProfileAnalysis): ProfileTable {
  const line = (group: ProfileGroup): string[] => [group.name, String(group.instructions), ...rateCells(group)];
  return {
    title: 'By op',
    head: ['op', 'count', ...rateHead],
    rows: ops.map(line),
    foot: [products, rest, total].map(line),
    words: 1,
  };
}
