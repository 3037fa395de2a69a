/** Checks of arguments and shapes that several layers take: sizes in pairs, padding, switches, axes, pictures. */
import { OptionError, ShapeError } from '../../core/errors.ts';
import { checkName, checkNumber, show } from '../../core/options.ts';
import { formatShape, type Shape } from '../../core/shape.ts';
import type { Interpolation } from '../../ops/resize2d.ts';
import type { Padding } from '../../ops/window.ts';

/** A number for both axes, or `[height, width]`. */
export type Size = number | readonly [number, number];

/** Two numbers: of rows and of columns. */
export type Pair = readonly [number, number];

/** How pictures lie in memory. cajal has one way: `[batch, height, width, channels]`. */
export type DataFormat = 'channelsLast';

/** A size as a pair. @throws OptionError where it is not one or two whole numbers of at least `min` */
export function checkSize(where: string, name: string, value: unknown, min = 1): [number, number] {
  const pair = typeof value === 'number' ? [value, value] : value;
  if (!Array.isArray(pair) || pair.length !== 2) {
    throw new OptionError(
      `${where}: ${name} must be a whole number or a pair [height, width], received ${show(value)}.`,
    );
  }
  return [checkCount(where, name, pair[0], min), checkCount(where, name, pair[1], min)];
}

/** A whole number of at least `min`: 1, unless another is given. */
export function checkCount(where: string, name: string, value: unknown, min = 1): number {
  return checkNumber(where, name, value, { integer: true, min });
}

/** `valid` or `same`. */
export function checkPadding(where: string, value: string): Padding {
  return checkName(where, 'padding', value, ['valid', 'same']);
}

/** How values between pixels are found. @throws OptionError naming the nearest way */
export function checkInterpolation(where: string, value: string): Interpolation {
  return checkName(where, 'interpolation', value, ['nearest', 'bilinear', 'bicubic']);
}

/** Accepts Keras's argument where it says what cajal does anyway. @throws OptionError for any other order of axes */
export function checkDataFormat(where: string, value: unknown): void {
  if (value === undefined || value === null || value === 'channelsLast') return;
  throw new OptionError(
    `${where}: dataFormat must be "channelsLast", received ${show(value)}. cajal's pictures are [batch, height, width, channels]: move the channels to the last axis.`,
  );
}

/** An axis counted from 0, from one that may be counted from the end. The batch axis is none to choose.
 * @throws OptionError where the shape has no such axis */
export function resolveAxis(where: string, axis: number, shape: Shape): number {
  const resolved = axis < 0 ? axis + shape.length : axis;
  if (resolved >= 1 && resolved < shape.length) return resolved;
  throw new OptionError(
    `${where}: axis must be from 1 to ${shape.length - 1}, or from -${shape.length - 1} to -1, for an input ${formatShape(shape)}, received ${axis}.`,
  );
}

/** The channels of a picture's shape. @throws ShapeError where it is not `[batch, height, width, channels]` */
export function checkPictures(shape: Shape, where: string): number {
  if (shape.length !== 4) {
    throw new ShapeError(
      `${where}: expected pictures [batch, height, width, channels], received ${formatShape(shape)}.`,
    );
  }
  return shape[3]!;
}

/** The size of the last axis. @throws ShapeError where there is only a batch axis */
export function checkFeatures(shape: Shape, where: string): number {
  if (shape.length < 2) {
    throw new ShapeError(`${where}: expected at least one axis after the batch, received ${formatShape(shape)}.`);
  }
  return shape.at(-1)!;
}
