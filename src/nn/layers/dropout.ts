/** Dropout: in training, multiplies the values by a random mask with mean 1 (Srivastava et al., 2014; inverted). Masks are
 * drawn from (seed, layer, step, element): they are never stored. */
import { checkNumber } from '../../core/options.ts';
import type { Shape } from '../../core/shape.ts';
import { add, drawRandom, greaterEqual, multiply } from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';
import { checkDataFormat, checkPictures, type DataFormat } from './arguments.ts';
import type { CallContext, LayerDefinition } from './layer.ts';

/** Options of `dropout`. */
export interface DropoutOptions {
  /** The share that is dropped, from 0 to below 1. */
  rate: number;
}

/** Options of `spatialDropout2d`. */
export interface SpatialDropout2dOptions extends DropoutOptions {
  /** Only `channelsLast`. */
  dataFormat?: DataFormat;
}

/** Options of `gaussianDropout`. */
export interface GaussianDropoutOptions {
  /** The noise has the standard deviation √(rate / (1 − rate)), as the mask of `dropout` with this rate; from 0 to below 1. */
  rate: number;
}

/** Sets a share of the values to zero and scales up the rest. The output has the input's shape. */
export const dropout: LayerDefinition<DropoutOptions, DropoutOptions> = {
  className: 'Dropout',
  options: ['rate'],
  configure: ({ rate }, where) => ({ rate: checkRate(where, rate) }),
  call: (context) => dropped(context, context.inputs[0]!.shape),
};

/** Drops whole channels (Tompson et al., 2015). Input and output `[batch, height, width, channels]`. */
export const spatialDropout2d: LayerDefinition<SpatialDropout2dOptions, DropoutOptions> = {
  className: 'SpatialDropout2D',
  options: ['rate', 'dataFormat'],
  configure({ rate, dataFormat }, where) {
    checkDataFormat(where, dataFormat);
    return { rate: checkRate(where, rate) };
  },
  weights(_, inputShape, where) {
    checkPictures(inputShape, where);
    return {};
  },
  call(context) {
    const [batch, , , channels] = context.inputs[0]!.shape as [number, number, number, number];
    return dropped(context, [batch, 1, 1, channels]);
  },
};

/** Multiplies by normal numbers with mean 1 (section 10 of the paper). The output has the input's shape. */
export const gaussianDropout: LayerDefinition<GaussianDropoutOptions, GaussianDropoutOptions> = {
  className: 'GaussianDropout',
  options: ['rate'],
  configure: ({ rate }, where) => ({ rate: checkRate(where, rate) }),
  call({ graph, config: { rate }, inputs: [x], training, randomStream }) {
    if (!training || rate === 0) return x!;
    const drawn = drawRandom(graph, 'randomNormal', x!.shape, randomStream);
    return multiply(x!, add(multiply(drawn, Math.sqrt(rate / (1 - rate))), 1));
  },
};

function checkRate(where: string, rate: unknown): number {
  return checkNumber(where, 'rate', rate, { min: 0, max: 1, exclusive: 'max' });
}

/** x times a mask of the given shape, which is 0 or 1 / (1 − rate). */
function dropped(
  { graph, config: { rate }, inputs: [x], training, randomStream }: CallContext<DropoutOptions>,
  shape: Shape,
): Value {
  if (!training || rate === 0) return x!;
  const drawn = drawRandom(graph, 'randomUniform', shape, randomStream);
  return multiply(x!, multiply(greaterEqual(drawn, rate), 1 / (1 - rate)));
}
