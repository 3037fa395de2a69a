/** Constant rows of numbers, made in the graph: it has no constants with axes. */
import type { Graph } from '../../../graph/graph.ts';
import { concatenateAll } from '../../../ops/concatenate.ts';
import { add } from '../../../ops/elementwise.ts';
import type { Value } from '../../../ops/op.ts';
import { reshapeTo } from '../../../ops/reshape.ts';
import { sliceOf } from '../../../ops/slice.ts';

/** 0, 1, 2, … count − 1 as `[1, count]`: rows of 1, 2, 4, … numbers, each as long again as the one before. */
export function counted(graph: Graph, count: number): Value {
  let row = reshapeTo(graph.constant(0), [1, 1]);
  for (let length = 1; length < count; length *= 2) row = concatenateAll([row, add(row, length)]);
  return row.shape[1] === count ? row : sliceOf(row, [0, 0], [1, count]);
}

/** The numbers as `[1, 1, 1, count]`. */
export function channelRow(graph: Graph, numbers: readonly number[]): Value {
  const all = numbers.map((number) => reshapeTo(graph.constant(number), [1, 1, 1, 1]));
  return concatenateAll(all as [Value, ...Value[]]);
}
