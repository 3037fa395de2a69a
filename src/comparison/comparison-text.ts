/** A comparison in words: the cells of its tables and its sentences, for terminals and pages alike. */
import type { Comparison, RunSummary, SettingSummary, TestedPair } from './comparison.ts';
import type { MeanInterval } from './mean-interval.ts';
import type { SharedMetricName } from './shared-metrics.ts';

/** Below this many seeds, and groups, the bootstrap is said to be rough. */
const fewSeeds = 5;
const fewGroups = 20;
/** With more pairs than this, those without a difference are counted and not listed. */
const mostPairs = 15;

/** What metrics are called. */
export const metricTitles: Readonly<Record<SharedMetricName, string>> = {
  accuracy: 'accuracy',
  macroF1: 'macro-F1',
  logLoss: 'log-loss',
};

function isShare(metric: SharedMetricName): boolean {
  return metric !== 'logLoss';
}

/** A share in per cent with one decimal, anything else with three digits. */
function formatValue(metric: SharedMetricName, value: number): string {
  return isShare(metric) ? (value * 100).toFixed(1) : value.toPrecision(3);
}

/** `87.3 % ± 2.1`, with half of the 95 % interval; a single value has none. */
export function formatMean(metric: SharedMetricName, { mean, high }: MeanInterval): string {
  const value = `${formatValue(metric, mean)}${isShare(metric) ? ' %' : ''}`;
  return high === undefined ? value : `${value} ± ${formatValue(metric, high - mean)}`;
}

/** `12 ms`, `3.4 s`, `2 min 5 s`. */
export function formatTime(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  const rest = Math.round(seconds) % 60;
  return minutes < 60 ? `${minutes} min ${rest} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The table of settings: what each came to, and what it cost. */
export function settingTable({ settings }: Comparison): { head: string[]; rows: string[][] } {
  const head = ['setting', 'n', 'accuracy', 'macro-F1', 'log-loss', 'epochs', 's/epoch', 'total', 'parameters'];
  const rows = settings.map(({ name, values, runs, secondsPerEpoch, seconds, parameterCount }) => [
    name,
    String(values?.accuracy.n ?? 0),
    ...(['accuracy', 'macroF1', 'logLoss'] as const).map((metric) =>
      values ? formatMean(metric, values[metric]) : '–',
    ),
    describeEpochs(runs),
    secondsPerEpoch === undefined ? '–' : Number(secondsPerEpoch.toPrecision(3)).toString(),
    formatTime(seconds),
    parameterCount?.toLocaleString('en-US') ?? '–',
  ]);
  return { head, rows };
}

/** `10`, or `4–10` where seeds differ. */
function describeEpochs(runs: readonly RunSummary[]): string {
  const epochs = runs.map((run) => run.epochs);
  const [least, most] = [Math.min(...epochs), Math.max(...epochs)];
  return least === most ? String(least) : `${least}–${most}`;
}

/** What the 95 % intervals of the table are, and over what. */
export function describeIntervals({ seeds, examples, groups }: Comparison): string {
  const grouped = groups < examples ? ` of ${count(groups, 'group')}` : '';
  const spread = seeds.length > 1 ? "± is half of the 95 % interval of the mean over seeds (Student's t)." : '';
  return `${count(seeds.length, 'seed')}; evaluated on ${count(examples, 'example')}${grouped}. ${spread}`.trim();
}

/** How pairs were tested. */
export function describeTest({ metric, groups, examples, pairs, resamples }: Comparison): string {
  const unit = groups < examples ? 'groups of examples' : 'examples';
  const holm =
    pairs.length > 1
      ? `, p values with Holm's correction over ${pairs.length} pairs, intervals of each pair by itself`
      : '';
  return (
    `Pairs by ${metricTitles[metric]}: a paired bootstrap of ${resamples.toLocaleString('en-US')} resamples over ${unit} and ` +
    `seeds, the same ones for both settings${holm}.`
  );
}

/** What is known of a pair, in a sentence. */
export function describePair(pair: TestedPair, { metric, isHigherBetter }: Comparison): string {
  const { first, second, difference, low, high } = pair;
  if (!pair.isDifferent) {
    const range = `difference ${signed(metric, difference)}, 95 % interval ${signed(metric, low)} to ${signed(metric, high)}`;
    return `${first} and ${second}: no difference that these runs can show (${range}, ${formatP(pair)}).`;
  }
  const isFirstBetter = difference > 0 === isHigherBetter;
  const [better, worse] = isFirstBetter ? [first, second] : [second, first];
  const [least, most] = difference > 0 ? [low, high] : [-high, -low];
  const unit = isShare(metric) ? `points of ${metricTitles[metric]}` : `of ${metricTitles[metric]}`;
  return (
    `${better} is better than ${worse}: ${formatValue(metric, Math.abs(difference))} ${unit} ${isHigherBetter ? 'more' : 'less'} ` +
    `(95 % interval ${formatValue(metric, least)} to ${formatValue(metric, most)}, ${formatP(pair)}).`
  );
}

/** A difference with its sign, without unit. */
export function signed(metric: SharedMetricName, value: number): string {
  const text = formatValue(metric, Math.abs(value));
  return Number(text) === 0 ? text : `${value < 0 ? '−' : '+'}${text}`;
}

/** `p = 0.012`, after the correction. */
export function formatP({ adjustedPValue }: TestedPair): string {
  return adjustedPValue < 0.001 ? 'p < 0.001' : `p = ${adjustedPValue.toFixed(3)}`;
}

/** The setting with the best mean, and which others are told from it. */
export function describeLeader({ settings, metric, isHigherBetter, pairs }: Comparison): string | undefined {
  const ranked = settings
    .flatMap(({ name, values }) => (values ? [{ name, value: values[metric] }] : []))
    .sort((a, b) => (b.value.mean - a.value.mean) * (isHigherBetter ? 1 : -1));
  const [leader] = ranked;
  const ofLeader = pairs.filter(({ first, second }) => leader && [first, second].includes(leader.name));
  if (!leader || ofLeader.length === 0) return undefined;
  if (pairs.length > 1 && pairs.every(({ isDifferent }) => !isDifferent)) {
    return `Between these ${settings.length} settings there is no difference that these runs can show.`;
  }
  const others = (isDifferent: boolean) =>
    list(
      ofLeader
        .filter((pair) => pair.isDifferent === isDifferent)
        .map(({ first, second }) => (first === leader.name ? second : first)),
    );
  const [worse, equal] = [others(true), others(false)];
  const parts = [
    ...(worse === '' ? [] : [`it is better than ${worse}`]),
    ...(equal === '' ? [] : [`between it and ${equal} there is no difference that these runs can show`]),
  ];
  const superlative = isHigherBetter ? 'highest' : 'lowest';
  const mean = formatMean(metric, { n: leader.value.n, mean: leader.value.mean });
  return `${leader.name} has the ${superlative} mean ${metricTitles[metric]} (${mean}); ${parts.join(', and ')}.`;
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** What the pairs come to, the differences first. */
export function describePairs(comparison: Comparison): string[] {
  const { pairs } = comparison;
  const different = pairs.filter(({ isDifferent }) => isDifferent);
  const others = pairs.filter(({ isDifferent }) => !isDifferent);
  const sentences = different.map((pair) => describePair(pair, comparison));
  if (pairs.length <= mostPairs) sentences.push(...others.map((pair) => describePair(pair, comparison)));
  else if (others.length > 0)
    sentences.push(`${count(others.length, 'other pair')}: no difference that these runs can show.`);
  return [...sentences, ...describeUntested(comparison)];
}

/** The pairs that were asked about different things. */
export function describeUntested({ untested }: Comparison): string[] {
  return untested
    .filter(({ reason }) => reason === 'other examples')
    .map(({ first, second }) => `${first} and ${second} were asked about other examples, so they are not tested.`);
}

/** What a reader should know before relying on it. */
export function listCautions(comparison: Comparison): string[] {
  const { seeds, groups, settings } = comparison;
  const seedCaution =
    seeds.length === 1
      ? 'One seed has no interval: the tests speak of these two models, and not of two settings. Train several seeds.'
      : `${seeds.length} seeds are few: others may turn a small difference. Train at least ${fewSeeds}.`;
  return [
    ...(seeds.length < fewSeeds ? [seedCaution] : []),
    ...(groups < fewGroups
      ? [`${count(groups, 'group')} of examples: with so few, intervals and p values are rough.`]
      : []),
    ...settings.flatMap(describeFailures),
  ];
}

/** Failures and remarks of a setting, equal ones of several seeds in one sentence. */
function describeFailures({ name, runs }: SettingSummary): string[] {
  const sentences = (key: 'failure' | 'remark', verb: string) => {
    const texts = [...new Set(runs.flatMap((run) => run[key] ?? []))];
    return texts.map((text) => {
      const seeds = runs.filter((run) => run[key] === text).map(({ seed }) => seed);
      const named =
        seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds.slice(0, -1).join(', ')} and ${seeds.at(-1)}`;
      return `${name}, ${named}, ${verb}: ${text}`;
    });
  };
  return [...sentences('failure', 'failed'), ...sentences('remark', 'to know')];
}

/** The whole as text. */
export function formatComparison(comparison: Comparison): string {
  const { head, rows } = settingTable(comparison);
  const leader = comparison.pairs.length > 1 ? describeLeader(comparison) : undefined;
  const parts = [
    alignLeftFirst([head, ...rows]),
    `${describeIntervals(comparison)}\n`,
    ...(leader === undefined ? [] : [`${leader}\n`]),
    `${describePairs(comparison).join('\n')}\n`,
    ...(comparison.pairs.length > 0 ? [`${describeTest(comparison)}\n`] : []),
    ...listCautions(comparison).map((caution) => `${caution}\n`),
  ];
  return parts.filter((part) => part.trim() !== '').join('\n');
}

function alignLeftFirst(cells: readonly (readonly string[])[]): string {
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => [...row[column]!].length)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => {
      const space = ' '.repeat(widths[column]! - [...cell].length);
      return column === 0 ? cell + space : space + cell;
    });
  return cells.map((row) => `${line(row).join('  ').trimEnd()}\n`).join('');
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
}
