/** Two small charts: how many pictures each class has, and where the accuracy lies beside its baseline. */
import * as Plot from '@observablehq/plot';
import type { Markup } from './html.ts';
import type { EvaluationReport, SubsetSummary } from './report-data.ts';
import type { ReportText } from './report-text.ts';
import { renderChart } from './svg-chart.ts';

/** Longer names are cut in a chart; the table beside it has them whole. */
const longestLabel = 22;
/** Fills of the subsets, in their order. */
export const subsetFills = ['var(--training)', 'var(--validation)', 'var(--test)', 'var(--soft)'] as const;

function shorten(name: string): string {
  const characters = [...name];
  return characters.length > longestLabel ? `${characters.slice(0, longestLabel - 1).join('')}…` : name;
}

/** Bars of the number of pictures per class, the subsets one after the other. */
export function plotClassCounts(
  classNames: readonly string[],
  subsets: readonly SubsetSummary[],
  text: ReportText,
): Markup {
  const rows = subsets.flatMap((subset, position) =>
    classNames.map((_, index) => ({
      index: String(index),
      count: subset.counts[index] ?? 0,
      fill: subsetFills[position % subsetFills.length]!,
    })),
  );
  const longest = Math.max(...classNames.map((name) => [...shorten(name)].length));
  const sentences = classNames.map((name, index) =>
    text.classCounts(
      name,
      subsets.map((subset) => `${subset.name} ${text.number(subset.counts[index] ?? 0)}`),
    ),
  );
  return renderChart({
    title: text.countsChart,
    description: text.countsDescription(sentences),
    plot: {
      width: 430,
      height: 36 + classNames.length * 26,
      marginLeft: 14 + longest * 7.6,
      marginRight: 20,
      marginTop: 6,
      marginBottom: 30,
      x: { label: null },
      y: { domain: classNames.map((_, index) => String(index)), label: null, padding: 0.25 },
      marks: [
        Plot.gridX({ ticks: 4, stroke: 'var(--line)', strokeOpacity: 1 }),
        Plot.axisX({ ticks: 4, tickSize: 0, label: null }),
        Plot.axisY({ tickSize: 0, label: null, tickFormat: (index: string) => shorten(classNames[Number(index)]!) }),
        Plot.barX(rows, { x: 'count', y: 'index', fill: (row: { fill: string }) => row.fill, insetRight: 1 }),
      ],
    },
  });
}

/** A line from 0 to 100 per cent with the accuracy, its interval and the baseline. */
export function plotAccuracyInterval(evaluation: EvaluationReport, text: ReportText): Markup {
  const { accuracy, interval, baseline } = evaluation;
  const [low, high, mean, single] = [interval.low, interval.high, accuracy, baseline.accuracy].map((x) => x * 100) as [
    number,
    number,
    number,
    number,
  ];
  const anchorAt = (value: number) => (value < 12 ? 'start' : value > 88 ? 'end' : 'middle');
  return renderChart({
    title: text.intervalChart,
    description: text.intervalDescription(evaluation),
    plot: {
      width: 430,
      height: 92,
      marginLeft: 14,
      marginRight: 14,
      marginTop: 24,
      marginBottom: 46,
      x: { domain: [0, 100], label: null },
      y: { domain: [0, 1], axis: null },
      marks: [
        Plot.axisX({
          ticks: [0, 25, 50, 75, 100],
          tickSize: 0,
          tickPadding: 24,
          label: null,
          tickFormat: (x: number) => `${x} %`,
        }),
        Plot.link([0], {
          x1: 0,
          x2: 100,
          y1: 0.5,
          y2: 0.5,
          stroke: 'var(--line)',
          strokeWidth: 8,
          strokeLinecap: 'round',
        }),
        Plot.link([0], {
          x1: low,
          x2: high,
          y1: 0.5,
          y2: 0.5,
          stroke: 'var(--validation)',
          strokeWidth: 8,
          strokeOpacity: 0.45,
        }),
        Plot.dot([single], {
          x: single,
          y: 0.5,
          r: 5,
          symbol: 'diamond',
          fill: 'var(--muted)',
          stroke: 'var(--paper)',
        }),
        Plot.dot([mean], {
          x: mean,
          y: 0.5,
          r: 6,
          fill: 'var(--validation)',
          stroke: 'var(--paper)',
          strokeWidth: 1.5,
        }),
        Plot.text([single], {
          x: single,
          y: 0.5,
          dy: 18,
          text: () => text.baseline,
          textAnchor: anchorAt(single),
          fill: 'var(--muted)',
        }),
        Plot.text([mean], {
          x: mean,
          y: 0.5,
          dy: -18,
          text: () => text.model,
          textAnchor: anchorAt(mean),
          fontWeight: 600,
        }),
      ],
    },
  });
}
