/** From densities on the film to the bytes of a picture: light through the film, uneven lighting, blur, noise. */
import type { Random } from '../../core/random.ts';
import type { Film } from './film.ts';
import { clamp } from './random-draws.ts';
import type { SlideLook } from './slide-look.ts';

const tableSteps = 256;
const tableEnd = 6;

/** e^−x for x from 0, by the 6th power series of e^−x/64 squared six times: exact arithmetic, the same everywhere. */
export function negativeExponential(x: number): number {
  const small = x / 64;
  let value = 1 - small * (1 - (small / 2) * (1 - (small / 3) * (1 - (small / 4) * (1 - small / 5))));
  for (let square = 0; square < 6; square++) value *= value;
  return value;
}

const transmittances = Float64Array.from({ length: tableEnd * tableSteps + 2 }, (_, step) =>
  negativeExponential(step / tableSteps),
);

/** The share of light that passes a density, from the table, straight lines between its entries. */
function transmittance(density: number): number {
  const place = clamp(density, 0, tableEnd) * tableSteps;
  const step = Math.floor(place);
  const low = transmittances[step]!;
  return low + (transmittances[step + 1]! - low) * (place - step);
}

/** Weights of a bell curve over the samples around the middle of a pixel of `scale` samples. */
function blurWeights(deviation: number, scale: number): { weights: Float64Array; first: number } {
  const reach = Math.ceil(deviation * 2.6);
  const count = scale + 2 * reach;
  const middle = (count - 1) / 2;
  const weights = new Float64Array(count);
  let sum = 0;
  for (let tap = 0; tap < count; tap++) {
    const away = (tap - middle) / deviation;
    weights[tap] = negativeExponential((away * away) / 2);
    sum += weights[tap]!;
  }
  for (let tap = 0; tap < count; tap++) weights[tap] = weights[tap]! / sum;
  return { weights, first: -reach };
}

/** Blurs and shrinks along one axis: `[lines, side, 3]` to `[size, lines, 3]`, turned so that a second call does the
 * other axis and turns it back. The edge repeats. */
function shrink(
  input: Float32Array,
  lines: number,
  side: number,
  scale: number,
  kernel: { weights: Float64Array; first: number },
): Float32Array {
  const size = side / scale;
  const { weights, first } = kernel;
  const output = new Float32Array(size * lines * 3);
  for (let line = 0; line < lines; line++) {
    for (let pixel = 0; pixel < size; pixel++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let tap = 0; tap < weights.length; tap++) {
        const sample = clamp(pixel * scale + first + tap, 0, side - 1);
        const at = (line * side + sample) * 3;
        const weight = weights[tap]!;
        red += weight * input[at]!;
        green += weight * input[at + 1]!;
        blue += weight * input[at + 2]!;
      }
      const at = (pixel * lines + line) * 3;
      output[at] = red;
      output[at + 1] = green;
      output[at + 2] = blue;
    }
  }
  return output;
}

/** Light lost at a place, from the slide's shading and the corners; coordinates run from −1 to 1. */
function lighting(look: SlideLook, x: number, y: number): number {
  const slope = (x * look.shadingAxis[0] + y * look.shadingAxis[1]) / 2;
  return (1 - look.shading * (0.5 + 0.5 * slope)) * (1 - look.vignette * 0.5 * (x * x + y * y));
}

/** How a picture departs from its slide. */
export interface Exposure {
  /** Deviation of the blur, in micrometres. */
  readonly blur: number;
  /** Factor of all light. */
  readonly gain: number;
}

/** Takes the picture: `[size, size, 3]` bytes, where the film has a whole number of samples per pixel. */
export function photograph(film: Film, random: Random, look: SlideLook, size: number, exposure: Exposure): Uint8Array {
  const scale = film.side / size;
  const light = film.density.map(transmittance);
  const kernel = blurWeights(Math.max(0.35 * scale, exposure.blur / film.pitch), scale);
  const across = shrink(light, film.side, film.side, scale, kernel);
  const seen = shrink(across, size, film.side, scale, kernel);
  const pixels = new Uint8Array(size * size * 3);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const x = (2 * column + 1) / size - 1;
      const y = (2 * row + 1) / size - 1;
      const lamp = 255 * exposure.gain * lighting(look, x, y);
      const at = (row * size + column) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const value = lamp * look.background[channel]! * seen[at + channel]!;
        // Two bytes make a triangular number of deviation 104; brighter pixels are noisier, as photons are.
        const word = random.nextWord();
        const grain = (((word & 255) + ((word >>> 8) & 255) - 255) / 104) * look.noise * (0.5 + value / 400);
        pixels[at + channel] = clamp(Math.floor(value + grain + 0.5), 0, 255);
      }
    }
  }
  return pixels;
}
