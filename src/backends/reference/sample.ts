/** Reading a picture at places that are no pixels, from the rule in src/ops/sampling.ts. */
import type { FillMode, SampledType, SamplingOptions } from '../../ops/sampling.ts';
import type { View } from './kernel.ts';
import { byteOf } from './to-bytes.ts';

const farthest = 2 ** 22;

function modulo(index: number, period: number): number {
  return ((index % period) + period) % period;
}

/** The pixel that stands for one outside; −1 where the fill value does. */
export function continued(index: number, size: number, mode: FillMode): number {
  if (index >= 0 && index < size) return index;
  switch (mode) {
    case 'constant':
      return -1;
    case 'nearest':
      return index < 0 ? 0 : size - 1;
    case 'wrap':
      return modulo(index, size);
    case 'reflect': {
      const place = modulo(index, 2 * size);
      return place < size ? place : 2 * size - 1 - place;
    }
    case 'mirror': {
      const period = Math.max(2 * (size - 1), 1);
      const place = modulo(index, period);
      return place < size ? place : period - place;
    }
  }
}

function rounded(place: number): number {
  return place < 0 ? -Math.round(-place) : Math.round(place);
}

/** Writes the channels of example `example` of `x`, read at (row, column), to `y` from `to` on. */
export function sample(
  x: View,
  example: number,
  [row, column]: readonly [number, number],
  { interpolation, fillMode, fillValue, outputType }: Required<SamplingOptions> & { readonly outputType: SampledType },
  y: View,
  to: number,
): void {
  const [, height, width, channels] = x.shape as [number, number, number, number];
  const isNear = Math.abs(row) < farthest && Math.abs(column) < farthest;
  const pixel = (i: number, j: number, channel: number): number => {
    const from = [continued(i, height, fillMode), continued(j, width, fillMode)] as const;
    if (from[0] < 0 || from[1] < 0) return fillValue;
    return x.values[((example * height + from[0]) * width + from[1]) * channels + channel]!;
  };
  const [top, left] = [Math.floor(row), Math.floor(column)];
  for (let channel = 0; channel < channels; channel++) {
    if (!isNear) {
      y.values[to + channel] = fillValue;
    } else if (interpolation === 'nearest') {
      y.values[to + channel] = pixel(rounded(row), rounded(column), channel);
    } else {
      const along = (i: number) => {
        const [first, second] = [pixel(i, left, channel), pixel(i, left + 1, channel)];
        return column === left ? first : first + (column - left) * (second - first);
      };
      const above = along(top);
      y.values[to + channel] = row === top ? above : above + (row - top) * (along(top + 1) - above);
    }
    if (outputType === 'uint8') y.values[to + channel] = byteOf(y.values[to + channel]!);
  }
}
