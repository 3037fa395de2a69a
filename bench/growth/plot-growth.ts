/** A growth run as a picture that stands alone: a panel for each axis, and one for the scaling from one thread to two. */
import * as Plot from '@observablehq/plot';
import { escapeHtml } from '../../src/runs/html.ts';
import { renderChart } from '../../src/runs/svg-chart.ts';
import type { AxisName } from './axes.ts';
import { costOf, type Growth, type MeasuredPoint } from './growth-results.ts';
import { type SubjectName, subjectNames } from './subjects.ts';
import { scalingGoal } from './thread-scaling.ts';

const ink = '#1d2530';
const muted = '#586573';
const line = '#dfe4ea';
const warning = '#b3261e';
/** Told apart with every kind of colour blindness, and by their symbols. */
const looks: Readonly<Record<SubjectName, { colour: string; symbol: Plot.ChannelValue & string }>> = {
  conv2d: { colour: '#0b63b0', symbol: 'circle' },
  conv2dInputGradient: { colour: '#c4510a', symbol: 'triangle' },
  conv2dKernelGradient: { colour: '#5c7f1f', symbol: 'square' },
  'training step': { colour: '#6b3fa0', symbol: 'diamond' },
};

const panel = { width: 500, height: 300 };
const gap = 28;
const margin = 28;
const headHeight = 116;
const titleHeight = 26;
const rowHeight = 24;
const width = 2 * margin + 2 * panel.width + gap;

/** Where a panel stands, its title, and the chart. */
interface Panel {
  readonly title: string;
  readonly svg: string;
  readonly height: number;
  readonly isWide?: true;
}

const captions: Readonly<Record<Exclude<AxisName, 'threads'>, { title: string; label: string }>> = {
  batch: { title: 'Batch', label: 'pictures in a batch' },
  size: { title: 'Size of the pictures', label: 'height and width, pixels' },
  channels: { title: 'Channels', label: 'channels, and as many filters' },
};

/** The picture as an SVG file. */
export function plotGrowth(growth: Growth): string {
  const panels: Panel[] = [
    ...(['batch', 'size', 'channels'] as const).map((axis) => costPanel(growth, axis)),
    threadPanel(growth),
    ...(growth.scaling.length > 0 ? [scalingPanel(growth)] : []),
  ];
  let top = headHeight;
  const placed = panels.map(({ title, svg, height, isWide }, index) => {
    const isRight = index % 2 === 1 && !isWide;
    const left = margin + (isRight ? panel.width + gap : 0);
    const content = `<text x="${left}" y="${top + 12}" font-size="15" font-weight="600">${escapeHtml(title)}</text>
<g transform="translate(${left} ${top + titleHeight})">${svg}</g>`;
    if (isRight || isWide) top += titleHeight + height + gap;
    return content;
  });
  const height = top;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif" fill="${ink}">
<rect width="${width}" height="${height}" fill="#ffffff"/>
${head(growth)}
${placed.join('\n')}
</svg>
`;
}

function head({ machine, backend, peak, threads, date, commit }: Growth): string {
  const about = `${machine.processor}, ${backend} ${peak.instructionSet}, ${threads} threads, ${date.slice(0, 10)}, commit ${commit}`;
  let left = margin;
  const legend = subjectNames.map((name) => {
    const { colour } = looks[name];
    const entry = `<g transform="translate(${left} 78)"><line x1="0" x2="22" stroke="${colour}" stroke-width="1.8"/>${mark(name)}<text x="30" y="4" font-size="13">${name}</text></g>`;
    left += 52 + name.length * 7.2;
    return entry;
  });
  const ring = `<g transform="translate(${left} 78)"><circle cx="8" r="7" fill="none" stroke="${warning}" stroke-width="2"/><text x="22" y="4" font-size="13">cliff</text></g>`;
  const dashes = `<g transform="translate(${left + 72} 78)"><line x1="0" x2="24" stroke="${muted}" stroke-width="1.3" stroke-dasharray="5 4"/><text x="32" y="4" font-size="13">measured peak, equal speed-up or goal</text></g>`;
  return `<text x="${margin}" y="32" font-size="20" font-weight="600">How the time of a picture grows</text>
<text x="${margin}" y="54" font-size="13" fill="${muted}">${escapeHtml(about)}</text>
${legend.join('\n')}
${ring}
${dashes}`;
}

/** The symbol of a subject in the legend, as Plot draws it. */
function mark(name: SubjectName): string {
  const { colour, symbol } = looks[name];
  const shapes: Record<string, string> = {
    circle: '<circle cx="11" r="3.5"',
    triangle: '<path d="M11,-5 L15.4,2.8 L6.6,2.8 Z"',
    square: '<rect x="7.8" y="-3.2" width="6.4" height="6.4"',
    diamond: '<path d="M11,-5 L14.2,0 L11,5 L7.8,0 Z"',
  };
  return `${shapes[symbol]} fill="${colour}"/>`;
}

const axisStyle = { tickSize: 0, labelArrow: 'none', color: muted } as const;

/** The chart of an axis: lines with points, cliffs ringed. */
function lines(points: readonly MeasuredPoint[], x: string, y: (point: MeasuredPoint) => number): Plot.Markish[] {
  const own = (subject: SubjectName) => points.filter((point) => point.subject === subject);
  return subjectNames.flatMap((subject) => {
    const { colour, symbol } = looks[subject];
    return [
      Plot.line(own(subject), { x, y, stroke: colour, strokeWidth: 1.8 }),
      Plot.dot(own(subject), { x, y, fill: colour, r: 3.2, symbol: symbol as 'circle' }),
      Plot.dot(
        own(subject).filter(({ isCliff }) => isCliff),
        { x, y, r: 8, stroke: warning, strokeWidth: 2 },
      ),
    ];
  });
}

function costPanel({ points, peak }: Growth, axis: Exclude<AxisName, 'threads'>): Panel {
  const shown = points.filter((point) => point.axis === axis);
  const { title, label } = captions[axis];
  const atPeak = peak.gflops === undefined ? [] : [1000 / peak.gflops];
  const costs = [...shown.map(costOf), ...atPeak];
  const domain = [Math.min(...costs) / 1.15, Math.max(...costs) * 1.15] as const;
  const values = [...new Set(shown.map(({ x }) => x))];
  return {
    title: `${title}: picoseconds per operation`,
    height: panel.height,
    svg: renderChart({
      title,
      description: `Curves over ${label}: ${describe(shown)}.`,
      plot: {
        ...panel,
        ...{ marginLeft: 48, marginRight: 16, marginTop: 10, marginBottom: 42 },
        x: { type: 'log', base: 2, label },
        y: { type: 'log', domain, label: null },
        marks: [
          Plot.gridY({ ticks: roundNumbers(...domain), stroke: line, strokeOpacity: 1 }),
          Plot.axisY({ ...axisStyle, ticks: roundNumbers(...domain), tickFormat: String, label: null }),
          Plot.axisX({ ...axisStyle, ticks: sparse(values), tickFormat: String, label, labelAnchor: 'center' }),
          Plot.ruleY(atPeak, { stroke: muted, strokeWidth: 1.3, strokeDasharray: '5 4' }),
          ...lines(shown, 'x', costOf),
        ],
      },
    }).text,
  };
}

function threadPanel({ points }: Growth): Panel {
  const shown = points.filter(({ axis }) => axis === 'threads');
  const counts = [...new Set(shown.map(({ x }) => x))];
  const speedUp = ({ subject, msPerPicture }: MeasuredPoint) =>
    shown.find((point) => point.subject === subject && point.x === 1)!.msPerPicture / msPerPicture;
  const most = Math.max(...counts, ...shown.map(speedUp));
  return {
    title: 'Threads: times as fast as one thread',
    height: panel.height,
    svg: renderChart({
      title: 'Threads',
      description: `Speed-up over threads: ${describe(shown)}.`,
      plot: {
        ...panel,
        ...{ marginLeft: 48, marginRight: 16, marginTop: 10, marginBottom: 42 },
        x: { type: 'log', base: 2, label: 'threads', ...(counts.length === 1 && { domain: [1, 2] }) },
        y: { domain: [0, most * 1.05], label: null },
        marks: [
          Plot.gridY({ ticks: 5, stroke: line, strokeOpacity: 1 }),
          Plot.axisY({ ...axisStyle, ticks: 5, label: null }),
          Plot.axisX({ ...axisStyle, ticks: counts, tickFormat: String, label: 'threads', labelAnchor: 'center' }),
          Plot.line(counts, {
            x: (count: number) => count,
            y: (count: number) => count,
            stroke: muted,
            strokeDasharray: '5 4',
          }),
          ...lines(shown, 'x', speedUp),
        ],
      },
    }).text,
  };
}

function scalingPanel({ scaling }: Growth): Panel {
  const rows = scaling.map((row, index) => ({ ...row, place: String(index) }));
  const relatives = rows.map(({ relative }) => relative);
  const height = 70 + rows.length * rowHeight;
  const colourOf = ({ op }: { op: string }) =>
    looks[
      op.endsWith('KernelGradient')
        ? 'conv2dKernelGradient'
        : op.endsWith('Gradient')
          ? 'conv2dInputGradient'
          : 'conv2d'
    ].colour;
  const goal = [scalingGoal];
  return {
    title: 'Convolutions of T1 and T2: speed-up from one thread to two, beside that of the measured peak',
    isWide: true,
    height,
    svg: renderChart({
      title: 'Scaling from one thread to two',
      description: rows
        .map(({ workload, layer, op, relative }) => `${workload} ${layer} ${op}: ${relative.toFixed(2)}`)
        .join('; '),
      plot: {
        width: width - 2 * margin,
        height,
        ...{ marginLeft: 310, marginRight: 60, marginTop: 22, marginBottom: 44 },
        x: { domain: [Math.min(0.7, ...relatives) - 0.02, Math.max(1.05, ...relatives) + 0.02], label: null },
        y: { type: 'band', domain: rows.map(({ place }) => place), label: null },
        marks: [
          Plot.gridX({ ticks: 6, stroke: line, strokeOpacity: 1 }),
          Plot.axisX({
            ...axisStyle,
            ticks: 6,
            tickFormat: '.2f',
            label: 'speed-up relative to the peak’s',
            labelAnchor: 'center',
          }),
          Plot.axisY({
            ...axisStyle,
            label: null,
            tickFormat: (place: string) => {
              const { workload, layer, op } = rows[Number(place)]!;
              return `${workload} · ${layer} · ${op}`;
            },
          }),
          Plot.ruleX(goal, { stroke: muted, strokeWidth: 1.3, strokeDasharray: '5 4' }),
          Plot.text(goal, {
            x: (x: number) => x,
            frameAnchor: 'top',
            dy: -12,
            text: () => `goal ${scalingGoal}`,
            fill: muted,
          }),
          Plot.dot(rows, { x: 'relative', y: 'place', fill: colourOf, r: 4.5 }),
          Plot.text(rows, {
            x: 'relative',
            y: 'place',
            dx: 10,
            textAnchor: 'start',
            text: (row: { relative: number }) => row.relative.toFixed(2),
            fill: muted,
          }),
        ],
      },
    }).text,
  };
}

/** Round numbers in a range, a few for each power of ten, and more where there is less than one. */
function roundNumbers(low: number, high: number): number[] {
  const factor = high / low;
  const leading = factor > 30 ? [1] : factor > 8 ? [1, 2, 5] : [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8];
  const powers = Array.from({ length: 9 }, (_, index) => index - 3);
  const all = powers.flatMap((power) => leading.map((digit) => Number(`${digit}e${power}`)));
  return all.filter((value) => value >= low && value <= high);
}

/** Values far enough apart to be written below a logarithmic axis. */
function sparse(values: readonly number[]): number[] {
  const range = Math.log(values.at(-1)! / values[0]!);
  const kept: number[] = [];
  for (const value of values) {
    if (kept.length === 0 || Math.log(value / kept.at(-1)!) > range / 16) kept.push(value);
  }
  return kept;
}

function describe(points: readonly MeasuredPoint[]): string {
  return subjectNames
    .map((subject) => points.filter((point) => point.subject === subject))
    .filter((own) => own.length > 0)
    .map((own) => {
      const [first, last] = [own[0]!, own.at(-1)!];
      return `${first.subject} ${first.msPerPicture.toPrecision(3)} ms per picture at ${first.x}, ${last.msPerPicture.toPrecision(3)} at ${last.x}`;
    })
    .join('; ');
}
