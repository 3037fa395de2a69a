/** Objects that can be called: a model is used as a layer by calling it, as `base(x)`. */
import type { CallOptions, SymbolicTensor } from '../nn/symbolic-tensor.ts';

type Inputs = SymbolicTensor | readonly SymbolicTensor[];

abstract class CallableObject {
  constructor() {
    const callable = (x: Inputs, options?: CallOptions): SymbolicTensor =>
      (callable as unknown as CallableObject).applyTo(x, options)[0]!;
    // biome-ignore lint/correctness/noConstructorReturn: only a function can be called.
    return Object.setPrototypeOf(callable, new.target.prototype) as CallableObject;
  }

  /** The outputs, as symbolic tensors, for symbolic inputs. */
  abstract applyTo(x: Inputs, options?: CallOptions): readonly SymbolicTensor[];
}

/** The parent of models. What its constructor gives is a function that has the methods of the class. */
export const Callable: abstract new () => CallableObject & ((x: Inputs, options?: CallOptions) => SymbolicTensor) =
  CallableObject as never;
