/** Sums and maxima over a run of neighbouring axes. */
import type { AttributesFor } from '../../ops/table.ts';
import type { Kernel, View } from './kernel.ts';

type Reduce = (inputs: readonly View[], outputs: readonly View[], attributes: AttributesFor<'reduceSum'>) => void;

function reduceWith(start: number, combine: (total: number, value: number) => number): Reduce {
  return ([x], [y], { firstAxis, lastAxis }) => {
    const product = (sizes: readonly number[]) => sizes.reduce((count, size) => count * size, 1);
    const outer = product(x!.shape.slice(0, firstAxis));
    const middle = product(x!.shape.slice(firstAxis, lastAxis + 1));
    const inner = product(x!.shape.slice(lastAxis + 1));
    for (let i = 0; i < outer; i++) {
      for (let j = 0; j < inner; j++) {
        let total = start;
        for (let l = 0; l < middle; l++) total = combine(total, x!.values[(i * middle + l) * inner + j]!);
        y!.values[i * inner + j] = total;
      }
    }
  };
}

export const reduceSum: Kernel<'reduceSum'> = reduceWith(0, (total, value) => total + value);

/** NaN wins. */
export const reduceMax: Kernel<'reduceMax'> = reduceWith(-Infinity, Math.max);
