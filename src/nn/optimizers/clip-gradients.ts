/** Gradients made shorter, as Keras 3: number by number, weight by weight, or all together. */
import { add, clip, divide, maximum, multiply, sqrt, square } from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';
import { sum } from '../../ops/reduce.ts';
import type { CommonOptions } from './common-options.ts';

const sumOfSquares = (x: Value): Value => sum(square(x));

/** g · c / max(‖g‖, c). */
const shorten = (gradient: Value, length: Value, longest: number): Value =>
  divide(multiply(gradient, longest), maximum(length, longest));

/** The gradients as the optimizer's options bound them. Keras 2 took `clipnorm` over all gradients together. */
export function clipGradients(
  gradients: readonly Value[],
  { clipnorm, clipvalue, globalClipnorm, preset }: CommonOptions,
): readonly Value[] {
  if (clipvalue !== undefined) return gradients.map((gradient) => clip(gradient, -clipvalue, clipvalue));
  const longest = globalClipnorm ?? (preset === 'keras2' ? clipnorm : undefined);
  if (longest !== undefined && gradients.length > 0) {
    const length = sqrt(gradients.map(sumOfSquares).reduce((total, next) => add(total, next)));
    return gradients.map((gradient) => shorten(gradient, length, longest));
  }
  if (clipnorm === undefined) return gradients;
  return gradients.map((gradient) => shorten(gradient, sqrt(sumOfSquares(gradient)), clipnorm));
}
