/** The rules by which a graph becomes smaller. Each looks at one node, whose inputs are values of the new graph already,
 * and returns what stands for its outputs there, or nothing. */
import { type Shape, sameShape } from '../core/shape.ts';
import type { Conv2dAttributes } from '../ops/conv2d.ts';
import { noPlace, poolingSideBySide } from '../ops/conv2d-max-pool2d.ts';
import type { Node, Value } from '../ops/op.ts';
import type { AttributesFor } from '../ops/table.ts';
import { samplesAsBytes, samplesOfBytes } from './byte-rules.ts';
import type { Graph } from './graph.ts';

/** What a rule sees. */
export interface RuleContext {
  /** The graph that is being made. */
  readonly graph: Graph;
  /** The node of the old graph. */
  readonly node: Node;
  /** Its inputs in the new graph. */
  readonly inputs: readonly Value[];
  /** Who reads a value of the old graph. */
  readers(value: Value): readonly Reader[];
}

/** A node that reads a value, or the caller who asked for it. */
export type Reader = Node | 'caller';

export type Rule = (context: RuleContext) => readonly Value[] | undefined;

/** Nodes that do nothing: reshapes to the same shape, parts that are the whole, values that stopped gradients, · 1, + 0, ReLU
 * of a ReLU. */
const passThrough: Rule = ({ node, inputs: [x, y] }) => {
  const output = node.outputs[0]!;
  const unchanged = (value: Value | undefined) =>
    value && sameShape(value.shape, output.shape) && value.dtype === output.dtype ? [value] : undefined;
  switch (node.op) {
    case 'reshape':
    case 'stopGradient':
    case 'slice':
    case 'pad':
      return unchanged(x);
    case 'concatenate':
      return y ? undefined : unchanged(x);
    case 'transpose':
      return (node as Node<'transpose'>).attributes.permutation.every((axis, place) => axis === place)
        ? unchanged(x)
        : undefined;
    case 'relu':
      return isRelu(x!) ? [x!] : undefined;
    case 'reluGradient':
      return x!.node.op === 'reluGradient' && x!.node.inputs[1] === y ? [x!] : undefined;
    case 'rescale': {
      const { scale, offset } = (node as Node<'rescale'>).attributes;
      return scale === 1 && offset === 0 ? unchanged(x) : undefined;
    }
    case 'multiply':
      return isConstant(y!, 1) ? unchanged(x) : isConstant(x!, 1) ? unchanged(y) : undefined;
    case 'divide':
      return isConstant(y!, 1) ? unchanged(x) : undefined;
    case 'add':
      return isConstant(y!, 0) ? unchanged(x) : isConstant(x!, 0) ? unchanged(y) : undefined;
    default:
      return undefined;
  }
};

/** ReLU(conv2d) and ReLU(matMul) become their `activation` where nobody else reads the value before. */
const foldActivation: Rule = ({ graph, node, inputs, readers }) => {
  if (node.op !== 'relu' || readers(node.inputs[0]!).length !== 1) return undefined;
  const producer = inputs[0]!.node;
  if (producer.op !== 'conv2d' && producer.op !== 'matMul') return undefined;
  const attributes = { ...producer.attributes, activation: 'relu' };
  return graph.scope(producer.scope, () => graph.apply(producer.op, producer.inputs, attributes as never));
};

/** The gradient of a ReLU before a max pooling can be taken after it, where there are fewer values: what arrives at the
 * largest place of a window passes where that largest value, the pooled one, is above 0. */
const reluBeforePooling: Rule = ({ graph, node, inputs: [spread, y] }) => {
  if (node.op !== 'reluGradient' || spread!.node.op !== 'maxPool2dGradient') return undefined;
  const [dy, largest] = spread!.node.inputs;
  const pooling = largest!.node;
  if (pooling.op !== 'maxPool2d' || pooling.inputs[0] !== y) return undefined;
  const { attributes, scope } = spread!.node as Node<'maxPool2dGradient'>;
  const [passed] = graph.scope(node.scope, () => graph.apply('reluGradient', [dy!, pooling.outputs[0]!], {}));
  return graph.scope(scope, () => graph.apply('maxPool2dGradient', [passed!, largest!], attributes));
};

/** The sum over pictures of a max pooling's gradient is the sum of what arrived: each number goes to one place. */
const sumOfPooling: Rule = ({ graph, node, inputs: [spread] }) => {
  if (node.op !== 'reduceSum' || spread!.node.op !== 'maxPool2dGradient') return undefined;
  const { attributes } = node as Node<'reduceSum'>;
  if (attributes.firstAxis !== 0 || attributes.lastAxis !== 2 || attributes.keepAxes === 'yes') return undefined;
  return graph.scope(node.scope, () => graph.apply('reduceSum', [spread!.node.inputs[0]!], attributes));
};

/** Two transpositions in a row are one, or none. */
const joinTranspositions: Rule = ({ graph, node, inputs: [x] }) => {
  if (node.op !== 'transpose' || x!.node.op !== 'transpose') return undefined;
  const [first, second] = [x!.node, node].map((each) => (each as Node<'transpose'>).attributes.permutation);
  const permutation = second!.map((axis) => first![axis]!);
  const [source] = x!.node.inputs;
  if (permutation.every((axis, place) => axis === place)) return [source!];
  return graph.scope(node.scope, () => graph.apply('transpose', [source!], { permutation }));
};

/** Ops that read pictures of bytes as they are. */
const readersOfBytes: ReadonlySet<string> = new Set([
  'affineTransform',
  'displace',
  'separableFilter',
  'equalizeHistogram',
  'clahe',
  'mixChannels',
  'adjustHsv',
]);

/** Bytes that only became floats for an op that reads bytes too. */
const readBytes: Rule = ({ graph, node, inputs: [x, ...rest] }) => {
  if (!readersOfBytes.has(node.op) || (x!.node.op !== 'rescale' && x!.node.op !== 'identity')) return undefined;
  const [bytes] = x!.node.inputs;
  if (bytes!.dtype !== 'uint8') return undefined;
  if (x!.node.op === 'rescale') {
    const { scale, offset } = (x!.node as Node<'rescale'>).attributes;
    if (scale !== 1 || offset !== 0) return undefined;
  }
  return graph.scope(node.scope, () => graph.apply(node.op, [bytes!, ...rest], node.attributes));
};

/** Rules that leave each op by itself. */
export const reductions: readonly Rule[] = [passThrough];

/** All rules; the first that answers counts. */
export const rules: readonly Rule[] = [
  ...reductions,
  joinTranspositions,
  samplesOfBytes,
  samplesAsBytes,
  foldActivation,
  reluBeforePooling,
  sumOfPooling,
  readBytes,
];

/** Convolutions of fewer input channels are pooled while they are computed, in order. */
const fewChannels = 16;

/** True where a pooling can be taken into the tiles through which backends multiply 3×3 kernels with many channels and
 * filters (Winograd's): its windows are cut from tiles, and its gradient is put together in them. */
function fitsTiles(
  [kernelHeight, kernelWidth, channels, filters]: Shape,
  { strideHeight, strideWidth, dilationHeight, dilationWidth }: Omit<Conv2dAttributes, 'activation' | 'groups'>,
  { poolHeight, poolWidth }: AttributesFor<'maxPool2d'>,
): boolean {
  const steps = [strideHeight, strideWidth, dilationHeight, dilationWidth];
  const hasKernel = kernelHeight === 3 && kernelWidth === 3 && steps.every((step) => step === 1);
  const isManyToMany = channels! >= fewChannels && filters! >= fewChannels;
  return hasKernel && isManyToMany && poolHeight === 2 && poolWidth === 2;
}

/** A convolution that a max pooling with windows side by side reads, and nobody else, becomes one op with it. */
const poolConvolution: Rule = ({ graph, node, inputs: [features], readers }) => {
  if (node.op !== 'maxPool2d' || features!.node.op !== 'conv2d' || readers(node.inputs[0]!).length !== 1) {
    return undefined;
  }
  const pooling = (node as Node<'maxPool2d'>).attributes;
  const { attributes: all, inputs, scope } = features!.node as Node<'conv2d'>;
  const { groups, ...attributes } = all;
  const { poolHeight, poolWidth } = pooling;
  const { shape } = inputs[1]!;
  const isJoined = shape[2]! < fewChannels || fitsTiles(shape, attributes, pooling);
  if (groups !== 1 || !isJoined || !isSideBySide(pooling) || poolHeight * poolWidth > noPlace) return undefined;
  // Behind a ReLU the places say where nothing passes: only for those who would not let it pass either.
  const [y, places] = node.outputs;
  const asksForRelu = (reader: Reader) => isGradientOf(reader, places!) && passesAbove0(reader.inputs[0]!, y!);
  if (attributes.activation === 'relu' && !readers(places!).every(asksForRelu)) return undefined;
  return graph.scope(scope, () => graph.apply('conv2dMaxPool2d', inputs, { ...attributes, poolHeight, poolWidth }));
};

/** True for a gradient of a convolution that can read that of a pooling from what arrives at the pooled values. */
function takesPooling(reader: Reader, spread: Value, pooling: AttributesFor<'maxPool2d'>): boolean {
  if (reader === 'caller') return false;
  const steps = reader.attributes as Conv2dAttributes;
  if (steps.groups !== 1) return false;
  if (reader.op === 'conv2dInputGradient') {
    return reader.inputs[0] === spread && fitsTiles(reader.inputs[1]!.shape, steps, pooling);
  }
  const { shape } = reader.outputs[0]!;
  const isKernelGradient = reader.op === 'conv2dKernelGradient' && reader.inputs[1] === spread;
  return isKernelGradient && (shape[2]! < fewChannels || fitsTiles(shape, steps, pooling));
}

/** The gradients of such a convolution, where nobody else asks for the gradient of what was pooled. */
const gradientsOfPooling: Rule = ({ graph, node, inputs, readers }) => {
  if (node.op !== 'conv2dKernelGradient' && node.op !== 'conv2dInputGradient') return undefined;
  const place = node.op === 'conv2dInputGradient' ? 0 : 1;
  const spread = inputs[place]!;
  if (spread.node.op !== 'maxPool2dGradient') return undefined;
  const pooling = (spread.node as Node<'maxPool2dGradient'>).attributes;
  const read = node.inputs[place]!;
  const isJoined = isSideBySide(pooling) && readers(read).every((reader) => takesPooling(reader, read, pooling));
  if (!isJoined) return undefined;
  const { poolHeight, poolWidth, height, width } = pooling;
  const [dy, places] = arriving(spread.node.inputs);
  return graph.scope(node.scope, () => {
    if (node.op === 'conv2dInputGradient') {
      const { groups: _, ...steps } = (node as Node<'conv2dInputGradient'>).attributes;
      const attributes = { ...steps, poolHeight, poolWidth };
      return graph.apply('conv2dMaxPool2dInputGradient', [dy, inputs[1]!, places], attributes);
    }
    const { groups: _, ...steps } = (node as Node<'conv2dKernelGradient'>).attributes;
    const attributes = { ...steps, poolHeight, poolWidth, height, width };
    return graph.apply('conv2dMaxPool2dKernelGradient', [inputs[0]!, dy, places], attributes);
  });
};

/** The gradient of the bias comes with that of the kernel. */
const biasGradientOfPooling: Rule = ({ graph, node, inputs: [dy] }) => {
  if (node.op !== 'reduceSum') return undefined;
  const { firstAxis, lastAxis, keepAxes } = (node as Node<'reduceSum'>).attributes;
  if (firstAxis !== 0 || lastAxis !== 2 || keepAxes === 'yes') return undefined;
  const sums = graph.nodes.find(({ op, inputs: [, summed, places] }) => {
    if (op !== 'conv2dMaxPool2dKernelGradient') return false;
    const [passing] = arriving([dy!, places!]);
    return passing === summed && (passing !== dy || !hasNoPlace(places!));
  });
  return sums?.outputs.slice(1);
};

/** Rules that join two nodes of a graph that has become as small as it can, so that `readers` knows all of them. */
export const joins: readonly Rule[] = [poolConvolution, gradientsOfPooling, biasGradientOfPooling];

function isConstant(value: Value, number: number): boolean {
  return value.node.op === 'constant' && (value.node as Node<'constant'>).attributes.value === number;
}

function isRelu(value: Value): boolean {
  const { op, attributes } = value.node;
  const isFolded = op === 'conv2d' || op === 'matMul';
  return op === 'relu' || (isFolded && (attributes as { activation: string }).activation === 'relu');
}

/** True where windows neither overlap nor leave a gap, and none reaches over the edge. */
function isSideBySide(pooling: AttributesFor<'maxPool2d'>): boolean {
  return Object.entries(poolingSideBySide(pooling)).every(
    ([key, value]) => pooling[key as keyof typeof pooling] === value,
  );
}

/** True for the gradient of a max pooling that has the given places. */
function isGradientOf(reader: Reader, places: Value): reader is Node {
  return reader !== 'caller' && reader.op === 'maxPool2dGradient' && reader.inputs[1] === places;
}

/** True for the gradient of a ReLU whose result is `y`. */
function passesAbove0({ node }: Value, y: Value): boolean {
  return node.op === 'reluGradient' && node.inputs[1] === y;
}

/** True for places that say where nothing passes. */
function hasNoPlace({ node }: Value): boolean {
  return node.op === 'conv2dMaxPool2d' && (node as Node<'conv2dMaxPool2d'>).attributes.activation === 'relu';
}

/** What arrives at pooled values and their places, without the gradient of a ReLU that the places know of. */
function arriving([dy, places]: readonly Value[]): [Value, Value] {
  const isKnown = hasNoPlace(places!) && passesAbove0(dy!, places!.node.outputs[0]!);
  return [isKnown ? dy!.node.inputs[0]! : dy!, places!];
}
