/** Putting a network's calls into a graph. */
import { checkName } from '../core/options.ts';
import { streamOf } from '../core/random.ts';
import { type Shape, sameShape } from '../core/shape.ts';
import type { Graph } from '../graph/graph.ts';
import { add, divide, drawRandom, rescale } from '../ops/elementwise.ts';
import type { Value } from '../ops/op.ts';
import type { Layer } from './layers/layer.ts';
import type { Network } from './network.ts';
import { checkOneNumber, checkValue } from './own-value.ts';
import { regularizer } from './regularizers/table.ts';
import type { LayerCall, SymbolicTensor } from './symbolic-tensor.ts';

/** How a network is traced. */
export interface TraceOptions {
  readonly training: boolean;
  /** Layers whose weights stay as they are; default: none. */
  readonly frozen?: ReadonlySet<Layer>;
  /** Where layers get `[batch, count]` random numbers from that belong to examples; by default from the step.
   * @param stream the layer's own number */
  readonly drawPerExample?: (count: number, stream: number) => Value;
}

/** What a network gave. */
export interface Trace {
  readonly outputs: readonly Value[];
  /** The sum of what layers add to the loss, where one does. */
  readonly loss: Value | undefined;
}

/** Traces a network and all networks in it. State that layers assign, as moving statistics, changes when training. */
export function traceNetwork(network: Network, graph: Graph, inputs: readonly Value[], options: TraceOptions): Trace {
  const tracing = new Tracing(graph, network, options);
  const outputs = tracing.network(network, inputs, options.training);
  tracing.assign();
  return { outputs, loss: tracing.loss };
}

class Tracing {
  readonly #graph: Graph;
  readonly #frozen: ReadonlySet<Layer>;
  readonly #drawPerExample: TraceOptions['drawPerExample'];
  readonly #paths: ReadonlyMap<Layer, string>;
  readonly #calls = new Map<Layer, number>();
  /** New values of weights: a shared layer's second call goes on from the first one's. */
  readonly #assigned = new Map<string, { readonly variable: Value; readonly value: Value }>();
  loss: Value | undefined;

  constructor(graph: Graph, network: Network, { frozen = new Set(), drawPerExample }: TraceOptions) {
    this.#graph = graph;
    this.#frozen = frozen;
    this.#drawPerExample = drawPerExample;
    this.#paths = network.paths;
  }

  network(network: Network, inputs: readonly Value[], training: boolean): Value[] {
    const values = new Map<SymbolicTensor, Value>();
    network.inputs.forEach((input, index) => {
      // Bytes become numbers first, as in Keras.
      const value = inputs[index]!;
      values.set(input, value.dtype === 'float32' ? value : rescale(value, 1, 0));
    });
    for (const call of network.calls) {
      const given = call.inputs.map((input) => values.get(input)!);
      const results = this.#graph.scope(network.nameOf(call.layer), () => this.#call(call, given, training));
      call.outputs.forEach((output, index) => {
        values.set(output, results[index]!);
      });
    }
    return network.outputs.map((output) => values.get(output)!);
  }

  /** Stores the new values of weights after the step. */
  assign(): void {
    for (const { variable, value } of this.#assigned.values()) this.#graph.assign(variable, value);
  }

  #call({ layer, weights, options }: LayerCall, inputs: readonly Value[], isTraining: boolean): readonly Value[] {
    const training = options.training ?? isTraining;
    const results = layer.network
      ? this.network(layer.network, inputs, training)
      : this.#layer(layer, weights, inputs, training);
    if (layer.activityRegularizer) {
      const penalty = regularizer(layer.activityRegularizer);
      // By example, as in Keras: the penalty does not depend on the size of the batch.
      for (const result of results) {
        const sum = checkOneNumber('activityRegularizer', penalty(result));
        this.#addLoss(divide(sum, this.#graph.scalar('batchSize')));
      }
    }
    return results;
  }

  #layer(layer: Layer, weights: LayerCall['weights'], inputs: readonly Value[], training: boolean): readonly Value[] {
    const path = this.#paths.get(layer)!;
    const count = this.#calls.get(layer) ?? 0;
    this.#calls.set(layer, count + 1);
    const variables = Object.entries(weights).map(([part, { shape }]) => {
      const name = `${path}/${part}`;
      return [part, this.#assigned.get(name)?.value ?? this.#graph.variable(name, shape)] as const;
    });
    const randomStream = streamOf(count === 0 ? path : `${path} call ${count + 1}`) & 0xffffff;
    return layer.call({
      graph: this.#graph,
      inputs,
      weights: Object.fromEntries(variables),
      training,
      trainable: !this.#frozen.has(layer),
      randomStream,
      drawPerExample: (numbers) =>
        this.#drawPerExample?.(numbers, randomStream) ??
        drawRandom(this.#graph, 'randomUniform', [inputs[0]!.shape[0]!, numbers], randomStream),
      addLoss: (loss) => this.#addLoss(checkOneNumber(`${path}: addLoss`, loss)),
      assign: (part, value) => {
        const where = `${path}: assign`;
        const { shape } = weights[checkName(where, 'weight', part, Object.keys(weights))]!;
        if (training) this.#assign(`${path}/${part}`, shape, checkValue(where, value));
      },
    });
  }

  #assign(name: string, shape: Shape, value: Value): void {
    if (!sameShape(value.shape, shape)) return void this.#graph.assign(this.#graph.variable(name, shape), value);
    this.#assigned.set(name, { variable: this.#graph.variable(name, shape), value });
  }

  #addLoss(loss: Value): void {
    this.loss = this.loss ? add(this.loss, loss) : loss;
  }
}
