/** Checks of options that layers for augmentation share: factors, ranges of values, numbers of channels. */
import { OptionError, ShapeError } from '../../../core/errors.ts';
import { checkNumber, show } from '../../../core/options.ts';
import { formatShape, type Shape } from '../../../core/shape.ts';
import type { DataFormat } from '../arguments.ts';
import type { Range } from './draws.ts';

/** How much a layer does: a number, or the two that it is drawn between. */
export type Factor = number | Range;

/** What every layer for augmentation takes. */
export interface DataFormatOption {
  /** Only `channelsLast`. */
  dataFormat?: DataFormat;
}

/** Option `valueRange`. */
export interface ValueRangeOption extends DataFormatOption {
  /** The smallest and the largest value that pixels can have; default `[0, 255]`. Results stay within. */
  valueRange?: Range;
}

/** A number or two, each from `min` to `max`. @throws OptionError naming the option */
export function checkFactor(where: string, name: string, factor: unknown, { min, max }: Bounds): Factor {
  if (typeof factor === 'number') return checkNumber(where, name, factor, { min, max });
  if (!Array.isArray(factor) || factor.length !== 2) {
    throw new OptionError(
      `${where}: ${name} must be a number from ${min} to ${max}, or the two that it is drawn between, received ${show(factor)}.`,
    );
  }
  return [checkNumber(where, name, factor[0], { min, max }), checkNumber(where, name, factor[1], { min, max })];
}

/** The smallest and the largest number that are allowed. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** From −f to f for a number f; two numbers as they are. */
export function aroundZero(factor: Factor): Range {
  return typeof factor === 'number' ? [-Math.abs(factor), Math.abs(factor)] : sorted(factor);
}

/** From 0 to f for a number f; two numbers as they are. */
export function fromZero(factor: Factor): Range {
  return typeof factor === 'number' ? [0, factor] : sorted(factor);
}

/** The probability of doing something where it is drawn from a range for each picture: its middle. */
export function probability(factor: Factor): number {
  const [low, high] = fromZero(factor);
  return (low + high) / 2;
}

function sorted([one, other]: Range): Range {
  return one <= other ? [one, other] : [other, one];
}

/** The smaller number first. @throws OptionError where it is not two different numbers */
export function checkValueRange(where: string, value: unknown = [0, 255]): Range {
  const isPair = Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] !== value[1];
  if (isPair) return sorted(value as unknown as Range);
  throw new OptionError(
    `${where}: valueRange must be the smallest and the largest value of pixels, as [0, 255], received ${show(value)}.`,
  );
}

/** @throws ShapeError where pictures have not three channels: red, green and blue */
export function checkColors(shape: Shape, where: string): void {
  if (shape[3] === 3) return;
  throw new ShapeError(`${where}: expected colour pictures [batch, height, width, 3], received ${formatShape(shape)}.`);
}

/** @throws ShapeError where pictures are neither grey nor in colour */
export function checkGreyOrColors(shape: Shape, where: string): void {
  if (shape[3] === 1 || shape[3] === 3) return;
  throw new ShapeError(
    `${where}: expected grey or colour pictures [batch, height, width, 1 or 3], received ${formatShape(shape)}.`,
  );
}
