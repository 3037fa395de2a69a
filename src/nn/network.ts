/** A network: layers wired together, with names and shapes. It can be traced into a graph, and knows neither training
 * nor files. */
import { OptionError, ShapeError } from '../core/errors.ts';
import { Random } from '../core/random.ts';
import { elementCount, formatShape, type Shape, sameShape } from '../core/shape.ts';
import type { Graph } from '../graph/graph.ts';
import type { Value } from '../ops/op.ts';
import { checkFill, type Fill, initializer } from './initializers/table.ts';
import { callLayer } from './layer-call.ts';
import { input, inputClass, isInput } from './layers/input.ts';
import { type Layer, makeLayer } from './layers/layer.ts';
import { baseName } from './layers/table.ts';
import { callsBetween, uniqueNames } from './network-order.ts';
import { type NetworkWeight, PlacedLayer } from './placed-layer.ts';
import { type LayerCall, SymbolicTensor } from './symbolic-tensor.ts';
import { type Trace, type TraceOptions, traceNetwork } from './trace.ts';

/** What a row of layers is made of: layers, and an input in the first place. */
export type SequentialPart = Layer | SymbolicTensor;

/** Layers between inputs and outputs. */
export class Network {
  /** `Sequential`: one layer after the other; `Functional`: any wiring. */
  readonly kind: 'Sequential' | 'Functional';
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  /** The names of the inputs, in their order. */
  readonly inputNames: readonly string[];
  /** The names of the outputs: those of the layers that they come from. */
  readonly outputNames: readonly string[];
  /** The uses of the layers, in the order in which they run. */
  readonly calls: readonly LayerCall[];
  /** As Keras lists them: with the input layers where the wiring is free. */
  readonly layers: readonly PlacedLayer[];
  /** All weights, those of networks within included, each once. */
  readonly weights: readonly NetworkWeight[];
  /** The path of each layer that has no layers within, as `base/conv2d`: the beginning of its weights' names. */
  readonly paths: ReadonlyMap<Layer, string>;
  readonly #names: ReadonlyMap<Layer, string>;
  readonly #asLayer = new Map<string | undefined, Layer>();

  /**
   * @throws OptionError where an output does not follow from the inputs, an input leads nowhere, or a name is given twice
   */
  constructor(
    inputs: readonly SymbolicTensor[],
    outputs: readonly SymbolicTensor[],
    kind: Network['kind'] = 'Functional',
  ) {
    this.kind = kind;
    this.inputs = inputs;
    this.outputs = outputs;
    this.calls = callsBetween(inputs, outputs);
    const where = kind === 'Sequential' ? 'sequential' : 'model';
    const begins = inputs.map((tensor) => (isInput(tensor) ? tensor : input({ shape: tensor.shape.slice(1) })));
    const layers = [...new Set([...begins, ...this.calls.flatMap(({ outputs: [first] }) => first!)].map(layerOf))];
    const names = uniqueNames(where, layers, baseName);
    this.#names = new Map(layers.map((layer, index) => [layer, names[index]!]));
    this.inputNames = begins.map((tensor) => this.#names.get(layerOf(tensor))!);
    this.outputNames = this.#nameOutputs();
    this.paths = this.#findPaths();
    this.weights = this.#findWeights();
    const listed = kind === 'Sequential' ? layers.filter(({ className }) => className !== inputClass) : layers;
    this.layers = listed.map((layer) => {
      const name = this.#names.get(layer)!;
      const begin = begins.find(({ call }) => call.layer === layer);
      const calls = begin ? [begin.call] : this.calls.filter((call) => call.layer === layer);
      const within = new Set(layer.network ? layer.network.paths.keys() : [layer]);
      return new PlacedLayer(
        name,
        layer,
        calls,
        this.weights.filter((weight) => within.has(weight.layer)),
      );
    });
  }

  /**
   * Layers in a row.
   *
   * @param parts layers, after an input where the shape is not given
   * @param inputShape shape of one example, without batch
   * @throws ShapeError where a layer cannot take its input; the message names the layer
   */
  static sequential(parts: readonly SequentialPart[], inputShape?: readonly number[]): Network {
    const [first, ...others] = parts;
    const begin = first instanceof SymbolicTensor ? first : input({ shape: inputShape ?? [] });
    const layers = first instanceof SymbolicTensor ? others : parts;
    if (layers.length === 0) throw new OptionError('sequential: expected at least one layer, received none.');
    const isLayer = (part: SequentialPart): part is Layer => !(part instanceof SymbolicTensor);
    if (!layers.every(isLayer)) {
      const place = parts.findLastIndex((part) => part instanceof SymbolicTensor) + 1;
      throw new OptionError(`sequential: expected an input in the first place only, received one in place ${place}.`);
    }
    const distinct = [...new Set(layers)];
    const names = new Map(uniqueNames('sequential', distinct, baseName).map((name, index) => [distinct[index]!, name]));
    let x = begin;
    for (const layer of layers) {
      [x] = callLayer(layer, x, {}, names.get(layer)).outputs as [SymbolicTensor];
    }
    return new Network([begin], [x], 'Sequential');
  }

  /** The shape of one example of the first input, without batch. */
  get inputShape(): readonly number[] {
    return this.inputs[0]!.shape.slice(1);
  }

  /** Of the first output, with the symbolic batch axis. */
  get outputShape(): Shape {
    return this.outputs[0]!.shape;
  }

  get parameterCount(): number {
    return this.weights.reduce((total, { shape }) => total + elementCount(shape), 0);
  }

  /** Floating-point operations of one forward pass of one example. */
  get flops(): number {
    return this.calls.reduce((total, { flops }) => total + flops, 0);
  }

  /** The name of a layer in this network. */
  nameOf(layer: Layer): string {
    return this.#names.get(layer)!;
  }

  /** Puts the layers' calls into a graph. */
  trace(graph: Graph, inputs: readonly Value[], options: TraceOptions): Trace {
    return traceNetwork(this, graph, inputs, options);
  }

  /** The layers, within other networks too, that do not train now: frozen themselves or within something frozen. */
  frozenLayers(isFrozen = false): Set<Layer> {
    const frozen = new Set<Layer>();
    for (const { layer } of this.calls) {
      const stays = isFrozen || !layer.trainable;
      if (layer.network) for (const inner of layer.network.frozenLayers(stays)) frozen.add(inner);
      else if (stays) frozen.add(layer);
    }
    return frozen;
  }

  /** What fills each weight at first, drawn from (seed, weight name). */
  initialize(seed: number): Map<string, Fill> {
    return new Map(
      this.weights.map((weight) => {
        const random = new Random(seed, `initialize ${weight.name}`);
        return [weight.name, checkFill(weight.name, initializer(weight.initializer)(weight.shape, random))];
      }),
    );
  }

  /** This network as a layer of another one: the same layer each time for a name, so that it can be shared. */
  asLayer(name: string | undefined): Layer {
    const known = this.#asLayer.get(name);
    if (known) return known;
    const network = this;
    const made = makeLayer({
      className: this.kind,
      name,
      config: {},
      trainable: true,
      inputCount: this.inputs.length,
      activityRegularizer: undefined,
      network,
      weights(inputShapes, where) {
        inputShapes.forEach((shape, index) => {
          const expected = network.inputs[index]!.shape;
          if (sameShape(shape, expected)) return;
          throw new ShapeError(
            `${where}: expected an input of shape ${formatShape(expected)}, received ${formatShape(shape)}.`,
          );
        });
        return {};
      },
      call: ({ graph, inputs }) => network.trace(graph as Graph, inputs, { training: false }).outputs,
    });
    this.#asLayer.set(name, made);
    return made;
  }

  #nameOutputs(): string[] {
    return this.outputs.map((output, index) => {
      const name = this.#names.get(layerOf(output)) ?? this.inputNames[this.inputs.indexOf(output)]!;
      const before = this.outputs.slice(0, index).filter((other) => layerOf(other) === layerOf(output)).length;
      return before === 0 ? name : `${name}_${before}`;
    });
  }

  #findPaths(): Map<Layer, string> {
    const paths = new Map<Layer, string>();
    for (const { layer } of this.calls) {
      const name = this.#names.get(layer)!;
      if (!layer.network) {
        paths.set(layer, paths.get(layer) ?? name);
        continue;
      }
      for (const [inner, path] of layer.network.paths) if (!paths.has(inner)) paths.set(inner, `${name}/${path}`);
    }
    return paths;
  }

  #findWeights(): NetworkWeight[] {
    const specs = new Map<Layer, LayerCall['weights']>();
    const collect = ({ calls }: Network): void => {
      for (const { layer, weights } of calls) {
        if (layer.network) collect(layer.network);
        else if (!specs.has(layer)) specs.set(layer, weights);
      }
    };
    collect(this);
    return [...specs].flatMap(([layer, weights]) =>
      Object.entries(weights).map(([part, spec]) => ({
        ...spec,
        name: `${this.paths.get(layer)}/${part}`,
        layer,
        part,
      })),
    );
  }
}

function layerOf(tensor: SymbolicTensor): Layer {
  return tensor.call.layer;
}
