/** Symbolic tensors: what flows between layers before there are numbers. Calling a layer on them records the call; a
 * network is what lies between some of them. */
import type { Shape } from '../core/shape.ts';
import type { Layer, WeightSpec } from './layers/layer.ts';

/** How a layer is called. */
export interface CallOptions {
  /** False lets the layer behave as in inference even while the model trains, as a frozen base's batch normalization. */
  readonly training?: boolean;
}

/** One use of a layer. */
export interface LayerCall {
  readonly layer: Layer;
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  readonly options: CallOptions;
  readonly weights: Readonly<Record<string, WeightSpec>>;
  /** Floating-point operations for one example. */
  readonly flops: number;
}

/** An output of a layer's call: a shape, and where it comes from. Layers take it: `dense({ units: 10 })(x)`. */
export class SymbolicTensor {
  /** With the symbolic batch axis. */
  readonly shape: Shape;
  readonly call: LayerCall;
  /** Which of the call's outputs this is. */
  readonly index: number;

  constructor(shape: Shape, call: LayerCall, index: number) {
    this.shape = shape;
    this.call = call;
    this.index = index;
  }
}
