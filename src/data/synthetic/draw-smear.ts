/** Draws one picture of a stained blood smear around one white cell. */
import { checkKeys, checkName, checkNumber } from '../../core/options.ts';
import { Random } from '../../core/random.ts';
import { photograph } from './camera.ts';
import { drawOver, drawUnder } from './distractors.ts';
import { Film } from './film.ts';
import { type CellKind, cellKinds, cellPlans } from './kinds/cell-kinds.ts';
import type { Disc } from './outline.ts';
import { bell, chance, clamp, direction } from './random-draws.ts';
import { drawRedCells } from './red-cells.ts';
import { type SlideLook, slideLook } from './slide-look.ts';
import { Texture } from './texture.ts';
import { drawWhiteCell } from './white-cell.ts';

const samplesPerPixel = 2;

/** What to draw. */
export interface SmearOptions {
  /** Seed of the whole set; a whole number from 0 to 2³² − 1. */
  seed: number;
  /** Number of the slide, from 0: pictures of one slide share stain, light, focus and crowding. */
  slide: number;
  /** Number of the picture on its slide, from 0. */
  index: number;
  /** The kind of white cell in the middle. */
  kind: CellKind;
  /** Width and height in pixels, from 16 to 512. */
  size: number;
}

/** Sometimes another white cell looks in from the border: its place, mostly outside the picture. */
function strayPlace(random: Random, width: number, radius: number): [number, number] {
  const [x, y] = direction(random);
  const away = (width / 2 + radius * random.uniform(0.45, 0.9)) / Math.max(Math.abs(x), Math.abs(y));
  return [width / 2 + away * x, width / 2 + away * y];
}

function drawCells(film: Film, random: Random, look: SlideLook, kind: CellKind): void {
  const texture = new Texture(random);
  const plan = cellPlans[kind](random);
  const drift = film.width * 0.075;
  const cell: Disc = {
    x: film.width / 2 + drift * clamp(bell(random), -1.8, 1.8),
    y: film.width / 2 + drift * clamp(bell(random), -1.8, 1.8),
    radius: plan.radius,
  };
  const whiteCells = [cell];
  const stray = chance(random, 0.1) ? cellPlans[cellKinds[random.integer(cellKinds.length)]!](random) : undefined;
  if (stray !== undefined) {
    const [x, y] = strayPlace(random, film.width, stray.radius);
    whiteCells.push({ x, y, radius: stray.radius });
  }
  drawRedCells(film, random, look, whiteCells);
  drawUnder(film, random, look);
  if (stray !== undefined) {
    drawWhiteCell(film, random, stray, { ...whiteCells[1]!, dyes: look.dyes, texture });
  }
  drawWhiteCell(film, random, plan, { ...cell, dyes: look.dyes, texture });
  drawOver(film, random, look);
}

/**
 * Draws one picture: `[size, size, 3]` bytes, red, green, blue. The same options give the same bytes on every platform.
 *
 * @throws {OptionError} where an option is unknown or out of its range
 * @example
 * const pixels = drawSmear({ seed: 7, slide: 0, index: 3, kind: 'monocyte', size: 64 });
 */
export function drawSmear(options: SmearOptions): Uint8Array {
  checkKeys('drawSmear', options, ['seed', 'slide', 'index', 'kind', 'size']);
  const seed = checkNumber('drawSmear', 'seed', options.seed, { integer: true, min: 0, max: 2 ** 32 - 1 });
  const slide = checkNumber('drawSmear', 'slide', options.slide, { integer: true, min: 0, max: 9999 });
  const index = checkNumber('drawSmear', 'index', options.index, { integer: true, min: 0, max: 999_999 });
  const size = checkNumber('drawSmear', 'size', options.size, { integer: true, min: 16, max: 512 });
  const kind = checkName('drawSmear', 'kind', options.kind, cellKinds);

  const look = slideLook(seed, slide);
  const random = new Random(seed, `synthetic picture of slide ${slide}`, index);
  const film = new Film(size * samplesPerPixel, look.view * random.uniform(0.85, 1.2));
  drawCells(film, random, look, kind);
  const exposure = {
    blur: look.blur * random.uniform(0.7, 1.5) + (chance(random, 0.06) ? 0.3 : 0),
    gain: random.uniform(0.94, 1.05),
  };
  return photograph(film, random, look, size, exposure);
}
