/** Ops, as `import { add, multiply, sum } from 'cajal/ops'`: what layers, losses, optimizers and metrics of one's own are
 * written in. Each takes and gives values of a graph; gradients and kernels follow from them. */
export { type AffineTransformOptions, transformPictures as affineTransform } from './affine-transform.ts';
export { averagePool as averagePool2d } from './average-pool2d.ts';
export { concatenateAll as concatenate } from './concatenate.ts';
export { type Conv2dAttributes, convolve as conv2d, transposedConvolve as conv2dTranspose } from './conv2d.ts';
export { displacePictures as displace } from './displace.ts';
export {
  abs,
  add,
  broadcastTo,
  clip,
  cos,
  divide,
  drawRandom,
  equal,
  erf,
  exp,
  expm1,
  floor,
  greater,
  greaterEqual,
  log,
  log1p,
  maximum,
  minimum,
  multiply,
  negate,
  type Operand,
  powerOf as power,
  relu,
  sigmoid,
  sign,
  sin,
  sqrt,
  square,
  subtract,
  tanh,
  where,
} from './elementwise.ts';
export {
  type ClaheOptions,
  equalizeLocally as clahe,
  equalizePictures as equalizeHistogram,
} from './equalize-histogram.ts';
export { matrixProduct as matMul } from './mat-mul.ts';
export { maxPool as maxPool2d } from './max-pool2d.ts';
export { mean } from './mean.ts';
export { type ColorBounds, mixPictures as mixChannels, recolorPictures as adjustHsv } from './mix-colors.ts';
export type { Value } from './op.ts';
export { sum } from './reduce.ts';
export { reshapeTo as reshape } from './reshape.ts';
export { type Interpolation, resize as resize2d } from './resize2d.ts';
export type { FillMode, SamplingInterpolation, SamplingOptions } from './sampling.ts';
export { filterPictures as separableFilter } from './separable-filter.ts';
export { padWith as pad, sliceOf as slice } from './slice.ts';
export { softmaxOf as softmax } from './softmax.ts';
export { withoutGradient as stopGradient } from './stop-gradient.ts';
export { takeExamples as take } from './take.ts';
export { asBytes as toBytes } from './to-bytes.ts';
export { transposeAxes as transpose } from './transpose.ts';
export { type Padding, type Window, windowFor } from './window.ts';
