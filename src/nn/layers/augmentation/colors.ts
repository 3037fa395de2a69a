/** Formulas on colours: channels one by one, greyness, and the rotation and strength of colours in the HSV hexcone
 * (A. R. Smith, "Color gamut transform pairs", 1978). */
import { batchAxis, type Shape } from '../../../core/shape.ts';
import { concatenateAll } from '../../../ops/concatenate.ts';
import {
  add,
  clip,
  divide,
  equal,
  floor,
  maximum,
  minimum,
  multiply,
  rescale,
  subtract,
  where,
} from '../../../ops/elementwise.ts';
import type { Value } from '../../../ops/op.ts';
import { sliceOf } from '../../../ops/slice.ts';

/** Red, green and blue, `[batch, height, width, 1]` each. */
export function channelsOf(x: Value): [Value, Value, Value] {
  const [, height, width] = x.shape as [number, number, number];
  const part: Shape = [batchAxis, height, width, 1];
  return [sliceOf(x, [0, 0, 0, 0], part), sliceOf(x, [0, 0, 0, 1], part), sliceOf(x, [0, 0, 0, 2], part)];
}

/** 0.2989 · red + 0.587 · green + 0.114 · blue, `[batch, height, width, 1]` (ITU-R BT.601); grey pictures as they are. */
export function greyOf(x: Value): Value {
  if (x.shape[3] === 1) return x;
  const [red, green, blue] = channelsOf(x);
  return add(add(multiply(red, 0.2989), multiply(green, 0.587)), multiply(blue, 0.114));
}

/** Far below the difference of two values that a picture has, and above 0: what divides by it stays finite. */
const tiny = 1e-12;

/** Colours `times` as strong, at most as strong as they can be without changing hue and largest channel. `x` from 0 on. */
export function saturate(x: Value, times: Value): Value {
  const [red, green, blue] = channelsOf(x);
  const largest = maximum(red, maximum(green, blue));
  const chroma = subtract(largest, minimum(red, minimum(green, blue)));
  // The saturation chroma / largest may grow to 1: by the factor largest / chroma.
  const ratio = minimum(times, divide(largest, maximum(chroma, tiny)));
  const channel = (value: Value) => subtract(largest, multiply(subtract(largest, value), ratio));
  return concatenateAll([channel(red), channel(green), channel(blue)]);
}

/** Hues turned by `turn`, in turns of the circle of colours: 1/3 makes red green. `x` from 0 on. */
export function turnHue(x: Value, turn: Value): Value {
  const [red, green, blue] = channelsOf(x);
  const largest = maximum(red, maximum(green, blue));
  const chroma = subtract(largest, minimum(red, minimum(green, blue)));
  const safe = maximum(chroma, tiny);
  const from = (one: Value, other: Value, sixths: number) => rescale(divide(subtract(one, other), safe), 1, sixths);
  // The hue in sixths of a turn; red is 0, green 2, blue 4.
  const hue = where(
    equal(largest, red),
    from(green, blue, 0),
    where(equal(largest, green), from(blue, red, 2), from(red, green, 4)),
  );
  const turned = add(hue, multiply(turn, 6));
  const channel = (offset: number) => {
    const place = add(turned, offset);
    const within = subtract(place, multiply(floor(multiply(place, 1 / 6)), 6));
    return subtract(largest, multiply(chroma, clip(minimum(within, rescale(within, -1, 4)), 0, 1)));
  };
  return concatenateAll([channel(5), channel(3), channel(1)]);
}
