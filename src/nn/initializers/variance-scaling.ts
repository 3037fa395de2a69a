/** Initializers that keep the variance of signals from layer to layer: LeCun et al. 1998, Glorot and Bengio 2010, He et al.
 * 2015, as Keras 3. Normal ones are truncated at two deviations and widened by 1 / 0.87962566 to keep their variance. */
import { checkName, checkNumber } from '../../core/options.ts';
import { elementCount, type Shape } from '../../core/shape.ts';
import type { PartDefinition } from '../part.ts';
import { type Initializer, type SeededDefaults, seeded } from './initializer.ts';

const modes = ['fanIn', 'fanOut', 'fanAvg'] as const;
const distributions = ['truncatedNormal', 'untruncatedNormal', 'uniform'] as const;

/** Options of `varianceScaling`. */
export interface VarianceScalingOptions extends SeededDefaults {
  /** The variance times the fan; above 0, default 1. */
  readonly scale: number;
  /** By inputs, by outputs, or by the mean of both; default `fanIn`. */
  readonly mode: (typeof modes)[number];
  /** Default `truncatedNormal`. */
  readonly distribution: (typeof distributions)[number];
}

/** The deviation of a standard normal truncated at ±2. */
const truncatedDeviation = 0.87962566103423978;

/** Inputs and outputs of one unit: dense kernels `[in, out]`, convolutions `[…window, in, out]`. For a depthwise kernel
 * `[…window, channels, multiplier]` that is what Keras counts too, though each of its outputs reads one channel only. */
export function fans(shape: Shape): { fanIn: number; fanOut: number } {
  if (shape.length < 2) return { fanIn: shape[0] ?? 1, fanOut: shape[0] ?? 1 };
  const window = elementCount(shape.slice(0, -2));
  return { fanIn: window * shape.at(-2)!, fanOut: window * shape.at(-1)! };
}

function scaled({ scale, mode, distribution }: Omit<VarianceScalingOptions, 'seed'>): Initializer {
  return (shape, random) => {
    const { fanIn, fanOut } = fans(shape);
    const fan = { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[mode];
    const variance = scale / Math.max(1, fan);
    if (distribution === 'uniform') {
      const limit = Math.sqrt(3 * variance);
      return () => random.uniform(-limit, limit);
    }
    if (distribution === 'untruncatedNormal') {
      const deviation = Math.sqrt(variance);
      return () => random.normal() * deviation;
    }
    const deviation = Math.sqrt(variance) / truncatedDeviation;
    return () => random.truncatedNormal() * deviation;
  };
}

/** A variance of scale / fan. */
export const varianceScaling: PartDefinition<VarianceScalingOptions, Initializer> = {
  defaults: { scale: 1, mode: 'fanIn', distribution: 'truncatedNormal', seed: undefined },
  make(options, where) {
    checkNumber(where, 'scale', options.scale, { min: 0, exclusive: true });
    checkName(where, 'mode', String(options.mode), modes);
    checkName(where, 'distribution', String(options.distribution), distributions);
    return seeded(where, options, scaled(options));
  },
};

type Named = PartDefinition<SeededDefaults, Initializer>;

function named(scale: number, mode: VarianceScalingOptions['mode'], isUniform: boolean): Named {
  const distribution = isUniform ? 'uniform' : 'truncatedNormal';
  const initializer = scaled({ scale, mode, distribution });
  return { defaults: { seed: undefined }, make: (options, where) => seeded(where, options, initializer) };
}

/** U(−√(6/(in+out)), √(6/(in+out))). */
export const glorotUniform: Named = named(1, 'fanAvg', true);
/** Variance 2/(in+out). */
export const glorotNormal: Named = named(1, 'fanAvg', false);
/** U(−√(6/in), √(6/in)). */
export const heUniform: Named = named(2, 'fanIn', true);
/** Variance 2/in. */
export const heNormal: Named = named(2, 'fanIn', false);
/** U(−√(3/in), √(3/in)). */
export const lecunUniform: Named = named(1, 'fanIn', true);
/** Variance 1/in. */
export const lecunNormal: Named = named(1, 'fanIn', false);
