/** The summary of a network as Keras prints it: layers, output shapes, parameters, and what each is connected to where the
 * wiring is free. Below it, what one forward pass costs. */
import { checkKeys } from '../core/options.ts';
import { batchAxis, elementCount, type Shape } from '../core/shape.ts';
import type { Network } from '../nn/network.ts';
import type { PlacedLayer } from '../nn/placed-layer.ts';
import type { SymbolicTensor } from '../nn/symbolic-tensor.ts';

/** Options of `summary`, named as in Keras. */
export interface SummaryOptions {
  /** Lists the layers of models within too; default false. */
  readonly expandNested?: boolean;
  /** A column that says which layers train; default false. */
  readonly showTrainable?: boolean;
}

interface Row {
  readonly cells: readonly string[];
}

const bytesPerNumber = 4;

/** The table as text, with lines drawn in box characters. @throws OptionError for an unknown option */
export function summarize(name: string, network: Network, options: SummaryOptions = {}): string {
  checkKeys('summary', options, ['expandNested', 'showTrainable']);
  const { showTrainable = false } = options;
  const isWired = network.kind === 'Functional';
  const head = [
    'Layer (type)',
    'Output Shape',
    'Param #',
    ...(isWired ? ['Connected to'] : []),
    ...(showTrainable ? ['Trainable'] : []),
  ];
  const rows = rowsOf(network, options, isWired, '', false);
  const frozen = network.frozenLayers();
  const trainable = network.weights
    .filter((weight) => weight.trainable && !frozen.has(weight.layer))
    .reduce((total, { shape }) => total + elementCount(shape), 0);
  return [
    `Model: "${name}"`,
    table(head, rows),
    ` Total params: ${count(network.parameterCount)}`,
    ` Trainable params: ${count(trainable)}`,
    ` Non-trainable params: ${count(network.parameterCount - trainable)}`,
    ` Forward pass of one example: ${operations(network.flops)}, ${bytes(numbersBetween(network) * bytesPerNumber)} between the layers`,
    '',
  ].join('\n');
}

/** How many numbers the layers give for one example, those of models within included. */
function numbersBetween({ calls }: Network): number {
  const given = calls.map(({ layer, outputs }) =>
    layer.network ? numbersBetween(layer.network) : outputs.reduce((sum, { shape }) => sum + elementCount(shape), 0),
  );
  return given.reduce((sum, count) => sum + count, 0);
}

function rowsOf(network: Network, options: SummaryOptions, isWired: boolean, indent: string, isFrozen: boolean): Row[] {
  const frozen = network.frozenLayers(isFrozen);
  return network.layers.flatMap((placed) => {
    const { layer } = placed;
    const stays = isFrozen || !layer.trainable;
    const trains = placed.weights.some((weight) => weight.trainable && !frozen.has(weight.layer));
    const own: Row = {
      cells: [
        `${indent}${placed.name} (${placed.className})`,
        placed.calls[0]!.outputs.map(({ shape }) => kerasShape(shape)).join(', '),
        placed.parameterCount.toLocaleString('en-US'),
        ...(isWired ? [connections(network, placed)] : []),
        ...(options.showTrainable ? [placed.weights.length === 0 ? '-' : trains ? 'Y' : 'N'] : []),
      ],
    };
    if (!options.expandNested || !layer.network) return [own];
    return [own, ...rowsOf(layer.network, options, isWired, `${indent}    `, stays)];
  });
}

/** `conv2d[0][0]`: the layer, which of its calls, which output of that. */
function connections(network: Network, placed: PlacedLayer): string {
  if (network.kind === 'Sequential' || placed.className === 'InputLayer') return '-';
  const place = (tensor: SymbolicTensor): string => {
    const begin = network.inputs.indexOf(tensor);
    if (begin >= 0) return `${network.inputNames[begin]}[0][0]`;
    const { call, index } = tensor;
    const calls = network.calls.filter(({ layer }) => layer === call.layer);
    return `${network.nameOf(call.layer)}[${calls.indexOf(call)}][${index}]`;
  };
  return placed.calls.flatMap(({ inputs }) => inputs.map(place)).join(', ');
}

function table(head: readonly string[], rows: readonly Row[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map(({ cells }) => cells[column]!.length)));
  const line = (left: string, cross: string, right: string, fill: string) =>
    left + widths.map((width) => fill.repeat(width + 2)).join(cross) + right;
  const print = (cells: readonly string[], side: string) =>
    side +
    cells
      .map((cell, column) => ` ${column === 2 ? cell.padStart(widths[2]!) : cell.padEnd(widths[column]!)} `)
      .join(side === '┃' ? '┃' : '│') +
    side;
  return [
    line('┏', '┳', '┓', '━'),
    print(head, '┃'),
    line('┡', '╇', '┩', '━'),
    rows.map(({ cells }) => print(cells, '│')).join(`\n${line('├', '┼', '┤', '─')}\n`),
    line('└', '┴', '┘', '─'),
  ].join('\n');
}

/** `(None, 28, 28, 1)`. */
export function kerasShape(shape: Shape): string {
  const sizes = shape.map((size) => (size === batchAxis ? 'None' : String(size)));
  return sizes.length === 1 ? `(${sizes[0]},)` : `(${sizes.join(', ')})`;
}

function count(parameters: number): string {
  return `${parameters.toLocaleString('en-US')} (${bytes(parameters * bytesPerNumber)})`;
}

function operations(count: number): string {
  const number = count < 1e5 ? count.toLocaleString('en-US') : `${(count / 1e6).toFixed(1)} million`;
  return `${number} floating-point operations`;
}

function bytes(size: number): string {
  if (size < 1024) return `${size.toFixed(2)} B`;
  return size < 1024 ** 2 ? `${(size / 1024).toFixed(2)} KB` : `${(size / 1024 ** 2).toFixed(2)} MB`;
}
