/** Sliding windows: the attributes that convolutions and poolings share, and their arithmetic. */
import { ShapeError } from '../core/errors.ts';
import { formatShape, type Shape } from '../core/shape.ts';
import { type AttributesOf, type Field, int } from './op.ts';

/** Steps between windows, and rows and columns of zeros added at each edge. */
export const windowFields: Record<
  'strideHeight' | 'strideWidth' | 'paddingTop' | 'paddingBottom' | 'paddingLeft' | 'paddingRight',
  Field<number>
> = {
  strideHeight: int,
  strideWidth: int,
  paddingTop: int,
  paddingBottom: int,
  paddingLeft: int,
  paddingRight: int,
};

/** Strides and paddings of a window. */
export type Window = AttributesOf<typeof windowFields>;

/** How the edge is treated: `valid` adds nothing, `same` adds zeros so that the output has ⌈input / stride⌉ sizes. */
export type Padding = 'valid' | 'same';

/** Zeros before and after one axis. `same` adds the odd one at the end, as TensorFlow does. */
function paddingOf(size: number, window: number, stride: number, padding: Padding): [number, number] {
  if (padding === 'valid') return [0, 0];
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + window - size, 0);
  return [Math.floor(total / 2), total - Math.floor(total / 2)];
}

/** Strides and paddings for an input `[batch, height, width, channels]` and a window that spans `extent`. */
export function windowFor(
  input: Shape,
  extent: readonly [number, number],
  strides: readonly [number, number],
  padding: Padding,
): Window {
  const [paddingTop, paddingBottom] = paddingOf(input[1]!, extent[0], strides[0], padding);
  const [paddingLeft, paddingRight] = paddingOf(input[2]!, extent[1], strides[1], padding);
  return {
    strideHeight: strides[0],
    strideWidth: strides[1],
    paddingTop,
    paddingBottom,
    paddingLeft,
    paddingRight,
  };
}

/** Output height and width: ⌊(n + 2p − f) / s⌋ + 1 along each axis. @throws ShapeError where the window is larger */
export function windowOutput(
  input: Shape,
  extent: readonly [number, number],
  window: Window,
  where: string,
): [number, number] {
  const height = input[1]! + window.paddingTop + window.paddingBottom - extent[0];
  const width = input[2]! + window.paddingLeft + window.paddingRight - extent[1];
  if (height < 0 || width < 0) {
    throw new ShapeError(
      `${where}: expected an input of at least ${extent[0]}×${extent[1]} for its window, received ${formatShape(input)}. ` +
        'Use larger pictures, fewer poolings, or padding "same".',
    );
  }
  return [Math.floor(height / window.strideHeight) + 1, Math.floor(width / window.strideWidth) + 1];
}
