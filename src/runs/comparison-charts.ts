/** The pictures of a comparison: a curve with its band for each setting, and each setting's mean with its interval. */
import * as Plot from '@observablehq/plot';
import type { Comparison, EpochRow, SettingSummary } from '../comparison/comparison.ts';
import { metricTitles } from '../comparison/comparison-text.ts';
import type { SharedMetricName } from '../comparison/shared-metrics.ts';
import { html, type Markup } from './html.ts';
import { chartedKeys, epochTicks } from './learning-curves.ts';
import { renderChart } from './svg-chart.ts';

/** Colours that are told apart with every kind of colour blindness (after M. Okabe and K. Ito), each with dashes of its own. */
const lines: readonly { colour: string; dashes: string }[] = [
  { colour: 'var(--c1)', dashes: '' },
  { colour: 'var(--c2)', dashes: '7 3' },
  { colour: 'var(--c3)', dashes: '2 3' },
  { colour: 'var(--c4)', dashes: '10 3 2 3' },
  { colour: 'var(--c5)', dashes: '14 4' },
  { colour: 'var(--c6)', dashes: '4 2' },
  { colour: 'var(--c7)', dashes: '9 3 2 3 2 3' },
  { colour: 'var(--c8)', dashes: '1 2' },
];

/** More curves than this cannot be told apart in one chart. */
export const mostCurves: number = lines.length;

/** The settings whose curves are drawn: all, or the best by the metric where there are too many. */
export function curvedSettings({ settings, metric, isHigherBetter }: Comparison): readonly SettingSummary[] {
  const trained = settings.filter(({ runs }) => runs.some(({ history }) => history.length > 0));
  if (trained.length <= mostCurves) return trained;
  const sign = isHigherBetter ? -1 : 1;
  const rank = ({ values }: SettingSummary) => (values ? sign * values[metric].mean : Number.POSITIVE_INFINITY);
  const chosen = [...trained].sort((a, b) => rank(a) - rank(b)).slice(0, mostCurves);
  return trained.filter((setting) => chosen.includes(setting));
}

/** The logged values that every run has and that mean the same for all: losses only where all settings share the loss. */
export function sharedKeys(settings: readonly SettingSummary[], isLossShared: boolean): string[] {
  const histories = settings
    .flatMap(({ runs }) => runs.map(({ history }) => history))
    .filter(({ length }) => length > 0);
  const common = Object.keys(histories[0]?.[0] ?? {}).filter((key) => histories.every(([row]) => key in row!));
  const hasValidation = common.some((key) => key.startsWith('val_'));
  return chartedKeys([...(histories[0] ?? [])])
    .map((key) => (hasValidation ? `val_${key}` : key))
    .filter((key) => common.includes(key) && (isLossShared || !key.endsWith('loss')));
}

interface BandPoint {
  readonly epoch: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Mean and range over seeds for each epoch that all of a setting's runs reached. */
function bandOf({ runs }: SettingSummary, key: string): BandPoint[] {
  const histories = runs.map(({ history }) => history).filter(({ length }) => length > 0);
  const length = Math.min(...histories.map((history) => history.length));
  return Array.from({ length }, (_, place) => {
    const values = histories.map((history: readonly EpochRow[]) => history[place]![key]!);
    return {
      epoch: histories[0]![place]!.epoch,
      mean: values.reduce((sum, value) => sum + value, 0) / values.length,
      low: Math.min(...values),
      high: Math.max(...values),
    };
  }).filter(({ low, high }) => Number.isFinite(low) && Number.isFinite(high));
}

/** The chart of one logged value. @param runs what the runs of a setting differ in */
export function plotCurves(
  settings: readonly SettingSummary[],
  key: string,
  runs: 'seeds' | 'folds' = 'seeds',
): Markup {
  const bands = settings.map((setting, place) => ({
    name: setting.name,
    points: bandOf(setting, key),
    line: lines[place]!,
  }));
  const drawn = bands.filter(({ points }) => points.length > 0);
  const epochs = drawn.flatMap(({ points }) => points.map(({ epoch }) => epoch));
  const [first, last] = [Math.min(...epochs), Math.max(...epochs)];
  const sentences = drawn.map(({ name, points }) => {
    const [start, end] = [points[0]!, points.at(-1)!];
    return `${name} goes from ${compact(start.mean)} to ${compact(end.mean)} (${runs} at the end: ${compact(end.low)} to ${compact(end.high)})`;
  });
  return renderChart({
    title: `${key} by epoch`,
    description: `${sentences.join('; ')}.`,
    plot: {
      width: 430,
      height: 260,
      marginLeft: 52,
      marginRight: 14,
      marginTop: 14,
      marginBottom: 38,
      x: { domain: first === last ? [first - 0.5, last + 0.5] : [first, last], label: 'epoch', labelArrow: 'none' },
      y: { nice: true, label: null },
      marks: [
        Plot.gridY({ ticks: 5, stroke: 'var(--line)', strokeOpacity: 1 }),
        Plot.axisY({ ticks: 5, tickSize: 0, label: null, tickFormat: compact }),
        Plot.axisX({
          ticks: epochTicks(first, last),
          tickFormat: String,
          tickSize: 4,
          label: 'epoch',
          labelArrow: 'none',
        }),
        ...drawn.map(({ points, line }) =>
          Plot.areaY(points, {
            x: 'epoch',
            y1: 'low',
            y2: 'high',
            fill: line.colour,
            fillOpacity: drawn.length > 4 ? 0.08 : 0.13,
          }),
        ),
        ...drawn.map(({ points, line }) =>
          Plot.lineY(points, {
            x: 'epoch',
            y: 'mean',
            strokeWidth: 2,
            stroke: line.colour,
            strokeDasharray: line.dashes,
          }),
        ),
        // A line of one point is nothing to see.
        ...drawn
          .filter(({ points }) => points.length === 1)
          .map(({ points, line }) => Plot.dot(points, { x: 'epoch', y: 'mean', r: 4, fill: line.colour })),
      ],
    },
  });
}

/** Four significant digits, without zeros at the end. */
function compact(value: number): string {
  return Math.abs(value) >= 10_000 ? value.toExponential(1) : String(Number(value.toPrecision(4)));
}

/** Which line is which setting. */
export function curvesLegend(settings: readonly SettingSummary[]): Markup {
  return html`<ul class="lines">${settings.map(({ name }, place) => {
    const { colour, dashes } = lines[place]!;
    return html`<li><svg width="38" height="10" aria-hidden="true"><line x1="0" x2="38" y1="5" y2="5" stroke="${colour}" stroke-width="2.5" stroke-dasharray="${dashes}"/></svg><bdi>${name}</bdi></li>`;
  })}</ul>`;
}

const rowHeight = 34;
const longestName = 26;
const characterWidth = 6.9;

/** For each setting the mean with its interval, and each seed as a ring. */
export function plotIntervals({ settings, metric }: Comparison): Markup {
  const scale = metric === 'logLoss' ? 1 : 100;
  const rows = settings.flatMap(({ name, values, runs }, place) =>
    values ? [{ name: shorten(name), values: values[metric], runs, place: String(place) }] : [],
  );
  const means = rows.map(({ place, values }) => ({ place, mean: values.mean * scale }));
  const intervals = rows.flatMap(({ place, values: { low, high } }) =>
    low === undefined || high === undefined ? [] : [{ place, low: low * scale, high: high * scale }],
  );
  const seeds = rows.flatMap(({ place, runs }) =>
    runs.flatMap(({ values }) => (values ? [{ place, value: values[metric] * scale }] : [])),
  );
  const domain = domainOf(seeds, intervals, metric);
  const cut = [
    { side: 'low', edge: domain[0], mark: '◂' },
    { side: 'high', edge: domain[1], mark: '▸' },
  ] as const;
  const longest = Math.max(...rows.map(({ name }) => [...name].length));
  const unit = metric === 'logLoss' ? metricTitles[metric] : `${metricTitles[metric]}, %`;
  const sentences = rows.map(({ name, values: { mean, low, high } }) => {
    const range = low === undefined ? '' : `, interval ${compact(low * scale)} to ${compact(high! * scale)}`;
    return `${name}: ${compact(mean * scale)}${range}`;
  });
  return renderChart({
    title: `${titleOf(metric)} of each setting`,
    description: `Mean over seeds with its 95 % interval, and each seed. ${sentences.join('; ')}.`,
    plot: {
      width: 440,
      height: 56 + rows.length * rowHeight,
      marginLeft: 18 + longest * characterWidth,
      marginRight: 20,
      marginTop: 6,
      marginBottom: 42,
      x: { domain, label: null, clamp: true },
      y: { type: 'point', domain: rows.map(({ place }) => place), label: null, padding: 0.6 },
      marks: [
        Plot.gridX({ ticks: 6, stroke: 'var(--line)', strokeOpacity: 1 }),
        Plot.axisX({ ticks: 6, tickSize: 0, label: unit, labelArrow: 'none', labelAnchor: 'center', labelOffset: 36 }),
        Plot.axisY({
          tickSize: 0,
          label: null,
          tickFormat: (place: string) => rows.find((row) => row.place === place)!.name,
        }),
        Plot.ruleY(intervals, {
          y: 'place',
          x1: 'low',
          x2: 'high',
          stroke: 'var(--validation)',
          strokeOpacity: 0.4,
          strokeWidth: 7,
        }),
        ...cut.map(({ side, edge, mark }) =>
          Plot.text(
            intervals.filter((interval) => (side === 'low' ? interval.low < edge : interval.high > edge)),
            { x: () => edge, y: 'place', text: () => mark, fill: 'var(--validation)', dx: side === 'low' ? -4 : 4 },
          ),
        ),
        Plot.dot(seeds, { x: 'value', y: 'place', r: 4, fill: 'none', stroke: 'var(--ink)', strokeOpacity: 0.75 }),
        Plot.dot(means, {
          x: 'mean',
          y: 'place',
          r: 5.5,
          symbol: 'diamond',
          fill: 'var(--validation)',
          stroke: 'var(--paper)',
        }),
      ],
    },
  });
}

function titleOf(metric: SharedMetricName): string {
  const title = metricTitles[metric];
  return `${title[0]!.toUpperCase()}${title.slice(1)}`;
}

function shorten(name: string): string {
  const characters = [...name];
  return characters.length > longestName ? `${characters.slice(0, longestName - 1).join('')}…` : name;
}

/** Around all seeds and intervals; an interval of two seeds may be so wide that it is cut, and never leaves 0 to 100 %. */
function domainOf(
  seeds: readonly { value: number }[],
  intervals: readonly { low: number; high: number }[],
  metric: SharedMetricName,
): [number, number] {
  const values = seeds.map(({ value }) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = Math.max((most - least) * 0.75, most * 0.02, 1e-6);
  const low = Math.max(least - room, Math.min(least - room / 4, ...intervals.map((interval) => interval.low)));
  const high = Math.min(most + room, Math.max(most + room / 4, ...intervals.map((interval) => interval.high)));
  return [Math.max(0, low), metric === 'logLoss' ? high : Math.min(100, high)];
}
