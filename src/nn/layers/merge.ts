/** Layers that put several inputs together place by place: add, subtract, multiply, average, maximum, minimum. */
import { OptionError, ShapeError } from '../../core/errors.ts';
import { broadcastShapes, formatShape, type Shape } from '../../core/shape.ts';
import {
  add as addValues,
  maximum as maximumOf,
  minimum as minimumOf,
  multiply as multiplyValues,
  subtract as subtractValues,
} from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';
import { reshapeTo } from '../../ops/reshape.ts';
import type { LayerDefinition } from './layer.ts';

type Merge = LayerDefinition<object, object>;

/** Inputs `[batch, …]` of one shape, or of shapes that broadcast; with fewer axes, an input counts as having 1s after the
 * batch. The output has the shape to which they broadcast. */
function merge(
  className: string,
  together: (a: Value, b: Value) => Value,
  finish: (total: Value, count: number) => Value = (total) => total,
): Merge {
  return {
    className,
    options: [],
    takesList: true,
    configure: () => ({}),
    weights(_, __, where, inputShapes) {
      if (className === 'Subtract' && inputShapes.length !== 2) {
        throw new OptionError(`${where}: expected two inputs, received ${inputShapes.length}.`);
      }
      checkMergeable(inputShapes, where);
      return {};
    },
    call({ inputs }) {
      const rank = Math.max(...inputs.map(({ shape }) => shape.length));
      const values = inputs.map((value) => reshapeTo(value, withAxes(value.shape, rank)));
      return finish(values.reduce(together), inputs.length);
    },
  };
}

function withAxes(shape: Shape, rank: number): Shape {
  return [shape[0]!, ...new Array<number>(rank - shape.length).fill(1), ...shape.slice(1)];
}

function checkMergeable(shapes: readonly Shape[], where: string): void {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  try {
    shapes.map((shape) => withAxes(shape, rank)).reduce((a, b) => broadcastShapes(a, b, where));
  } catch {
    throw new ShapeError(
      `${where}: expected inputs of one shape, or sizes of 1 where they differ, received ${shapes.map(formatShape).join(', ')}.`,
    );
  }
}

/** The sum of the inputs. */
export const add: Merge = merge('Add', addValues);

/** The first input less the second. */
export const subtract: Merge = merge('Subtract', subtractValues);

/** The product of the inputs. */
export const multiply: Merge = merge('Multiply', multiplyValues);

/** The mean of the inputs. */
export const average: Merge = merge('Average', addValues, (total, count) => multiplyValues(total, 1 / count));

/** The largest of the inputs at each place. */
export const maximum: Merge = merge('Maximum', maximumOf);

/** The smallest of the inputs at each place. */
export const minimum: Merge = merge('Minimum', minimumOf);
