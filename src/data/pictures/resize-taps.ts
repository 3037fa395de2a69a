/** Which pixels of an axis make one pixel of the resized axis, and how much of each. Weights follow from arithmetic alone, so
 * that every JavaScript engine computes the same. */

/** A filter: how much a pixel at a distance from the centre counts, and from where on it no longer does. */
interface Filter {
  readonly support: number;
  weightAt(distance: number): number;
}

/** The interpolations that weigh several pixels. */
export type FilterName = 'bilinear' | 'bicubic' | 'area' | 'lanczos';

/** sin(πx) / πx by its series: `Math.sin` differs between engines in its last bits. Whole numbers give exact zeros. */
function sinc(x: number): number {
  if (x === 0) return 1;
  const nearest = Math.round(x);
  const angle = (x - nearest) * Math.PI;
  const square = angle * angle;
  // |angle| ≤ π/2: the first term that is left out is below 2e-18.
  let sum = 0;
  for (let order = 21; order >= 1; order -= 2) sum = 1 - (sum * square) / ((order + 1) * (order + 2));
  const sine = nearest % 2 === 0 ? angle * sum : -angle * sum;
  return sine / (x * Math.PI);
}

/** Pillow's filters: triangle, Keys' cubic with a = −1/2, box, and sinc windowed by its own middle lobe. */
const filters: Record<FilterName, Filter> = {
  bilinear: { support: 1, weightAt: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: {
    support: 2,
    weightAt(x) {
      const a = -0.5;
      const distance = Math.abs(x);
      if (distance < 1) return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
      return distance < 2 ? (((distance - 5) * distance + 8) * distance - 4) * a : 0;
    },
  },
  area: { support: 0.5, weightAt: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  lanczos: { support: 3, weightAt: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** The part of an axis that is resized. It may begin before the axis and end after it: what is there is zero. */
export interface Span {
  readonly start: number;
  readonly length: number;
}

/** For each resized position: its first pixel, how many follow, and at `position · most` their weights. */
export interface Taps<Weights extends Int32Array | Float64Array = Int32Array | Float64Array> {
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly weights: Weights;
  /** The most pixels that any position has. */
  readonly most: number;
}

/**
 * The weights of an axis as Pillow computes them: position `i` lies at `(i + 0.5) · length / toSize`, the filter is widened
 * where the axis shrinks, and weights are divided by their sum.
 *
 * @param size pixels of the axis; `span` is the part of it that is resized
 */
export function tapsOf(size: number, span: Span, toSize: number, filterName: FilterName): Taps<Float64Array> {
  const { support, weightAt } = filters[filterName];
  const { start, length } = span;
  const scale = length / toSize;
  const widening = Math.max(1, scale);
  const reach = support * widening;
  const most = Math.ceil(reach) * 2 + 1;
  const first = new Int32Array(toSize);
  const count = new Int32Array(toSize);
  const weights = new Float64Array(toSize * most);
  for (let position = 0; position < toSize; position++) {
    const centre = (position + 0.5) * scale;
    const low = Math.max(0, Math.trunc(centre - reach + 0.5));
    const high = Math.min(length, Math.trunc(centre + reach + 0.5));
    const at = position * most;
    let sum = 0;
    for (let index = low; index < high; index++) {
      const weight = weightAt((index - centre + 0.5) * (1 / widening));
      weights[at + index - low] = weight;
      sum += weight;
    }
    if (sum !== 0) for (let tap = 0; tap < high - low; tap++) weights[at + tap]! /= sum;
    // What lies beyond the axis is zero and counts nothing.
    const from = Math.min(size, Math.max(0, low + start));
    const to = Math.max(from, Math.min(size, high + start));
    const cut = from - (low + start);
    if (cut > 0) weights.copyWithin(at, at + cut, at + cut + (to - from));
    first[position] = from;
    count[position] = to - from;
  }
  return { first, count, weights, most };
}

/** Bits after the point of the weights for bytes: 8 of the sample, one of the sign and one for sums above 1 are left of 32. */
export const fractionBits = 22;

const kept = new Map<string, { taps: Taps<Float64Array>; whole?: Taps<Int32Array> }>();
/** Sizes of pictures whose weights are kept: those of a folder are often the same. */
const mostKept = 64;

/** `tapsOf`, computed once for pictures of the same size; they must not be changed. */
export function keptTaps(size: number, span: Span, toSize: number, filterName: FilterName): Taps<Float64Array> {
  return keptOf(size, span, toSize, filterName).taps;
}

/** `fixedPoint` of `tapsOf`, computed once for pictures of the same size; they must not be changed. */
export function keptFixedPoint(size: number, span: Span, toSize: number, filterName: FilterName): Taps<Int32Array> {
  const one = keptOf(size, span, toSize, filterName);
  one.whole ??= fixedPoint(one.taps);
  return one.whole;
}

function keptOf(size: number, span: Span, toSize: number, filterName: FilterName) {
  const key = `${size} ${span.start} ${span.length} ${toSize} ${filterName}`;
  let one = kept.get(key);
  if (!one) {
    if (kept.size === mostKept) kept.clear();
    one = { taps: tapsOf(size, span, toSize, filterName) };
    kept.set(key, one);
  }
  return one;
}

/** Weights as whole numbers of 1/2²². Zeros at both ends are left out: they add nothing. */
export function fixedPoint({ first, count, weights, most }: Taps<Float64Array>): Taps<Int32Array> {
  const whole = new Int32Array(weights.length);
  const starts = Int32Array.from(first);
  const counts = Int32Array.from(count);
  for (let position = 0; position < first.length; position++) {
    const at = position * most;
    const rounded = Array.from(weights.subarray(at, at + count[position]!), (weight) => {
      const scaled = weight * (1 << fractionBits);
      return Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    });
    const begin = Math.max(
      0,
      rounded.findIndex((weight) => weight !== 0),
    );
    const end = rounded.findLastIndex((weight) => weight !== 0) + 1;
    whole.set(rounded.slice(begin, end), at);
    starts[position] = first[position]! + begin;
    counts[position] = Math.max(0, end - begin);
  }
  return { first: starts, count: counts, weights: whole, most };
}

/**
 * Which pixel each position takes: the one that its centre lies in. The centre is summed up step by step, as Pillow does,
 * which decides where it falls between two pixels.
 *
 * @returns −1 for what lies beyond the axis
 */
export function nearestPixels(size: number, { start, length }: Span, toSize: number): Int32Array {
  const step = length / toSize;
  const pixels = new Int32Array(toSize);
  let centre = step * 0.5;
  for (let position = 0; position < toSize; position++) {
    const pixel = start + Math.min(length - 1, Math.trunc(centre));
    pixels[position] = pixel >= 0 && pixel < size ? pixel : -1;
    centre += step;
  }
  return pixels;
}
