/** The summary of a network as Keras prints it: layers, output shapes, parameters. */
import { batchAxis, elementCount, type Shape } from '../core/shape.ts';
import type { Network } from '../nn/network.ts';

/** The table as text, with lines drawn in box characters. */
export function summarize(name: string, network: Network): string {
  const head = ['Layer (type)', 'Output Shape', 'Param #'];
  const rows = network.layers.map(({ name: layer, layer: { className }, outputShape, weights }) => [
    `${layer} (${className})`,
    kerasShape(outputShape),
    weights.reduce((total, { shape }) => total + elementCount(shape), 0).toLocaleString('en-US'),
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const line = (left: string, cross: string, right: string, fill: string) =>
    left + widths.map((width) => fill.repeat(width + 2)).join(cross) + right;
  const print = (cells: readonly string[], side: string) =>
    side +
    cells
      .map((cell, column) => ` ${column === 2 ? cell.padStart(widths[2]!) : cell.padEnd(widths[column]!)} `)
      .join(side === '┃' ? '┃' : '│') +
    side;
  const frozen = network.frozenLayers();
  const trainable = network.weights
    .filter((weight) => weight.trainable && !frozen.has(weight.layer))
    .reduce((total, { shape }) => total + elementCount(shape), 0);
  const { flops } = network;
  return [
    `Model: "${name}"`,
    line('┏', '┳', '┓', '━'),
    print(head, '┃'),
    line('┡', '╇', '┩', '━'),
    rows.map((row) => print(row, '│')).join(`\n${line('├', '┼', '┤', '─')}\n`),
    line('└', '┴', '┘', '─'),
    ` Total params: ${count(network.parameterCount)}`,
    ` Trainable params: ${count(trainable)}`,
    ` Non-trainable params: ${count(network.parameterCount - trainable)}`,
    ` Forward pass of one example: ${(flops / 1e6).toFixed(1)} million floating-point operations`,
    '',
  ].join('\n');
}

function kerasShape(shape: Shape): string {
  const sizes = shape.map((size) => (size === batchAxis ? 'None' : String(size)));
  return sizes.length === 1 ? `(${sizes[0]},)` : `(${sizes.join(', ')})`;
}

function count(parameters: number): string {
  const bytes = parameters * 4;
  const size =
    bytes < 1024
      ? `${bytes.toFixed(2)} B`
      : bytes < 1024 ** 2
        ? `${(bytes / 1024).toFixed(2)} KB`
        : `${(bytes / 1024 ** 2).toFixed(2)} MB`;
  return `${parameters.toLocaleString('en-US')} (${size})`;
}
