/** All cases by family; each family is tested in a process of its own, so a crash in one kernel fails one file. */

import { affineTransformCases } from './affine-transform.ts';
import { averagePool2dCases } from './average-pool2d.ts';
import type { AnyCase } from './case.ts';
import { conv2dCases } from './conv2d.ts';
import { conv2dMaxPool2dCases } from './conv2d-max-pool2d.ts';
import { displaceCases } from './displace.ts';
import { elementwiseCases } from './elementwise.ts';
import { equalizeCases } from './equalize-histogram.ts';
import { fusedCases } from './fused.ts';
import { matMulCases } from './mat-mul.ts';
import { maxPool2dCases } from './max-pool2d.ts';
import { mixColorsCases } from './mix-colors.ts';
import { moveCases } from './move.ts';
import { productCases } from './product.ts';
import { reduceCases } from './reduce.ts';
import { resize2dCases } from './resize2d.ts';
import { separableFilterCases } from './separable-filter.ts';
import { softmaxCases } from './softmax.ts';
import { takeCases } from './take.ts';
import { toBytesCases } from './to-bytes.ts';

/** The names of the families. */
export type Family =
  | 'conv2d'
  | 'conv2dMaxPool2d'
  | 'matMul'
  | 'maxPool2d'
  | 'reduce'
  | 'move'
  | 'averagePool2d'
  | 'resize2d'
  | 'softmax'
  | 'elementwise'
  | 'fused'
  | 'product'
  | 'affineTransform'
  | 'displace'
  | 'separableFilter'
  | 'mixColors'
  | 'take'
  | 'toBytes'
  | 'equalizeHistogram';

/** The cases of each family. */
export const families: Readonly<Record<Family, readonly AnyCase[]>> = {
  conv2d: conv2dCases as readonly AnyCase[],
  conv2dMaxPool2d: conv2dMaxPool2dCases as readonly AnyCase[],
  matMul: matMulCases as readonly AnyCase[],
  maxPool2d: maxPool2dCases as readonly AnyCase[],
  reduce: reduceCases as readonly AnyCase[],
  move: moveCases as readonly AnyCase[],
  averagePool2d: averagePool2dCases as readonly AnyCase[],
  resize2d: resize2dCases as readonly AnyCase[],
  softmax: softmaxCases as readonly AnyCase[],
  elementwise: elementwiseCases as readonly AnyCase[],
  fused: fusedCases,
  product: productCases,
  affineTransform: affineTransformCases as readonly AnyCase[],
  displace: displaceCases as readonly AnyCase[],
  separableFilter: separableFilterCases as readonly AnyCase[],
  mixColors: mixColorsCases as readonly AnyCase[],
  take: takeCases as readonly AnyCase[],
  toBytes: toBytesCases as readonly AnyCase[],
  equalizeHistogram: equalizeCases as readonly AnyCase[],
};
