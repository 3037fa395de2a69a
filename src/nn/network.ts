/** A network: layers wired together, with names and shapes. It can be traced into a graph, and knows neither training
 * nor files. */
import { OptionError } from '../core/errors.ts';
import { Random, streamOf } from '../core/random.ts';
import { batchAxis, elementCount, type Shape } from '../core/shape.ts';
import { Graph } from '../graph/graph.ts';
import { countFlops } from '../graph/lower.ts';
import { rescale } from '../ops/elementwise.ts';
import type { Value } from '../ops/op.ts';
import { type Fill, initializer } from './initializers/table.ts';
import type { Layer, LayerConfig, WeightSpec } from './layers/layer.ts';
import { baseName, layerFromConfig } from './layers/table.ts';

/** A weight of a network, under its full name `conv2d_1/kernel`. */
export interface NetworkWeight extends WeightSpec {
  readonly name: string;
}

/** A layer at its place in a network. */
export interface PlacedLayer {
  readonly name: string;
  readonly layer: Layer;
  /** With the symbolic batch axis. */
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly weights: readonly NetworkWeight[];
  /** Floating-point operations of one forward pass of one example. */
  readonly flops: number;
}

/** A network as it is saved: plain data. */
export interface NetworkConfig {
  readonly inputShape: readonly number[];
  readonly layers: readonly { readonly className: string; readonly name: string; readonly config: LayerConfig }[];
}

/** Layers in a row, built for one input shape. */
export class Network {
  /** The shape of one example, without batch. */
  readonly inputShape: readonly number[];
  readonly layers: readonly PlacedLayer[];

  /**
   * @param inputShape shape of one example, without batch
   * @throws ShapeError where a layer cannot take its input; the message names the layer
   */
  constructor(layers: readonly Layer[], inputShape: readonly number[]) {
    if (layers.length === 0) throw new OptionError('sequential: expected at least one layer, received none.');
    this.inputShape = inputShape;
    this.layers = place(layers, [batchAxis, ...inputShape]);
  }

  /** A network from its saved form. */
  static fromConfig({ layers, inputShape }: NetworkConfig): Network {
    const made = layers.map(({ className, name, config }) => layerFromConfig(className, config, name));
    return new Network(made, inputShape);
  }

  /** The saved form. */
  getConfig(): NetworkConfig {
    const layers = this.layers.map(({ name, layer: { className, config } }) => ({ className, name, config }));
    return { inputShape: this.inputShape, layers };
  }

  /** With the symbolic batch axis. */
  get outputShape(): Shape {
    return this.layers.at(-1)!.outputShape;
  }

  get weights(): readonly NetworkWeight[] {
    return this.layers.flatMap(({ weights }) => weights);
  }

  get parameterCount(): number {
    return this.weights.reduce((total, { shape }) => total + elementCount(shape), 0);
  }

  /** Puts the layers' calls into a graph and returns the last output. Bytes become numbers first, as in Keras. */
  trace(graph: Graph, input: Value, training: boolean): Value {
    const x = input.dtype === 'float32' ? input : rescale(input, 1, 0);
    return this.layers.reduce((value, placed) => traceLayer(graph, placed, value, training), x);
  }

  /** What fills each weight at first, drawn from (seed, weight name). */
  initialize(seed: number): Map<string, Fill> {
    return new Map(
      this.weights.map((weight) => {
        const random = new Random(seed, `initialize ${weight.name}`);
        return [weight.name, initializer(weight.initializer)(weight.shape, random)];
      }),
    );
  }
}

function traceLayer(
  graph: Graph,
  { name, layer, weights }: Omit<PlacedLayer, 'outputShape' | 'flops'>,
  x: Value,
  training: boolean,
): Value {
  return graph.scope(name, () => {
    const values = weights.map((weight) => [
      weight.name.slice(name.length + 1),
      graph.variable(weight.name, weight.shape),
    ]);
    const randomStream = streamOf(name) & 0xffffff;
    return layer.call({
      graph,
      inputs: [x],
      weights: Object.fromEntries(values),
      training,
      trainable: true,
      randomStream,
      addLoss: () => undefined,
      assign: () => undefined,
    });
  });
}

function place(layers: readonly Layer[], input: Shape): PlacedLayer[] {
  const names = uniqueNames(layers);
  const placed: PlacedLayer[] = [];
  let inputShape = input;
  layers.forEach((layer, index) => {
    const name = names[index]!;
    const where = `${layer.className} "${name}"`;
    if (layer.className === 'InputLayer' && index > 0) {
      throw new OptionError(`${where}: expected an input layer in the first place, received it in place ${index + 1}.`);
    }
    const specs = layer.weights(inputShape, where);
    const weights = Object.entries(specs).map(([weight, spec]) => ({ ...spec, name: `${name}/${weight}` }));
    const graph = new Graph();
    const x = graph.input('x', inputShape);
    const output = traceLayer(graph, { name, layer, inputShape, weights }, x, false);
    placed.push({ name, layer, inputShape, outputShape: output.shape, weights, flops: countFlops(graph) });
    inputShape = output.shape;
  });
  return placed;
}

function uniqueNames(layers: readonly Layer[]): string[] {
  const given = new Set<string>();
  for (const { name } of layers) {
    if (name === undefined) continue;
    if (given.has(name)) throw new OptionError(`sequential: expected different layer names, received "${name}" twice.`);
    given.add(name);
  }
  const taken = new Set(given);
  return layers.map(({ name, className }) => {
    if (name !== undefined) return name;
    const base = baseName(className);
    let free = base;
    for (let number = 1; taken.has(free); number++) free = `${base}_${number}`;
    taken.add(free);
    return free;
  });
}
