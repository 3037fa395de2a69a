/** Softmax over the last axis: exp(x − max) / Σ exp(x − max). */
import type { Kernel } from './kernel.ts';

export const softmax: Kernel<'softmax'> = ([x], [y]) => {
  const length = x!.shape.at(-1) ?? 1;
  for (let start = 0; start < x!.values.length; start += length) {
    let largest = -Infinity;
    for (let i = start; i < start + length; i++) largest = Math.max(largest, x!.values[i]!);
    let sum = 0;
    for (let i = start; i < start + length; i++) {
      const power = Math.exp(x!.values[i]! - largest);
      y!.values[i] = power;
      sum += power;
    }
    for (let i = start; i < start + length; i++) y!.values[i]! /= sum;
  }
};
