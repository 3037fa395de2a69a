/** A growth run as Markdown: cliffs, scaling over threads, then a table for each axis. */
import { table } from '../compare/render-results.ts';
import { digits } from '../text.ts';
import { type AxisName, axisNames } from './axes.ts';
import { cliffRatio } from './cliffs.ts';
import { costOf, type Growth, type MeasuredPoint } from './growth-results.ts';
import { subjectNames } from './subjects.ts';
import { scalingGoal } from './thread-scaling.ts';

const titles: Readonly<Record<AxisName, string>> = {
  batch: 'Pictures in a batch',
  size: 'Height and width of the pictures',
  channels: 'Channels, and as many filters',
  threads: 'Threads',
};

/** The whole page. */
export function renderGrowth(growth: Growth): string {
  const { machine, date, commit, loadBefore, backend, threads, peak, points } = growth;
  const most = peak.gflops === undefined ? '' : `, peak ${peak.gflops.toFixed(0)} GFLOP/s`;
  return [
    `# How the time of a picture grows on ${machine.processor}`,
    'Written by `npm run bench -- --growth`. Milliseconds per picture, and in brackets picoseconds per operation of the ' +
      'direct method: these stay level where time grows as the work does. Convolutions have 3×3 kernels and padding `same`; ' +
      'the training step is that of three convolutions with poolings (32, 32 and 64 filters) and a dense layer.',
    `${date.slice(0, 10)}, commit ${commit}, ${backend} ${peak.instructionSet}, ${threads} threads, Node.js ${machine.node}${most}, load before ${loadBefore.toFixed(1)}.`,
    ...cliffSection(growth),
    ...scalingSection(growth),
    ...axisNames.flatMap((axis) =>
      axisSection(
        axis,
        points.filter((point) => point.axis === axis),
      ),
    ),
  ]
    .join('\n\n')
    .concat('\n');
}

function cliffSection({ points, vectorWidth }: Growth): string[] {
  const cliffs = points.filter(({ isCliff }) => isCliff);
  const lines = cliffs.map(
    ({ subject, axis, x, overTrend }) =>
      `* ${subject}, ${axis} ${x}: ${overTrend?.toFixed(2)} times its neighbours' trend`,
  );
  const rule =
    `A cliff is a point that costs more than ${cliffRatio} times what its neighbours let expect, beyond batch 8, with ` +
    `channels rounded up to vectors of ${vectorWidth}.`;
  return ['## Cliffs', rule, lines.length > 0 ? lines.join('\n') : 'There are none.'];
}

function scalingSection({ scaling }: Growth): string[] {
  if (scaling.length === 0) return [];
  const rows = scaling.map(({ workload, layer, op, ms, speedUp, peakSpeedUp, relative }) => [
    ...[workload, layer, op, digits(ms[0]), digits(ms[1]), speedUp.toFixed(2), peakSpeedUp.toFixed(2)],
    ...[relative.toFixed(2), relative >= scalingGoal ? 'met' : '**missed**'],
  ]);
  const head = ['step', 'layer', 'op', 'ms, 1 thread', 'ms, 2 threads', 'faster', 'peak faster', 'relative'];
  return [
    '## From one thread to two',
    'How much faster two threads are than one, beside how much faster their peak of multiply-adds is. One and two threads took turns.',
    table([...head, `goal ≥ ${scalingGoal}`], rows),
  ];
}

function axisSection(axis: AxisName, points: readonly MeasuredPoint[]): string[] {
  if (points.length === 0) return [];
  const subjects = subjectNames.filter((subject) => points.some((point) => point.subject === subject));
  const rows = [...new Set(points.map(({ x }) => x))].map((x) => [
    String(x),
    ...subjects.map((subject) => cell(points.find((point) => point.subject === subject && point.x === x))),
  ]);
  const still = subjects.map((subject) => {
    const { batch, size, channels } = points.find((point) => point.subject === subject)!;
    const parts = [
      ...(axis === 'batch' ? [] : [`batch ${batch}`]),
      ...(axis === 'size' ? [] : [`${size}×${size}`]),
      ...(axis === 'channels' || subject === 'training step' ? [] : [`${channels} channels`]),
    ];
    return `${subject}: ${parts.join(', ')}`;
  });
  return [`## ${titles[axis]}`, `${still.join('; ')}.`, table([axis, ...subjects], rows)];
}

function cell(point: MeasuredPoint | undefined): string {
  if (!point) return '';
  const text = `${digits(point.msPerPicture)} (${digits(costOf(point))})`;
  return point.isCliff ? `**${text}**` : text;
}
