/** What `imageDataGenerator` does to one picture: the parameters, how they are drawn, and the matrix that rotation, shift,
 * shear, zoom and flips make together. */
import type { Random } from '../core/random.ts';
import type { GeneratorSettings, ShiftRange } from './generator-options.ts';

/** A transform, by Keras's names. All are optional: what is absent is not done. */
export interface TransformParameters {
  /** Degrees. */
  readonly theta?: number;
  /** Pixels along the width: the result shows at x what was at x + tx. */
  readonly tx?: number;
  /** Pixels along the height. */
  readonly ty?: number;
  /** Degrees. */
  readonly shear?: number;
  /** The factor along the width: what is above 1 makes things narrower. */
  readonly zx?: number;
  /** The factor along the height. */
  readonly zy?: number;
  readonly flipHorizontal?: boolean;
  readonly flipVertical?: boolean;
  /** Added to all channels. */
  readonly channelShiftIntensity?: number | null;
  /** The factor of brightness. */
  readonly brightness?: number | null;
}

/** Draws a transform for a picture of this size, as Keras's `get_random_transform`, with the shifts along the axes that the
 * options name. Each number is drawn in any case, so that one option does not change what the others draw. */
export function drawTransform(
  settings: GeneratorSettings,
  [height, width]: readonly [height: number, width: number],
  random: Random,
): Required<TransformParameters> {
  const { rotationRange, shearRange, zoomRange, channelShiftRange, brightnessRange } = settings;
  const around = (range: number) => random.uniform(-1, 1) * range;
  const drawn = {
    theta: around(rotationRange),
    ty: drawShift(settings.heightShiftRange, height, random),
    tx: drawShift(settings.widthShiftRange, width, random),
    shear: around(shearRange),
    zx: random.uniform(...zoomRange),
    zy: random.uniform(...zoomRange),
    flipHorizontal: random.next() < 0.5 && settings.horizontalFlip,
    flipVertical: random.next() < 0.5 && settings.verticalFlip,
    channelShiftIntensity: around(channelShiftRange),
    brightness: random.uniform(...(brightnessRange ?? [1, 1])),
  };
  return {
    ...drawn,
    channelShiftIntensity: channelShiftRange === 0 ? null : drawn.channelShiftIntensity,
    brightness: brightnessRange === null ? null : drawn.brightness,
  };
}

function drawShift(range: ShiftRange, size: number, random: Random): number {
  const [place, side] = [random.next(), random.next() < 0.5 ? -1 : 1];
  if (typeof range !== 'number') {
    const shift = range[Math.floor(place * range.length)]! * side;
    return Math.max(...range) < 1 ? shift * size : shift;
  }
  if (range < 1) return (2 * place - 1) * range * size;
  return Number.isInteger(range) ? Math.floor(place * range) * side : (2 * place - 1) * range;
}

/** True where the transform moves nothing. */
export function isStill({ theta, tx, ty, shear, zx, zy, flipHorizontal, flipVertical }: TransformParameters): boolean {
  return !theta && !tx && !ty && !shear && (zx ?? 1) === 1 && (zy ?? 1) === 1 && !flipHorizontal && !flipVertical;
}

type Matrix = readonly [a0: number, a1: number, a2: number, b0: number, b1: number, b2: number];

/**
 * The place that each pixel of the result comes from: column a0 · x + a1 · y + a2 and row b0 · x + b1 · y + b2. Rotation ·
 * shift · shear · zoom about the picture's centre, as Keras multiplies them; flips come last.
 */
export function transformMatrix(
  parameters: TransformParameters,
  [height, width]: readonly [height: number, width: number],
): Matrix {
  const { theta = 0, tx = 0, ty = 0, shear = 0, zx = 1, zy = 1, flipHorizontal, flipVertical } = parameters;
  const [turn, slant] = [(theta * Math.PI) / 180, (shear * Math.PI) / 180];
  const [x, y] = [(width - 1) / 2, (height - 1) / 2];
  const [right, down] = [flipHorizontal ? -1 : 1, flipVertical ? -1 : 1];
  const parts: Matrix[] = [
    [1, 0, x, 0, 1, y],
    [Math.cos(turn), -Math.sin(turn), 0, Math.sin(turn), Math.cos(turn), 0],
    [1, 0, tx, 0, 1, ty],
    [1, -Math.sin(slant), 0, 0, Math.cos(slant), 0],
    // A flip turns the sides of what it comes after about the centre: it joins the zoom.
    [zx * right, 0, 0, 0, zy * down, 0],
    [1, 0, -x, 0, 1, -y],
  ];
  return parts.reduce(product);
}

function product([a0, a1, a2, b0, b1, b2]: Matrix, [c0, c1, c2, d0, d1, d2]: Matrix): Matrix {
  return [
    a0 * c0 + a1 * d0,
    a0 * c1 + a1 * d1,
    a0 * c2 + a1 * d2 + a2,
    b0 * c0 + b1 * d0,
    b0 * c1 + b1 * d1,
    b0 * c2 + b1 * d2 + b2,
  ];
}
