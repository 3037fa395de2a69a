/** Activations as formulas on a value. They neither overflow nor lose their gradient for large values, and at a kink they
 * have the slope that TensorFlow gives them: of two equal values, `minimum` and `maximum` pass the gradient to the first. */
import {
  abs,
  add,
  clip,
  divide,
  erf,
  exp,
  expm1,
  greater,
  log1p,
  maximum,
  minimum,
  multiply,
  negate,
  relu,
  sigmoid,
  subtract,
  tanh,
  where,
} from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';

/** min(max(x, 0), 6); flat at both kinks. */
export const relu6 = (x: Value): Value => minimum(6, relu(x));

/** x above 0, slope · x from there down. */
export const leakyRelu = (x: Value, slope: number | Value): Value => add(relu(x), multiply(minimum(x, 0), slope));

/** Where a rectifier bends, and how far it goes. */
export interface ReluBounds {
  readonly negativeSlope: number;
  /** The largest value, where there is one. */
  readonly maxValue?: number;
  readonly threshold: number;
}

/** x above the threshold up to maxValue, negativeSlope · (x − threshold) from the threshold down, as Keras. */
export function reluWith(x: Value, { negativeSlope, maxValue, threshold }: ReluBounds): Value {
  if (threshold === 0 && maxValue === undefined) return negativeSlope === 0 ? relu(x) : leakyRelu(x, negativeSlope);
  const above = threshold === 0 ? relu(x) : where(greater(x, threshold), x, 0);
  // Keras takes ReLU6 where it can, which is flat at its bound; other bounds pass the gradient there.
  const isSix = maxValue === 6 && threshold === 0;
  const bounded = maxValue === undefined ? above : isSix ? relu6(above) : clip(above, 0, maxValue);
  if (negativeSlope === 0) return bounded;
  return add(bounded, multiply(minimum(0, subtract(x, threshold)), negativeSlope));
}

/** x above 0, alpha · (eˣ − 1) below (Clevert et al., 2015). */
export const elu = (x: Value, alpha: number): Value => add(relu(x), multiply(expm1(minimum(x, 0)), alpha));

/** scale · elu(x, alpha) with the two numbers that keep mean 0 and variance 1 (Klambauer et al., 2017). */
export const selu = (x: Value): Value => {
  const negative = multiply(expm1(minimum(0, x)), 1.6732632423543772);
  return multiply(add(maximum(x, 0), negative), 1.0507009873554805);
};

/** x · sigmoid(x), also called swish. */
export const silu = (x: Value): Value => multiply(x, sigmoid(x));

/** relu6(x + 3) / 6. */
export const hardSigmoid = (x: Value): Value => divide(relu6(add(x, 3)), 6);

/** x · hardSigmoid(x). */
export const hardSwish = (x: Value): Value => multiply(x, hardSigmoid(x));

/** x held between −1 and 1. */
export const hardTanh = (x: Value): Value => clip(x, -1, 1);

/** log(1 + eˣ), as max(x, 0) + log(1 + e^min(x, −x)): at 0 the first operand of the minimum gives the slope ½. */
export const softplus = (x: Value): Value => add(relu(x), log1p(exp(minimum(x, negate(x)))));

/** log sigmoid(x). */
export const logSigmoid = (x: Value): Value => negate(softplus(negate(x)));

/** x / (1 + |x|). */
export const softsign = (x: Value): Value => divide(x, add(abs(x), 1));

/** x · tanh(softplus(x)) (Misra, 2019). */
export const mish = (x: Value): Value => multiply(x, tanh(softplus(x)));

/** eˣ. */
export const exponential = (x: Value): Value => exp(x);

/** x/2 · (1 + erf(x / √2)): x times the share of normal numbers below it (Hendrycks and Gimpel, 2016). */
export const gelu = (x: Value): Value => multiply(multiply(x, 0.5), add(erf(multiply(x, Math.SQRT1_2)), 1));

/** x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))). Beyond ±10 the tanh is ±1 to the last bit, and x³ stays finite. */
export const geluTanh = (x: Value): Value => {
  const held = clip(x, -10, 10);
  const inner = multiply(add(held, multiply(multiply(multiply(held, held), held), 0.044715)), Math.sqrt(2 / Math.PI));
  return multiply(multiply(x, 0.5), add(tanh(inner), 1));
};
