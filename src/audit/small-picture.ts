/** A picture as the audit sees it: small, RGB, with the filled borders of augmented copies known. */

/** A small picture: all signals but a file's own are computed from it. */
export interface SmallPicture {
  /** uint8 `[height, width, 3]`. */
  readonly data: Uint8Array;
  readonly height: number;
  readonly width: number;
}

/** Planes of a small picture. */
export interface PicturePlanes {
  readonly height: number;
  readonly width: number;
  /** Luma 0…255 (ITU-R BT.601). */
  readonly luma: Float32Array;
  /** Blue and red less luma. */
  readonly blue: Float32Array;
  readonly red: Float32Array;
  /** 1 where the picture is, 0 where a border was filled with one colour. */
  readonly isContent: Uint8Array;
  /** Share of the picture that is filled border. */
  readonly filledShare: number;
}

/** Differences to a corner's colour that still count as its fill: JPEG blurs edges. */
const fillTolerance = 14;
/** Less than this share of filled border is no sign of a filled border. */
const leastFill = 0.002;

/** Splits a small picture into luma and colour, and finds its filled borders. */
export function splitPlanes({ data, height, width }: SmallPicture): PicturePlanes {
  const count = height * width;
  const luma = new Float32Array(count);
  const blue = new Float32Array(count);
  const red = new Float32Array(count);
  for (let pixel = 0, at = 0; pixel < count; pixel++, at += 3) {
    const r = data[at]!;
    const b = data[at + 2]!;
    const y = 0.299 * r + 0.587 * data[at + 1]! + 0.114 * b;
    luma[pixel] = y;
    blue[pixel] = b - y;
    red[pixel] = r - y;
  }
  const isContent = new Uint8Array(count).fill(1);
  const filled = markFill(data, height, width, isContent);
  const filledShare = filled / count;
  if (filledShare < leastFill || filledShare > 0.9) isContent.fill(1);
  return { height, width, luma, blue, red, isContent, filledShare: filledShare > 0.9 ? 0 : filledShare };
}

/** Floods from corners of pure black, white or grey inwards, as pictures that were turned or shifted are filled. */
function markFill(data: Uint8Array, height: number, width: number, isContent: Uint8Array): number {
  const stack: number[] = [];
  let filled = 0;
  const corners = [0, width - 1, (height - 1) * width, height * width - 1];
  for (const corner of corners) {
    const at = corner * 3;
    const r = data[at]!;
    const g = data[at + 1]!;
    const b = data[at + 2]!;
    if (!isFillColour(r, g, b)) continue;
    const visit = (pixel: number) => {
      if (isContent[pixel] === 0) return;
      const from = pixel * 3;
      const difference = Math.max(
        Math.abs(data[from]! - r),
        Math.abs(data[from + 1]! - g),
        Math.abs(data[from + 2]! - b),
      );
      if (difference > fillTolerance) return;
      isContent[pixel] = 0;
      filled++;
      stack.push(pixel);
    };
    visit(corner);
    while (stack.length > 0) {
      const pixel = stack.pop()!;
      const x = pixel % width;
      if (x > 0) visit(pixel - 1);
      if (x < width - 1) visit(pixel + 1);
      if (pixel >= width) visit(pixel - width);
      if (pixel < (height - 1) * width) visit(pixel + width);
    }
  }
  return filled;
}

/** Black, and the plain greys up to white: photographs seldom have them exactly in a corner. */
function isFillColour(r: number, g: number, b: number): boolean {
  const isBlack = Math.max(r, g, b) <= fillTolerance;
  const isPlain = (value: number) => Math.max(Math.abs(r - value), Math.abs(g - value), Math.abs(b - value)) <= 2;
  return isBlack || isPlain(255) || isPlain(128);
}
