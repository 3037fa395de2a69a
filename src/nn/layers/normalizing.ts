/** What batch, layer and group normalization have in common: γ · (x − mean) / √(variance + ε) + β, and the options of γ and
 * β. The variance is the mean of (x − mean)², in a second pass: Σx² − mean² would lose it where the mean is large. */
import { checkNumber, checkSwitch } from '../../core/options.ts';
import type { Shape } from '../../core/shape.ts';
import { add, divide, multiply, type Operand, sqrt, subtract } from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';
import { withoutGradient } from '../../ops/stop-gradient.ts';
import type { WeightSpec } from './layer.ts';
import {
  checkWeightOptions,
  type WeightConfig,
  type WeightOptions,
  weightOptionNames,
  weightSpec,
} from './weight-options.ts';

/** Options of every normalization that trains, named as in Keras. γ begins as `ones`, β as `zeros`. */
export interface NormalizingOptions extends WeightOptions<'beta' | 'gamma'> {
  /** Added to the variance; default 0.001. */
  epsilon?: number;
  /** Adds a trained β; default true. */
  center?: boolean;
  /** Multiplies by a trained γ; default true. */
  scale?: boolean;
}

/** The names of these options. */
export const normalizingOptionNames: readonly (keyof NormalizingOptions)[] = [
  'epsilon',
  'center',
  'scale',
  ...weightOptionNames('beta', 'gamma'),
];

/** These options, checked. */
export interface NormalizingConfig extends WeightConfig<'beta' | 'gamma'> {
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
}

/** Checks the options and fills in the defaults. @throws OptionError that names `where` */
export function checkNormalizing(where: string, options: NormalizingOptions): NormalizingConfig {
  return {
    epsilon: checkNumber(where, 'epsilon', options.epsilon ?? 1e-3, { min: 0 }),
    center: checkSwitch(where, 'center', options.center ?? true),
    scale: checkSwitch(where, 'scale', options.scale ?? true),
    ...checkWeightOptions<'beta' | 'gamma'>(where, options, { beta: 'zeros', gamma: 'ones' }),
  };
}

/** γ and β of a shape, as far as they are asked for. */
export function normalizingWeights(config: NormalizingConfig, shape: Shape): Record<string, WeightSpec> {
  return {
    ...(config.scale && { gamma: weightSpec<'beta' | 'gamma'>(config, 'gamma', shape) }),
    ...(config.center && { beta: weightSpec<'beta' | 'gamma'>(config, 'beta', shape) }),
  };
}

/** γ · (x − mean) / √(variance + ε) + β, where `meanOf` takes the mean of a value over the axes that are meant, kept as axes
 * of size 1 or left out where that broadcasts. Written so that gradients need two sums over x's places and no more. */
export function normalize(
  x: Value,
  meanOf: (x: Value) => Value,
  { epsilon, gamma, beta }: { epsilon: number; gamma: Value | undefined; beta: Value | undefined },
): { y: Value; mean: Value; variance: Value } {
  const mean = meanOf(x);
  const centered = subtract(x, withoutGradient(mean));
  // Its derivative with respect to the mean is −2 Σ(x − mean) = 0. A square would keep 2 · centered for its gradient.
  const variance = meanOf(multiply(centered, centered));
  const scale = scaleOf(variance, epsilon, gamma);
  // This is 0, and its gradient is what the mean contributes: a sum of what arrives, which β needs as well.
  const shift = multiply(subtract(withoutGradient(mean), mean), scale);
  return { y: add(multiply(centered, scale), beta ? add(shift, beta) : shift), mean, variance };
}

/** γ / √(variance + ε). */
export function scaleOf(variance: Value, epsilon: number, gamma: Operand = 1): Value {
  return divide(gamma, sqrt(add(variance, epsilon)));
}
