/** The smear as light meets it: optical density per colour (Beer and Lambert), so that cells that overlap darken each
 * other as on a real slide. Lengths are micrometres from the top left corner. */
import type { Outline } from './outline.ts';
import { clamp } from './random-draws.ts';

/** Optical densities, or light, for red, green and blue. */
export type Rgb = readonly [number, number, number];

/** What to do at one sample: its first position in `density`, its place, how much of it the shape covers (0 to 1), and
 * the distance from the shape's edge. */
export type PaintSample = (at: number, x: number, y: number, coverage: number, distance: number) => void;

/** A square of stained smear, sampled on a grid finer than the picture. */
export class Film {
  /** Samples along one side. */
  readonly side: number;
  /** Micrometres along one side. */
  readonly width: number;
  /** Micrometres between samples. */
  readonly pitch: number;
  /** Optical densities `[side, side, 3]`. */
  readonly density: Float32Array;

  constructor(side: number, width: number) {
    this.side = side;
    this.width = width;
    this.pitch = width / side;
    this.density = new Float32Array(side * side * 3);
  }

  /** Calls `paint` for each sample that the shape covers; its edge is `softness` micrometres wide. */
  visit(outline: Outline, softness: number, paint: PaintSample): void {
    const { side, pitch } = this;
    const edge = Math.max(softness, 1.5 * pitch);
    const margin = edge / 2;
    const left = clamp(Math.floor((outline.left - margin) / pitch), 0, side);
    const right = clamp(Math.ceil((outline.right + margin) / pitch), 0, side);
    const top = clamp(Math.floor((outline.top - margin) / pitch), 0, side);
    const bottom = clamp(Math.ceil((outline.bottom + margin) / pitch), 0, side);
    for (let row = top; row < bottom; row++) {
      const y = (row + 0.5) * pitch;
      for (let column = left; column < right; column++) {
        const x = (column + 0.5) * pitch;
        const distance = outline.distance(x, y);
        const share = 0.5 - distance / edge;
        if (share <= 0) continue;
        const coverage = share >= 1 ? 1 : share * share * (3 - 2 * share);
        paint((row * side + column) * 3, x, y, coverage, distance);
      }
    }
  }

  /** Adds `amount` of a dye at one sample. */
  add(at: number, dye: Rgb, amount: number): void {
    const { density } = this;
    density[at] = density[at]! + dye[0] * amount;
    density[at + 1] = density[at + 1]! + dye[1] * amount;
    density[at + 2] = density[at + 2]! + dye[2] * amount;
  }

  /** Takes away a share of what lies at one sample: what is above it has pushed it aside. */
  clear(at: number, share: number): void {
    const { density } = this;
    density[at] = density[at]! * (1 - share);
    density[at + 1] = density[at + 1]! * (1 - share);
    density[at + 2] = density[at + 2]! * (1 - share);
  }
}
