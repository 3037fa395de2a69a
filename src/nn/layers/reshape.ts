/** Reshape: the values of an example under another shape, in the same order. */
import { OptionError, ShapeError } from '../../core/errors.ts';
import { show } from '../../core/options.ts';
import { elementCount, formatShape, type Shape } from '../../core/shape.ts';
import { reshapeTo } from '../../ops/reshape.ts';
import { checkCount } from './arguments.ts';
import type { LayerDefinition } from './layer.ts';

/** Options of `reshape`. */
export interface ReshapeOptions {
  /** The new shape of one example, without batch. One size may be -1: as many as are left. */
  targetShape: readonly number[];
}

/** Input `[batch, …]`, output `[batch, …targetShape]`. */
export const reshape: LayerDefinition<ReshapeOptions, ReshapeOptions> = {
  className: 'Reshape',
  options: ['targetShape'],
  configure({ targetShape }, where) {
    if (!Array.isArray(targetShape) || targetShape.filter((size) => size === -1).length > 1) {
      throw new OptionError(
        `${where}: targetShape must be a list of sizes without batch, at most one of them -1, received ${show(targetShape)}.`,
      );
    }
    for (const size of targetShape) if (size !== -1) checkCount(where, 'each size of targetShape', size);
    return { targetShape: [...targetShape] };
  },
  weights({ targetShape }, inputShape, where) {
    fill(targetShape, inputShape, where);
    return {};
  },
  call: ({ config: { targetShape }, inputs: [x] }) => reshapeTo(x!, fill(targetShape, x!.shape, 'Reshape')),
};

/** The whole new shape, with a number in place of -1. */
function fill(targetShape: readonly number[], inputShape: Shape, where: string): Shape {
  const count = elementCount(inputShape.slice(1));
  const known = elementCount(targetShape.filter((size) => size !== -1));
  const shape = targetShape.map((size) => (size === -1 ? count / known : size));
  if (shape.every(Number.isInteger) && elementCount(shape) === count) return [inputShape[0]!, ...shape];
  throw new ShapeError(
    `${where}: expected a targetShape for the ${count} values of an input ${formatShape(inputShape)}, received [${targetShape.join(', ')}].`,
  );
}
