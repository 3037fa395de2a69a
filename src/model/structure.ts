/** The layers of a model and their wiring: what a model is before it has weights. A row of layers can grow and shrink. */
import { OptionError } from '../core/errors.ts';
import { checkName, checkNumber, show } from '../core/options.ts';
import { sameShape } from '../core/shape.ts';
import { callLayer } from '../nn/layer-call.ts';
import { checkLayerName, isLayer, type Layer } from '../nn/layers/layer.ts';
import { Network, type SequentialPart } from '../nn/network.ts';
import { type NetworkConfig, networkConfig } from '../nn/network-config.ts';
import { PlacedLayer } from '../nn/placed-layer.ts';
import { type CallOptions, SymbolicTensor } from '../nn/symbolic-tensor.ts';
import { Callable } from './callable.ts';

/** What a row of layers is made of: layers, models, and an input in the first place. */
export type StructurePart = SequentialPart | Structure;

/** The parent of `Model`. It can be called as a layer. */
export abstract class Structure extends Callable {
  override readonly name: string;
  /** The row of layers; absent where they are wired freely. */
  readonly #parts: SequentialPart[] | undefined;
  #network: Network | undefined;

  constructor(source: readonly StructurePart[] | Network, name: string) {
    super();
    checkLayerName(source instanceof Network ? 'model' : 'sequential', name);
    this.name = name;
    if (source instanceof Network) this.#network = source;
    else {
      if (!Array.isArray(source)) {
        throw new OptionError(`sequential: expected a list of layers, received ${show(source)}.`);
      }
      this.#parts = source.map((part, index) => checkPart(`sequential: place ${index + 1}`, part));
      this.#buildIfShaped();
    }
  }

  /** Fixes the shape of one example, where no input layer has. @throws ShapeError where a layer cannot take it */
  build(inputShape: readonly number[]): void {
    if (!Array.isArray(inputShape)) {
      throw new OptionError(
        `${this.name}: build: expected the shape of one example as a list, as [150, 150, 3], received ${show(inputShape)}.`,
      );
    }
    if (this.#network && sameShape(this.#network.inputShape, inputShape)) return;
    if (this.#network) {
      throw new OptionError(
        `${this.name}: expected to be built once, for inputs of shape [${this.#network.inputShape.join(', ')}], received [${inputShape.join(', ')}].`,
      );
    }
    this.#network = Network.sequential(this.#parts!, inputShape);
  }

  /**
   * Adds a layer at the end of a row. Weights of the layers before stay.
   *
   * @throws OptionError for a model that is no row; ShapeError where the layer cannot take what comes before
   */
  add(part: StructurePart): void {
    this.#changeRow('add', [...this.#row('add'), checkPart('add', part)]);
  }

  /** Takes the last layer off a row. @returns the layer, which keeps its weights. @throws OptionError where there is none */
  pop(): Layer {
    const row = this.#row('pop');
    const last = row.at(-1);
    if (last === undefined || last instanceof SymbolicTensor) {
      throw new OptionError(`pop: expected at least one layer in ${this.name}, received none.`);
    }
    this.#changeRow('pop', row.slice(0, -1));
    return last;
  }

  /** The layers at their places, with shapes and weights. @throws OptionError where the model is not built */
  get layers(): readonly PlacedLayer[] {
    return this.network.layers;
  }

  /** A layer by its name or its place in `layers`. @throws OptionError naming the nearest name */
  getLayer(nameOrPlace: string | number): PlacedLayer {
    const { layers } = this;
    if (typeof nameOrPlace === 'number') {
      checkNumber(`${this.name}.getLayer`, 'the place', nameOrPlace, { integer: true, min: 0, max: layers.length - 1 });
      return layers[nameOrPlace]!;
    }
    const names = layers.map(({ name }) => name);
    return layers[names.indexOf(checkName(`${this.name}.getLayer`, 'layer', nameOrPlace, names))]!;
  }

  /** The symbolic inputs, from which other models can begin. */
  get inputs(): readonly SymbolicTensor[] {
    return this.network.inputs;
  }

  /** The first input. */
  get input(): SymbolicTensor {
    return this.inputs[0]!;
  }

  /** The symbolic outputs, on which other layers can be called. */
  get outputs(): readonly SymbolicTensor[] {
    return this.network.outputs;
  }

  /** The first output. */
  get output(): SymbolicTensor {
    return this.outputs[0]!;
  }

  /** False where every layer is frozen. Setting it sets it on all layers; it counts from the next `compile` on. */
  get trainable(): boolean {
    return this.layers.some(({ trainable, className }) => trainable && className !== 'InputLayer');
  }

  set trainable(value: boolean) {
    for (const placed of this.layers) placed.trainable = value;
  }

  /** The model as a layer of another one; both use the same weights. */
  asLayer(): Layer {
    return this.network.asLayer(this.name);
  }

  /** As calling the model, with all of its outputs. */
  override applyTo(x: SymbolicTensor | readonly SymbolicTensor[], options?: CallOptions): readonly SymbolicTensor[] {
    const layer = this.asLayer();
    return callLayer(layer, x, options).outputs;
  }

  /** The layers and their wiring as plain data. @throws OptionError where a layer holds a function of the user's own */
  getConfig(): NetworkConfig {
    return networkConfig(this.network);
  }

  /** The layers wired together. @throws OptionError where the model is not built */
  get network(): Network {
    if (this.#network) return this.#network;
    throw new OptionError(
      `${this.name}: expected a known input shape. Put layers.input({ shape: [height, width, channels] }) first, call build, or fit it.`,
    );
  }

  /** Builds a row whose shape the data tell. */
  buildFor(inputShape: readonly number[]): void {
    if (!this.#network) this.build(inputShape);
  }

  /** Called before the row changes. @throws TrainingError where it must not change now */
  protected abstract beforeChange(where: string): void;

  /** The network, where it is built. */
  get builtNetwork(): Network | undefined {
    return this.#network;
  }

  #row(where: string): readonly SequentialPart[] {
    if (this.#parts) return this.#parts;
    throw new OptionError(
      `${where}: expected a row of layers, made by sequential, received the model ${this.name}, whose layers are wired freely. Make a model of its inputs and of new outputs.`,
    );
  }

  #changeRow(where: string, parts: readonly SequentialPart[]): void {
    this.beforeChange(where);
    const inputShape = this.#network?.inputShape;
    const isEmpty = parts.every((part) => part instanceof SymbolicTensor);
    const network = inputShape && !isEmpty ? Network.sequential(parts, inputShape) : undefined;
    this.#parts!.splice(0, Number.POSITIVE_INFINITY, ...parts);
    this.#network = network;
    this.#buildIfShaped();
  }

  /** Builds a row that begins with an input, or with a layer that knows its input's shape. */
  #buildIfShaped(): void {
    const [first, ...others] = this.#parts!;
    if (this.#network || first === undefined) return;
    if (first instanceof SymbolicTensor) {
      if (others.length > 0) this.#network = Network.sequential(this.#parts!);
      return;
    }
    const shape = first.inputShape ?? first.network?.inputShape;
    if (shape) this.build(shape);
  }
}

/** A part of a row, models as layers. @throws OptionError where it is something else */
function checkPart(where: string, part: unknown): SequentialPart {
  if (part instanceof Structure) return part.asLayer();
  if (part instanceof SymbolicTensor || isLayer(part)) return part;
  let advice = 'Write layers.flatten() for example.';
  if (part instanceof PlacedLayer) advice = `Give ${part.name}'s layer: getLayer("${part.name}").layer.`;
  else if (typeof part === 'function' && 'className' in part) advice = 'Call it: layers.flatten().';
  throw new OptionError(
    `${where}: expected a layer, a model or an input, received ${part instanceof PlacedLayer ? 'a layer at its place in a model' : show(part)}. ${advice}`,
  );
}
