/** Red cells around the white one: discs with a pale middle that overlap, stick together and run off the picture. */
import type { Random } from '../../core/random.ts';
import type { Film } from './film.ts';
import { blob, type Disc } from './outline.ts';
import { chance, direction, smoothStep } from './random-draws.ts';
import type { SlideLook } from './slide-look.ts';

/** A place for the next red cell: beside the last one, or anywhere. */
function nextPlace(random: Random, film: Film, look: SlideLook, last: Disc | undefined): [number, number] {
  if (last !== undefined && chance(random, look.sticking)) {
    const [x, y] = direction(random);
    const away = last.radius * random.uniform(1, 1.8);
    return [last.x + away * x, last.y + away * y];
  }
  return [random.uniform(-3, film.width + 3), random.uniform(-3, film.width + 3)];
}

function drawRedCell(film: Film, random: Random, look: SlideLook, cell: Disc): void {
  const amount = look.redness * random.uniform(0.88, 1.12);
  const pallor = look.pallor * random.uniform(0.6, 1.15);
  const paleReach = random.uniform(0.5, 0.75);
  const elongation = chance(random, 0.2) ? random.uniform(1.15, 1.6) : random.uniform(1, 1.12);
  const outline = blob(random, { ...cell, elongation, roughness: random.uniform(0.01, 0.06) });
  film.visit(outline, 0.35, (at, _x, _y, coverage, distance) => {
    const fromMiddle = 1 + distance / cell.radius;
    const thickness = 1 - pallor * (1 - smoothStep(0.1, paleReach, fromMiddle));
    film.add(at, look.dyes.eosin, amount * thickness * coverage);
  });
}

/** Draws red cells until they cover the slide's share of the film, leaving room for the white cells. */
export function drawRedCells(film: Film, random: Random, look: SlideLook, whiteCells: readonly Disc[]): void {
  const side = film.width + 6;
  const target = look.crowding * random.uniform(0.6, 1.3) * side * side;
  const cells: Disc[] = [];
  let covered = 0;
  for (let attempt = 0; covered < target && attempt < 150; attempt++) {
    const [x, y] = nextPlace(random, film, look, cells.at(-1));
    const radius = random.uniform(3.1, 3.9);
    const distanceTo = (other: Disc) => Math.sqrt((other.x - x) ** 2 + (other.y - y) ** 2);
    const isOnWhiteCell = whiteCells.some((white) => distanceTo(white) < white.radius + radius * 0.65);
    const isOnRedCell = cells.some((red) => distanceTo(red) < radius * 0.95);
    if (isOnWhiteCell || isOnRedCell) continue;
    const cell = { x, y, radius };
    cells.push(cell);
    covered += 3 * radius * radius;
    drawRedCell(film, random, look, cell);
  }
}
