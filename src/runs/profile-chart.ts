/** The picture of a profile: a bar for each instruction, and in it the time that the machine's peak would need. */
import * as Plot from '@observablehq/plot';
import type { Markup } from './html.ts';
import { isProduct, type ProfileAnalysis, type RatedInstruction } from './profile-analysis.ts';
import { formatMs, formatRate, formatShare } from './profile-text.ts';
import { renderChart } from './svg-chart.ts';

/** Instructions that take less than this share of the time are one bar. */
const leastShare = 0.005;
const rowHeight = 24;
const characterWidth = 6.7;
const width = 920;

interface Bar {
  readonly place: string;
  readonly name: string;
  readonly ms: number;
  /** Never longer than the bar. */
  readonly limitMs: number;
  readonly fill: string;
  readonly note: string;
}

function nameOf({ layer, op, phase }: RatedInstruction): string {
  const part = phase === 'forward' || op.endsWith('Gradient') ? op : `${op}, ${phase}`;
  return `${layer} · ${part}`;
}

/** How fast, in the unit of what bounds it. */
function noteOf({ limit, gflops, gbPerSecond, peakShare, bandwidthShare, ms, flops }: RatedInstruction): string {
  const isCompute = limit ? limit.by === 'compute' : flops > 0;
  const rate = isCompute ? `${formatRate(gflops)} GFLOP/s` : `${formatRate(gbPerSecond)} GB/s`;
  const share = formatShare(isCompute ? peakShare : bandwidthShare);
  return [`${formatMs(ms)} ms`, rate, ...(share === '' ? [] : [share])].join(' · ');
}

function barsOf({ rows }: ProfileAnalysis): Bar[] {
  const small = rows.filter(({ share }) => share < leastShare);
  const bars = rows
    .filter(({ share }) => share >= leastShare)
    .map((row) => ({
      name: nameOf(row),
      ms: row.ms,
      limitMs: Math.min(row.ms, row.limit?.ms ?? 0),
      fill: isProduct(row) ? 'var(--validation)' : 'var(--training)',
      note: noteOf(row),
    }));
  if (small.length > 0) {
    const ms = small.reduce((sum, row) => sum + row.ms, 0);
    bars.push({ name: `${small.length} others`, ms, limitMs: 0, fill: 'var(--soft)', note: `${formatMs(ms)} ms` });
  }
  return bars.map((bar, index) => ({ ...bar, place: String(index) }));
}

/** The bars, in the order of the step. */
export function plotProfile(analysis: ProfileAnalysis): Markup {
  const bars = barsOf(analysis);
  const longest = (key: 'name' | 'note'): number => Math.max(...bars.map((bar) => [...bar[key]].length));
  const sentences = [...bars]
    .sort((a, b) => b.ms - a.ms)
    .slice(0, 5)
    .map(({ name, note }) => `${name}: ${note}`);
  return renderChart({
    title: 'Time of each instruction',
    description: `Bars of milliseconds in the order of the step. The longest: ${sentences.join('; ')}.`,
    plot: {
      width,
      height: 46 + bars.length * rowHeight,
      marginLeft: 16 + longest('name') * characterWidth,
      marginRight: 12 + longest('note') * characterWidth,
      marginTop: 6,
      marginBottom: 40,
      x: { label: null },
      y: { domain: bars.map(({ place }) => place), label: null, padding: 0.28 },
      marks: [
        Plot.gridX({ ticks: 6, stroke: 'var(--line)', strokeOpacity: 1 }),
        Plot.axisX({
          ticks: 6,
          tickSize: 0,
          label: 'milliseconds',
          labelArrow: 'none',
          labelAnchor: 'center',
          labelOffset: 36,
        }),
        Plot.axisY({ tickSize: 0, label: null, tickFormat: (place: string) => bars[Number(place)]!.name }),
        Plot.barX(bars, { x: 'ms', y: 'place', fill: (bar: Bar) => bar.fill, fillOpacity: 0.35 }),
        Plot.barX(bars, { x: 'limitMs', y: 'place', fill: (bar: Bar) => bar.fill }),
        Plot.text(bars, { x: 'ms', y: 'place', dx: 6, textAnchor: 'start', text: 'note', fill: 'var(--muted)' }),
      ],
    },
  });
}
