/** The table of ops: a row per op. A backend without a kernel for a row says "unsupported"; a row missing here is a
 * type error wherever its name is used. The order of the rows gives the numbers in a program's words. */
import { affineTransform } from './affine-transform.ts';
import { averagePool2d, averagePool2dGradient } from './average-pool2d.ts';
import { concatenate } from './concatenate.ts';
import { conv2d, conv2dInputGradient, conv2dKernelGradient } from './conv2d.ts';
import { conv2dMaxPool2d, conv2dMaxPool2dInputGradient, conv2dMaxPool2dKernelGradient } from './conv2d-max-pool2d.ts';
import { displace } from './displace.ts';
import { elementwiseOps } from './elementwise.ts';
import { clahe, equalizeHistogram } from './equalize-histogram.ts';
import { constant, input, scalar, variable } from './leaves.ts';
import { matMul } from './mat-mul.ts';
import { maxPool2d, maxPool2dGradient } from './max-pool2d.ts';
import { adjustHsv, mixChannels } from './mix-colors.ts';
import type { AttributesOf, Fields, OpDefinition } from './op.ts';
import { reduceMax, reduceSum } from './reduce.ts';
import { reshape } from './reshape.ts';
import { resize2d, resize2dGradient } from './resize2d.ts';
import { separableFilter } from './separable-filter.ts';
import { pad, slice } from './slice.ts';
import { softmax } from './softmax.ts';
import { stopGradient } from './stop-gradient.ts';
import { take } from './take.ts';
import { toBytes } from './to-bytes.ts';
import { transpose } from './transpose.ts';

const rows = {
  input,
  variable,
  scalar,
  constant,
  reshape,
  stopGradient,
  ...elementwiseOps,
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

/** The names of all ops. */
export type OpName = keyof typeof rows;

/** The attributes of an op. */
export type AttributesFor<Name extends OpName> =
  (typeof rows)[Name] extends OpDefinition<infer F extends Fields> ? AttributesOf<F> : never;

/** The table with its precise types. */
export const table: typeof rows = rows;

/** The row of an op known only by name, with its types forgotten. */
export function definitionOf(op: OpName): OpDefinition {
  return rows[op] as unknown as OpDefinition;
}

/** All names, in the table's order. */
export const opNames: readonly OpName[] = Object.keys(rows) as OpName[];
