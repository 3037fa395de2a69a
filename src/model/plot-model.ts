/** A model as a picture: a box for each layer, with what it gives, and an arrow for each value that flows. */
import { OptionError } from '../core/errors.ts';
import { checkKeys, checkName, show } from '../core/options.ts';
import { elementCount } from '../core/shape.ts';
import { Network } from '../nn/network.ts';
import type { PlacedLayer } from '../nn/placed-layer.ts';
import type { SymbolicTensor } from '../nn/symbolic-tensor.ts';
import { kerasShape } from './summary.ts';

/** Options of `plotModel`. */
export interface PlotOptions {
  /** Lines with output shapes and parameters; default true. */
  readonly showShapes?: boolean;
  /** Draws the layers of models within; default false: each is one box. */
  readonly expandNested?: boolean;
  /** `vertical` (default): from top to bottom; `horizontal`: from left to right. */
  readonly direction?: 'vertical' | 'horizontal';
}

/** What is drawn: a model, or its network. */
export interface Plotted {
  readonly name: string;
  readonly network: Network;
}

interface Box {
  readonly id: string;
  readonly title: string;
  readonly lines: readonly string[];
  readonly kind: string;
}

/** The boxes of models within: what lies in which. */
interface Diagram {
  readonly boxes: Box[];
  readonly edges: { readonly from: string; readonly to: string }[];
  readonly groups: { readonly id: string; readonly title: string; readonly parent: string | undefined }[];
  readonly parents: Map<string, string>;
}

const characterWidth = 7.3;
const lineHeight = 17;

/**
 * Draws a model as SVG, in colours for light and dark pages.
 *
 * @returns the text of an `.svg` file
 * @throws OptionError for an unknown option, or a model that is not built
 * @example
 * await writeFile('model.svg', await plotModel(model, { expandNested: true }));
 */
export async function plotModel(model: Plotted, options: PlotOptions = {}): Promise<string> {
  if (!(model?.network instanceof Network)) {
    throw new OptionError(`plotModel: expected a model, received ${show(model)}.`);
  }
  const { name, network } = model;
  checkKeys('plotModel', options, ['showShapes', 'expandNested', 'direction']);
  const { showShapes = true, expandNested = false } = options;
  const direction = checkName('plotModel', 'direction', options.direction ?? 'vertical', ['vertical', 'horizontal']);
  const diagram: Diagram = { boxes: [], edges: [], groups: [], parents: new Map() };
  collect(diagram, network, '', undefined, { showShapes, expandNested });
  const { graphlib, layout } = await import('@dagrejs/dagre');
  const graph = new graphlib.Graph({ compound: true, multigraph: true });
  graph.setGraph({
    rankdir: direction === 'vertical' ? 'TB' : 'LR',
    nodesep: 28,
    ranksep: 30,
    marginx: 16,
    marginy: 16,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, parent } of diagram.groups) {
    graph.setNode(id, {});
    if (parent) graph.setParent(id, parent);
  }
  for (const { id, title, lines } of diagram.boxes) {
    const longest = Math.max(title.length, ...lines.map((line) => line.length));
    graph.setNode(id, { width: longest * characterWidth + 28, height: (1 + lines.length) * lineHeight + 16 });
    const parent = diagram.parents.get(id);
    if (parent) graph.setParent(id, parent);
  }
  diagram.edges.forEach(({ from, to }, index) => {
    graph.setEdge(from, to, {}, `${index}`);
  });
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const place = (id: string) => graph.node(id) as { x: number; y: number; width: number; height: number };
  const groups = diagram.groups.map(({ id, title }) => {
    const { x, y, width: w, height: h } = place(id);
    const [left, top] = [x - w / 2, y - h / 2];
    return `<rect class="group" x="${round(left)}" y="${round(top)}" width="${round(w)}" height="${round(h)}" rx="8"/><text class="small" x="${round(left + 8)}" y="${round(top + 14)}">${escapeXml(title)}</text>`;
  });
  const arrows = graph.edges().map((edge: { v: string; w: string; name?: string }) => {
    const { points } = graph.edge(edge) as { points: readonly { x: number; y: number }[] };
    return `<path class="arrow" marker-end="url(#end)" d="M${points.map(({ x, y }) => `${round(x)} ${round(y)}`).join(' L')}"/>`;
  });
  const boxes = diagram.boxes.map((box) => drawBox(box, place(box.id)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}" role="img" aria-label="${escapeXml(`The layers of ${name} and how they are connected`)}">`,
    `<title>${escapeXml(name)}</title>`,
    style,
    '<defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 0 L8 4 L0 8 z"/></marker></defs>',
    ...groups,
    ...arrows,
    ...boxes,
    '</svg>',
    '',
  ].join('\n');
}

const style = `<style>
  text { font: 13px ui-sans-serif, system-ui, sans-serif; fill: #1c2430 }
  .small { font-size: 12px; fill: #51606f }
  .box { stroke: #51606f; stroke-width: 1; fill: #f4f6f8 }
  .weights { fill: #dbe9f9 } .reshaping { fill: #f7ecd6 } .regular { fill: #e3f1e1 } .joint { fill: #f3dfef } .model { fill: #e4e1f7 }
  .group { fill: none; stroke: #8a97a5; stroke-dasharray: 5 4 }
  .arrow { fill: none; stroke: #51606f; stroke-width: 1.3 } .head { fill: #51606f }
  @media (prefers-color-scheme: dark) {
    text { fill: #e8edf2 } .small { fill: #a9b6c3 } .box { stroke: #8a97a5; fill: #2a333d }
    .weights { fill: #1f3f5f } .reshaping { fill: #55431f } .regular { fill: #28472a } .joint { fill: #4f2f49 } .model { fill: #3a3560 }
    .arrow { stroke: #a9b6c3 } .head { fill: #a9b6c3 }
  }
</style>`;

function drawBox(
  { title, lines, kind }: Box,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
): string {
  const [left, top] = [x - width / 2, y - height / 2];
  const text = [title, ...lines].map(
    (line, index) =>
      `<text${index === 0 ? '' : ' class="small"'} x="${round(x)}" y="${round(top + 21 + index * lineHeight)}" text-anchor="middle">${escapeXml(line)}</text>`,
  );
  return `<rect class="box ${kind}" x="${round(left)}" y="${round(top)}" width="${round(width)}" height="${round(height)}" rx="6"/>${text.join('')}`;
}

type Settings = Required<Pick<PlotOptions, 'showShapes' | 'expandNested'>>;

/** Adds a network's boxes and arrows. Returns the ids of the boxes that its inputs and outputs are drawn by. */
function collect(
  diagram: Diagram,
  network: Network,
  prefix: string,
  parent: string | undefined,
  settings: Settings,
): { inputs: string[]; outputs: string[] } {
  const ends = new Map<string, { inputs: string[]; outputs: string[] }>();
  const listed = new Set(network.layers.map(({ name }) => name));
  for (const placed of network.layers) {
    const id = `${prefix}${placed.name}`;
    if (settings.expandNested && placed.network) {
      diagram.groups.push({ id, title: placed.name, parent });
      ends.set(placed.name, collect(diagram, placed.network, `${id}/`, id, settings));
      continue;
    }
    diagram.boxes.push(boxOf(id, placed, settings));
    if (parent) diagram.parents.set(id, parent);
    ends.set(placed.name, { inputs: [id], outputs: [id] });
  }
  // A row of layers has no box for its input: what comes before leads to its first layer.
  const entries = network.inputs.map((_, index): string[] => {
    const name = network.inputNames[index]!;
    return listed.has(name) ? [`${prefix}${name}`] : [];
  });
  const sourceOf = (tensor: SymbolicTensor): string | undefined => {
    const begin = network.inputs.indexOf(tensor);
    if (begin >= 0) return entries[begin]![0];
    const { outputs } = ends.get(network.nameOf(tensor.call.layer))!;
    return outputs[tensor.index] ?? outputs[0];
  };
  for (const { layer, inputs } of network.calls) {
    const { inputs: targets } = ends.get(network.nameOf(layer))!;
    inputs.forEach((input, index) => {
      const to = targets[index] ?? targets[0]!;
      const from = sourceOf(input);
      if (from !== undefined) diagram.edges.push({ from, to });
      else entries[network.inputs.indexOf(input)]!.push(to);
    });
  }
  return {
    inputs: entries.map(([first]) => first!),
    outputs: network.outputs.map((output) => sourceOf(output)!),
  };
}

function boxOf(id: string, placed: PlacedLayer, { showShapes }: Settings): Box {
  const { name, className, calls, layer, parameterCount } = placed;
  const shapes = calls[0]!.outputs.map(({ shape }) => kerasShape(shape)).join(', ');
  const details = [
    ...(parameterCount > 0 ? [`${parameterCount.toLocaleString('en-US')} parameters`] : []),
    ...(layer.trainable ? [] : ['frozen']),
    ...(calls.length > 1 ? [`used ${calls.length} times`] : []),
  ];
  return {
    id,
    title: name === className ? name : `${name} · ${className}`,
    lines: showShapes ? [shapes, ...(details.length > 0 ? [details.join(' · ')] : [])] : [],
    kind: kindOf(placed),
  };
}

/** The colour: what has weights, what joins, what changes only the shape. */
function kindOf({ layer, className, calls, parameterCount }: PlacedLayer): string {
  if (layer.network) return 'model';
  if (layer.inputCount === undefined) return 'joint';
  if (/Dropout|Normalization|Noise/.test(className)) return 'regular';
  if (parameterCount > 0) return 'weights';
  const [call] = calls;
  const isResized = call!.inputs.some(({ shape }) => elementCount(shape) !== elementCount(call!.outputs[0]!.shape));
  return isResized ? 'reshaping' : 'plain';
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
