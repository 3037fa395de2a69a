/** Charts of an audit: pictures of each class, and the sizes of pictures. */
import * as Plot from '@observablehq/plot';
import type { AuditedFile, AuditReport } from '../audit/index.ts';
import type { Markup } from './html.ts';
import { renderChart } from './svg-chart.ts';

/** With more classes only the most and least frequent ones are drawn. */
const mostClasses = 30;
const longestLabel = 20;

/** Bars of the classes, in their order. */
export function plotClasses({ classes }: AuditReport): Markup {
  const shown =
    classes.length <= mostClasses ? classes : [...classes].sort((a, b) => b.count - a.count).slice(0, mostClasses);
  const label = (name: string) =>
    [...name].length > longestLabel ? `${[...name].slice(0, longestLabel - 1).join('')}…` : name;
  const longest = Math.max(...shown.map(({ name }) => [...label(name)].length));
  const rows = shown.map(({ count }, index) => ({ index: String(index), count }));
  return renderChart({
    title: 'Pictures of each class',
    description: shown.map(({ name, count }) => `${name}: ${count}`).join(', '),
    plot: {
      width: 430,
      height: 44 + shown.length * 26,
      marginLeft: 14 + longest * 7.6,
      marginRight: 44,
      marginTop: 6,
      marginBottom: 38,
      x: { label: null },
      y: { domain: rows.map(({ index }) => index), label: null, padding: 0.25 },
      marks: [
        Plot.gridX({ ticks: 4, stroke: 'var(--line)', strokeOpacity: 1 }),
        Plot.axisX({ ticks: 4, tickSize: 0, label: 'pictures', labelArrow: 'none', labelAnchor: 'center' }),
        Plot.axisY({ tickSize: 0, label: null, tickFormat: (index: string) => label(shown[Number(index)]!.name) }),
        Plot.barX(rows, { x: 'count', y: 'index', fill: 'var(--validation)' }),
        Plot.text(rows, {
          x: 'count',
          y: 'index',
          text: (row: { count: number }) => String(row.count),
          textAnchor: 'start',
          dx: 4,
          fill: 'currentColor',
        }),
      ],
    },
  });
}

/** A dot for each size, the larger the more pictures have it. */
export function plotSizes(files: readonly Pick<AuditedFile, 'width' | 'height'>[]): Markup {
  const counts = new Map<string, { width: number; height: number; count: number }>();
  for (const { width, height } of files) {
    const key = `${width}×${height}`;
    const found = counts.get(key);
    if (found) found.count++;
    else counts.set(key, { width, height, count: 1 });
  }
  const sizes = [...counts.values()].sort((a, b) => b.count - a.count);
  const most = sizes.slice(0, 5).map(({ width, height, count }) => `${width}×${height}: ${count}`);
  const largest = (side: 'width' | 'height') => sizes.reduce((sum, size) => Math.max(sum, size[side]), 1) * 1.1;
  return renderChart({
    title: 'Sizes of pictures',
    description: `${counts.size} sizes; ${most.join(', ')}`,
    plot: {
      width: 430,
      height: 300,
      marginLeft: 52,
      marginRight: 20,
      marginTop: 16,
      marginBottom: 40,
      x: { domain: [0, largest('width')] },
      y: { domain: [0, largest('height')] },
      r: { range: [2.5, 14], type: 'sqrt' },
      marks: [
        Plot.gridX({ ticks: 5, stroke: 'var(--line)', strokeOpacity: 1 }),
        Plot.gridY({ ticks: 5, stroke: 'var(--line)', strokeOpacity: 1 }),
        Plot.axisX({ ticks: 5, tickSize: 0, label: 'width in pixels', labelArrow: 'none', labelAnchor: 'center' }),
        Plot.axisY({ ticks: 5, tickSize: 0, label: 'height', labelArrow: 'none' }),
        Plot.dot(sizes, { x: 'width', y: 'height', r: 'count', fill: 'var(--validation)', fillOpacity: 0.45 }),
      ],
    },
  });
}
