/** Renders charts of Observable Plot to SVG without a browser. Colours are CSS variables of the page, so that a chart is
 * readable in light and dark; alternative text says what the chart shows. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { escapeHtml, Markup } from './html.ts';

/** A chart, and what it says in words. */
export interface ChartOptions {
  /** A short name. */
  title: string;
  /** What a person who cannot see it should know. */
  description: string;
  plot: Plot.PlotOptions;
}

/** The chart as an `<svg role="img">` with its title and description. */
export function renderChart({ title, description, plot }: ChartOptions): Markup {
  const { document } = parseHTML('<html><body></body></html>');
  const chart = Plot.plot({
    ...plot,
    document,
    style: { background: 'transparent', fontSize: '12px', overflow: 'visible' },
  });
  const describe = (name: string, text: string) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    element.textContent = text;
    chart.insertBefore(element, chart.firstChild);
  };
  describe('desc', description);
  describe('title', title);
  chart.setAttribute('role', 'img');
  chart.setAttribute('aria-label', `${title}. ${description}`);
  return new Markup(serialize(chart));
}

/** The part of a DOM node that is written to the page. */
interface SvgNode {
  nodeType: number;
  /** Of an element, in the case in which it was made. */
  localName: string;
  textContent: string | null;
  attributes?: Iterable<{ name: string; value: string }>;
  childNodes: Iterable<SvgNode>;
}

const elementNode = 1;
const textNode = 3;

/** The text of a node, escaped as all of the page is (the DOM's own `outerHTML` leaves angle brackets in attributes). */
function serialize(node: SvgNode): string {
  if (node.nodeType === textNode) return escapeHtml(node.textContent ?? '');
  if (node.nodeType !== elementNode) return '';
  const name = node.localName;
  const attributes = [...(node.attributes ?? [])]
    .map((entry) => ` ${entry.name}="${escapeHtml(entry.value)}"`)
    .join('');
  // Plot writes the style sheet of a chart itself; nothing from outside is in it, and HTML reads no escapes there.
  const isStyle = name === 'style';
  const content = isStyle ? (node.textContent ?? '') : [...node.childNodes].map(serialize).join('');
  return `<${name}${attributes}>${content}</${name}>`;
}
