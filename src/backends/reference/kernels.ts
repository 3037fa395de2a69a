/** All kernels of the reference backend: an op that is missing here does not compile. */
import { affineTransform } from './affine-transform.ts';
import { averagePool2d, averagePool2dGradient } from './average-pool2d.ts';
import { conv2d, conv2dInputGradient, conv2dKernelGradient } from './conv2d.ts';
import { conv2dMaxPool2d, conv2dMaxPool2dInputGradient, conv2dMaxPool2dKernelGradient } from './conv2d-max-pool2d.ts';
import { displace } from './displace.ts';
import { clahe, equalizeHistogram } from './equalize-histogram.ts';
import type { Kernel, KernelName } from './kernel.ts';
import { matMul } from './mat-mul.ts';
import { maxPool2d, maxPool2dGradient } from './max-pool2d.ts';
import { adjustHsv, mixChannels } from './mix-colors.ts';
import { concatenate, pad, slice, take, transpose } from './move.ts';
import { reduceMax, reduceSum } from './reduce.ts';
import { resize2d, resize2dGradient } from './resize2d.ts';
import { separableFilter } from './separable-filter.ts';
import { softmax } from './softmax.ts';
import { toBytes } from './to-bytes.ts';

export const kernels: { readonly [Name in KernelName]: Kernel<Name> } = {
  matMul,
  conv2d,
  conv2dInputGradient,
  conv2dKernelGradient,
  maxPool2d,
  maxPool2dGradient,
  conv2dMaxPool2d,
  conv2dMaxPool2dInputGradient,
  conv2dMaxPool2dKernelGradient,
  reduceSum,
  reduceMax,
  softmax,
  transpose,
  slice,
  pad,
  concatenate,
  averagePool2d,
  averagePool2dGradient,
  resize2d,
  resize2dGradient,
  affineTransform,
  displace,
  separableFilter,
  take,
  toBytes,
  equalizeHistogram,
  clahe,
  mixChannels,
  adjustHsv,
};
