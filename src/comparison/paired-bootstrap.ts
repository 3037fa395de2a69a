/** A paired bootstrap: how far two settings are apart, and how sure that is. Groups of examples and seeds are both drawn
 * again with replacement, the same for all settings, so that neither easy pictures nor a lucky seed passes for a better
 * setting (A. B. Owen, "The pigeonhole bootstrap", 2007: two crossed factors are resampled independently). */
import { AbortError } from '../core/errors.ts';
import { checkNumber } from '../core/options.ts';
import { Random } from '../core/random.ts';
import { nextTurn } from '../engine/event-loop.ts';
import type { ExampleResults } from './example-results.ts';
import { type SharedMetricName, sharedMetrics } from './shared-metrics.ts';

/** What one training answered. */
export interface GradedRun {
  readonly results: ExampleResults;
  /** What each example belongs to; examples of one group are drawn together. */
  readonly groups: readonly string[];
}

/** What is drawn. */
export interface PairedBootstrapOptions {
  readonly metric: SharedMetricName;
  /** By setting and seed; none where a run failed. */
  readonly runs: readonly (readonly (GradedRun | undefined)[])[];
  /** Which two settings to compare, by their places in `runs`. */
  readonly pairs: readonly (readonly [number, number])[];
  /** Default 10 000. */
  readonly resamples?: number;
  /** Of what is drawn, default 0. */
  readonly seed?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

/** How far the first setting of a pair is above the second. */
export interface PairedDifference {
  /** Of the metric, the mean over the seeds that both have. */
  readonly difference: number;
  /** The middle 95 % of the resamples. */
  readonly low: number;
  readonly high: number;
  /** Two-sided: twice the share of resamples on the other side of zero, each side with one more that lies there. */
  readonly pValue: number;
  /** How many seeds both have. */
  readonly seeds: number;
}

/** The contributions of a run, summed by group. */
interface Table {
  readonly group: Int32Array;
  readonly sum: Int32Array;
  readonly amount: Float64Array;
}

/**
 * Compares settings pair by pair.
 *
 * @throws AbortError where the signal says so; OptionError where the number of resamples is below 100
 */
export async function pairedBootstrap(options: PairedBootstrapOptions): Promise<PairedDifference[]> {
  const { metric: name, runs, pairs, seed = 0, signal, onProgress } = options;
  const resamples = checkNumber('compare', 'resamples', options.resamples ?? 10_000, { integer: true, min: 100 });
  const metric = sharedMetrics[name];
  const numberOf = new Map<string, number>();
  for (const group of runs.flat().flatMap((run) => run?.groups ?? [])) {
    if (!numberOf.has(group)) numberOf.set(group, numberOf.size);
  }
  const tables = runs.map((ofSetting) => ofSetting.map((run) => run && tabulate(run, name, numberOf)));
  const seedCount = Math.max(0, ...runs.map((ofSetting) => ofSetting.length));
  const values = tables.map((ofSetting) => ofSetting.map((table) => table && new Float64Array(resamples)));
  const observed = tables.map((ofSetting) => ofSetting.map(() => Number.NaN));
  const draws = new Float64Array(resamples * seedCount);
  const sums = tables.map((_, setting) => new Float64Array(metric.sumCount(classCountOf(runs[setting]!))));

  const weights = new Int32Array(numberOf.size);
  const measure = (place: (setting: number, seedNumber: number, value: number) => void) => {
    for (const [setting, ofSetting] of tables.entries()) {
      for (const [seedNumber, table] of ofSetting.entries()) {
        if (table) place(setting, seedNumber, metric.value(addUp(table, weights, sums[setting]!)));
      }
    }
  };
  weights.fill(1);
  measure((setting, seedNumber, value) => {
    observed[setting]![seedNumber] = value;
  });
  for (let resample = 0; resample < resamples; resample++) {
    if (signal?.aborted) throw new AbortError('compare: stopped by its signal.', { cause: signal.reason });
    const random = new Random(seed, 'bootstrap', resample);
    for (let place = 0; place < seedCount; place++) draws[resample * seedCount + place] = random.next();
    weights.fill(0);
    for (let drawn = 0; drawn < weights.length; drawn++) weights[random.integer(weights.length)]!++;
    measure((setting, seedNumber, value) => {
      values[setting]![seedNumber]![resample] = value;
    });
    await nextTurn();
    if (resample % 100 === 99) onProgress?.(resample + 1, resamples);
  }

  const described: PairedDifference[] = [];
  for (const [first, second] of pairs) {
    const common = Array.from({ length: seedCount }, (_, place) => place).filter(
      (place) => values[first]![place] && values[second]![place],
    );
    const drawn = new Float64Array(resamples);
    for (let resample = 0; resample < resamples; resample++) {
      drawn[resample] = meanOfDraws(common, values[first]!, values[second]!, draws, resample, seedCount);
      if (resample % 1000 === 999) await nextTurn();
    }
    const differences = common.map((place) => observed[first]![place]! - observed[second]![place]!);
    const difference = differences.reduce((sum, value) => sum + value, 0) / common.length;
    described.push({ difference, ...describe(drawn.filter(Number.isFinite).sort()), seeds: common.length });
  }
  return described;
}

/** The mean difference over as many drawn seeds as two settings have in common. A resample may hold no picture of a seed,
 * where each seed has its own; that seed is left out. */
function meanOfDraws(
  common: readonly number[],
  first: readonly (Float64Array | undefined)[],
  second: readonly (Float64Array | undefined)[],
  draws: Float64Array,
  resample: number,
  seedCount: number,
): number {
  let sum = 0;
  let count = 0;
  for (let turn = 0; turn < common.length; turn++) {
    const place = common[Math.floor(draws[resample * seedCount + turn]! * common.length)]!;
    const difference = first[place]![resample]! - second[place]![resample]!;
    if (Number.isNaN(difference)) continue;
    sum += difference;
    count++;
  }
  return sum / count;
}

function classCountOf(ofSetting: readonly (GradedRun | undefined)[]): number {
  return ofSetting.find((run) => run !== undefined)?.results.classCount ?? 0;
}

function tabulate({ results, groups }: GradedRun, name: SharedMetricName, numberOf: Map<string, number>): Table {
  const cells = new Map<string, { group: number; sum: number; amount: number }>();
  for (const { example, sum, amount } of sharedMetrics[name].contributions(results)) {
    const group = numberOf.get(groups[example]!)!;
    const key = `${group} ${sum}`;
    const cell = cells.get(key);
    if (cell) cell.amount += amount;
    else cells.set(key, { group, sum, amount });
  }
  const all = [...cells.values()].filter(({ amount }) => amount !== 0);
  return {
    group: Int32Array.from(all, ({ group }) => group),
    sum: Int32Array.from(all, ({ sum }) => sum),
    amount: Float64Array.from(all, ({ amount }) => amount),
  };
}

function addUp({ group, sum, amount }: Table, weights: Int32Array, sums: Float64Array): Float64Array {
  sums.fill(0);
  for (let cell = 0; cell < group.length; cell++) sums[sum[cell]!]! += weights[group[cell]!]! * amount[cell]!;
  return sums;
}

/** Rounding must not make a difference of what is none: sums of the same terms in another order. */
const nothing = 1e-12;

function describe(sorted: Float64Array): { low: number; high: number; pValue: number } {
  const below = sorted.filter((value) => value <= nothing).length;
  const above = sorted.filter((value) => value >= -nothing).length;
  const pValue = Math.min(1, (2 * (Math.min(below, above) + 1)) / (sorted.length + 1));
  return { low: quantile(sorted, 0.025), high: quantile(sorted, 0.975), pValue };
}

/** Between the two nearest values, as NumPy's default. */
function quantile(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)]!;
  const high = sorted[Math.ceil(place)]!;
  return low + (high - low) * (place - Math.floor(place));
}
