/** What else lies on a smear and may mislead: platelets, specks of dye, bright bubbles. */
import type { Random } from '../../core/random.ts';
import type { Film } from './film.ts';
import { blob, disc } from './outline.ts';
import type { SlideLook } from './slide-look.ts';

/** A number of things whose mean is `mean`: whole part, and one more with the probability of the rest. */
function countOf(random: Random, mean: number): number {
  return Math.floor(mean * random.uniform(0, 2) + random.next());
}

function drawPlatelet(film: Film, random: Random, look: SlideLook): void {
  const x = random.uniform(0, film.width);
  const y = random.uniform(0, film.width);
  const radius = random.uniform(0.7, 1.5);
  const body = blob(random, { x, y, radius, elongation: random.uniform(1, 1.5), roughness: 0.12 });
  film.visit(body, 0.5, (at, _x, _y, coverage) => {
    film.clear(at, 0.3 * coverage);
    film.add(at, look.dyes.azure, 0.3 * coverage);
    film.add(at, look.dyes.purple, 0.12 * coverage);
  });
  for (let grain = 0; grain < 6; grain++) {
    const dot = disc({
      x: x + radius * random.uniform(-0.55, 0.55),
      y: y + radius * random.uniform(-0.55, 0.55),
      radius: random.uniform(0.18, 0.32),
    });
    film.visit(dot, 0.25, (at, _x, _y, coverage) => film.add(at, look.dyes.purple, 0.4 * coverage));
  }
}

function drawSpeck(film: Film, random: Random, look: SlideLook): void {
  const x = random.uniform(0, film.width);
  const y = random.uniform(0, film.width);
  const count = 1 + random.integer(4);
  const dye = random.next() < 0.7 ? look.dyes.purple : look.dyes.orange;
  for (let grain = 0; grain < count; grain++) {
    const dot = disc({
      x: x + random.uniform(-0.9, 0.9),
      y: y + random.uniform(-0.9, 0.9),
      radius: random.uniform(0.12, 0.45),
    });
    film.visit(dot, 0.25, (at, _x, _y, coverage) => film.add(at, dye, 0.8 * coverage));
  }
}

function drawBubble(film: Film, random: Random): void {
  const x = random.uniform(0, film.width);
  const y = random.uniform(0, film.width);
  const radius = random.uniform(0.2, 0.5);
  film.visit(disc({ x, y, radius: radius * 1.6 }), 0.3, (at, _x, _y, coverage) =>
    film.add(at, [0.2, 0.2, 0.2], coverage),
  );
  film.visit(disc({ x, y, radius }), 0.25, (at, _x, _y, coverage) => film.clear(at, coverage));
}

/** Platelets and specks, drawn before the white cell. */
export function drawUnder(film: Film, random: Random, look: SlideLook): void {
  for (let count = countOf(random, look.platelets); count > 0; count--) drawPlatelet(film, random, look);
}

/** Specks and bubbles, drawn above everything. */
export function drawOver(film: Film, random: Random, look: SlideLook): void {
  for (let count = countOf(random, look.specks); count > 0; count--) drawSpeck(film, random, look);
  for (let count = countOf(random, 0.3); count > 0; count--) drawBubble(film, random);
}
