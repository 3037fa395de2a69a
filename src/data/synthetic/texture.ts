/** Smooth random texture (value noise): random heights on a lattice, joined by smooth steps. */
import type { Random } from '../../core/random.ts';

const lattice = 64;

/** A random landscape with heights from −1 to 1 that repeats every 64 units. */
export class Texture {
  #heights = new Float32Array(lattice * lattice);

  constructor(random: Random) {
    for (let index = 0; index < this.#heights.length; index += 4) {
      const word = random.nextWord();
      for (let byte = 0; byte < 4; byte++) {
        this.#heights[index + byte] = ((word >>> (8 * byte)) & 255) / 127.5 - 1;
      }
    }
  }

  /** The height at a point; features are about one unit wide. */
  at(x: number, y: number): number {
    const left = Math.floor(x);
    const top = Math.floor(y);
    const u = x - left;
    const v = y - top;
    const smoothU = u * u * (3 - 2 * u);
    const smoothV = v * v * (3 - 2 * v);
    const column = left & (lattice - 1);
    const nextColumn = (left + 1) & (lattice - 1);
    const row = (top & (lattice - 1)) * lattice;
    const nextRow = ((top + 1) & (lattice - 1)) * lattice;
    const heights = this.#heights;
    const upper = heights[row + column]! + (heights[row + nextColumn]! - heights[row + column]!) * smoothU;
    const lower = heights[nextRow + column]! + (heights[nextRow + nextColumn]! - heights[nextRow + column]!) * smoothU;
    return upper + (lower - upper) * smoothV;
  }

  /** Two octaves of the landscape. */
  rough(x: number, y: number): number {
    return (2 * this.at(x, y) + this.at(2 * x + 17.3, 2 * y + 5.9)) / 3;
  }
}
