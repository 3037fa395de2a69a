/** A layer at its place in a network: its name there, its shapes, its weights and its output. */
import { elementCount, type Shape } from '../core/shape.ts';
import type { Layer, LayerConfig, WeightSpec } from './layers/layer.ts';
import type { Network } from './network.ts';
import type { LayerCall, SymbolicTensor } from './symbolic-tensor.ts';

/** A weight of a network, under its full name `conv2d_1/kernel`. */
export interface NetworkWeight extends WeightSpec {
  readonly name: string;
  /** The layer that it belongs to, which several networks may share. */
  readonly layer: Layer;
  /** Its name within the layer: `kernel`. */
  readonly part: string;
}

/** A layer at its place. */
export class PlacedLayer {
  readonly name: string;
  readonly layer: Layer;
  /** More than one where the layer is shared. */
  readonly calls: readonly LayerCall[];
  readonly weights: readonly NetworkWeight[];

  constructor(name: string, layer: Layer, calls: readonly LayerCall[], weights: readonly NetworkWeight[]) {
    this.name = name;
    this.layer = layer;
    this.calls = calls;
    this.weights = weights;
  }

  get className(): string {
    return this.layer.className;
  }

  get config(): LayerConfig {
    return this.layer.config;
  }

  /** False freezes the layer; it counts from the next `compile` on. */
  get trainable(): boolean {
    return this.layer.trainable;
  }

  set trainable(value: boolean) {
    this.layer.trainable = value;
  }

  /** Of a model used as a layer: the layers in it. */
  get network(): Network | undefined {
    return this.layer.network;
  }

  /** The first input of its first call, from which another model can begin. */
  get input(): SymbolicTensor {
    const [call] = this.calls;
    return call!.inputs[0] ?? call!.outputs[0]!;
  }

  /** The first output of its first call, at which another model can end. */
  get output(): SymbolicTensor {
    return this.calls[0]!.outputs[0]!;
  }

  /** With the symbolic batch axis. */
  get inputShape(): Shape {
    return this.input.shape;
  }

  get outputShape(): Shape {
    return this.output.shape;
  }

  /** Floating-point operations of one forward pass of one example, all calls together. */
  get flops(): number {
    return this.calls.reduce((total, { flops }) => total + flops, 0);
  }

  get parameterCount(): number {
    return this.weights.reduce((total, { shape }) => total + elementCount(shape), 0);
  }
}
