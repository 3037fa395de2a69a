/** The learning curves: one chart per logged value, training and validation in one, the best epoch marked. */
import * as Plot from '@observablehq/plot';
import { html, type Markup } from './html.ts';
import type { ReportText } from './report-text.ts';
import type { HistoryRow } from './run-record.ts';
import { renderChart } from './svg-chart.ts';

/** Beyond this ratio of its largest to its smallest value a curve is drawn on a logarithmic scale. */
const logarithmicRatio = 100;
/** With more epochs than this, lines have no points on them. */
const epochsWithPoints = 40;
const height = 230;
const width = 430;

/** The logged values that have a chart: the loss first; a learning rate only where it changed. */
export function chartedKeys(history: readonly HistoryRow[]): string[] {
  const keys = new Set(history.flatMap((row) => Object.keys(row)));
  const names = [...keys].filter((key) => key !== 'epoch' && !(key.startsWith('val_') && keys.has(key.slice(4))));
  const isConstant = (key: string) => new Set(history.map((row) => row[key])).size === 1;
  const isSetting = (key: string) => key === 'lr' || key === 'learning_rate' || key === 'learningRate';
  const charted = names.filter((key) => !(isSetting(key) && isConstant(key)));
  return charted.sort((a, b) => Number(b === 'loss') - Number(a === 'loss') || a.localeCompare(b, 'en'));
}

interface Point {
  epoch: number;
  value: number;
}

function pointsOf(history: readonly HistoryRow[], key: string): Point[] {
  return history
    .filter((row) => row[key] !== undefined)
    .map((row) => ({ epoch: row.epoch, value: row[key]! }))
    .filter(({ value }) => Number.isFinite(value));
}

/** Up to about eight whole epochs to write below the chart, evenly apart. */
export function epochTicks(first: number, last: number): number[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((size) => (last - first) / size <= 8) ?? 5000;
  const ticks = [first];
  for (let epoch = Math.ceil((first + 1) / step) * step; epoch <= last; epoch += step) {
    if (step === 1 || epoch - first >= step / 2) ticks.push(epoch);
  }
  return ticks;
}

function describeCurve(name: string, points: readonly Point[], text: ReportText): string {
  const values = points.map(({ value }) => value);
  const [first = Number.NaN] = values;
  return text.curveDescription(name, first, values.at(-1) ?? Number.NaN, Math.min(...values), Math.max(...values));
}

/** The chart of one value, as in `loss` (with `val_loss`). */
export function plotLearningCurve(
  history: readonly HistoryRow[],
  key: string,
  bestEpoch: number | undefined,
  text: ReportText,
): Markup {
  const curves = [
    {
      name: text.training,
      points: pointsOf(history, key),
      style: { stroke: 'var(--training)', strokeDasharray: '6 3' },
    },
    { name: text.validation, points: pointsOf(history, `val_${key}`), style: { stroke: 'var(--validation)' } },
  ].filter(({ points }) => points.length > 0);
  const values = curves.flatMap(({ points }) => points.map(({ value }) => value));
  const epochs = history.map(({ epoch }) => epoch);
  const first = Math.min(...epochs);
  const last = Math.max(...epochs);
  const isLogarithmic = Math.min(...values) > 0 && Math.max(...values) / Math.min(...values) > logarithmicRatio;
  const marked = bestEpoch !== undefined && epochs.includes(bestEpoch) ? [bestEpoch] : [];
  const hasPoints = epochs.length <= epochsWithPoints;
  const isLate = (bestEpoch ?? first) > (first + last) / 2;
  const sentences = curves.map(({ name, points }) => describeCurve(name, points, text));
  return renderChart({
    title: text.curveTitle(key, isLogarithmic),
    description: [`${sentences.join('; ')}.`, ...marked.map((epoch) => text.bestEpochDescription(epoch))].join(' '),
    plot: {
      width,
      height,
      marginLeft: 52,
      marginRight: 14,
      marginTop: 26,
      marginBottom: 38,
      x: { domain: first === last ? [first - 0.5, last + 0.5] : [first, last], label: text.epoch, labelArrow: 'none' },
      y: { type: isLogarithmic ? 'log' : 'linear', nice: true, label: null },
      marks: [
        Plot.gridY({ ticks: 5, stroke: 'var(--line)', strokeOpacity: 1 }),
        Plot.axisY({ ticks: 5, tickSize: 0, label: null, ...(isLogarithmic ? {} : { tickFormat: compactNumber }) }),
        Plot.axisX({
          ticks: epochTicks(first, last),
          tickFormat: String,
          tickSize: 4,
          label: text.epoch,
          labelArrow: 'none',
        }),
        Plot.ruleX(marked, { stroke: 'var(--best)', strokeWidth: 1.5, strokeDasharray: '2 3' }),
        Plot.text(marked, {
          x: (epoch: number) => epoch,
          frameAnchor: 'top',
          dy: -14,
          dx: isLate ? 4 : -4,
          textAnchor: isLate ? 'end' : 'start',
          fill: 'var(--best)',
          text: (epoch: number) => text.bestEpoch(epoch),
        }),
        ...curves.map(({ points, style }) => Plot.lineY(points, { x: 'epoch', y: 'value', strokeWidth: 2, ...style })),
        ...(hasPoints
          ? curves.map(({ points, style }) =>
              Plot.dot(points, { x: 'epoch', y: 'value', r: 2.5, fill: style.stroke, stroke: 'var(--paper)' }),
            )
          : []),
      ],
    },
  });
}

/** Four significant digits, without zeros at the end. */
function compactNumber(value: number): string {
  return Math.abs(value) >= 10_000 ? value.toExponential(1) : String(Number(value.toPrecision(4)));
}

/** What the two kinds of line are. */
export function curveLegend(text: ReportText): Markup {
  return html`<p class="legend" aria-hidden="true">
    <span class="key training"></span>${text.training} <span class="key validation"></span>${text.validation}
  </p>`;
}
