/** Draws one planned white cell on the film: cytoplasm, vacuoles, nucleus, granules, in that order. */
import type { Random } from '../../core/random.ts';
import type { Film } from './film.ts';
import type { CellPlan } from './kinds/cell-plan.ts';
import { blob, disc, lobes, type Outline } from './outline.ts';
import { direction } from './random-draws.ts';
import type { Dyes } from './slide-look.ts';
import type { Texture } from './texture.ts';

/** Where a cell lies and what it is stained with. */
export interface Staining {
  readonly x: number;
  readonly y: number;
  readonly dyes: Dyes;
  readonly texture: Texture;
}

/** A point of the cell, at least `inset` inside its edge; rejection from the cell's disc. */
function pointInside(random: Random, body: Outline, plan: CellPlan, place: Staining, inset: number): [number, number] {
  for (let attempt = 0; attempt < 20; attempt++) {
    const reach = plan.radius * 1.15;
    const x = place.x + random.uniform(-reach, reach);
    const y = place.y + random.uniform(-reach, reach);
    if (body.distance(x, y) < -inset) return [x, y];
  }
  return [place.x, place.y];
}

function drawCytoplasm(film: Film, body: Outline, plan: CellPlan, { x, y, dyes, texture }: Staining): void {
  const { eosin, azure, purple } = plan.cytoplasm;
  film.visit(body, 0.5, (at, px, py, coverage, distance) => {
    film.clear(at, 0.94 * coverage);
    // The cell is a flattened drop: thinner at its edge, with a darker line where its membrane turns.
    const thickness = distance > -0.35 ? 1.12 : 0.85 + 0.15 * Math.min(1, -distance / 2);
    const uneven = 1 + plan.mottling * texture.rough((px - x) / 0.9 + 11, (py - y) / 0.9 + 23);
    const amount = coverage * thickness * uneven;
    film.add(at, dyes.eosin, eosin * amount);
    film.add(at, dyes.azure, azure * amount);
    film.add(at, dyes.purple, purple * amount);
  });
}

function drawVacuoles(film: Film, random: Random, body: Outline, plan: CellPlan, place: Staining): void {
  for (let count = 0; count < plan.vacuoles.count; count++) {
    const [x, y] = pointInside(random, body, plan, place, 0.5);
    const bubble = disc({ x, y, radius: plan.vacuoles.radius * random.uniform(0.7, 1.3) });
    film.visit(bubble, 0.3, (at, _x, _y, coverage) => film.clear(at, 0.7 * coverage));
  }
}

function drawNucleus(film: Film, nucleus: Outline, plan: CellPlan, { x, y, dyes, texture }: Staining): void {
  const { amount, clumping, clump } = plan.nucleus;
  film.visit(nucleus, 0.4, (at, px, py, coverage, distance) => {
    film.clear(at, 0.75 * coverage);
    const uneven = 1 + clumping * texture.rough((px - x) / clump + 40, (py - y) / clump + 7);
    const rim = distance > -0.5 ? 1.08 : 1;
    film.add(at, dyes.purple, amount * coverage * uneven * rim);
  });
}

function drawGranules(
  film: Film,
  random: Random,
  body: Outline,
  nucleus: Outline,
  plan: CellPlan,
  place: Staining,
): void {
  const { count, radius, dye, amount } = plan.granules;
  for (let granule = 0; granule < count; granule++) {
    const [x, y] = pointInside(random, body, plan, place, radius * 0.8);
    // Few granules lie above or below the nucleus.
    const share = nucleus.distance(x, y) < -0.25 ? 0.25 : 1;
    const grain = disc({ x, y, radius: radius * random.uniform(0.75, 1.25) });
    const strength = share * amount * random.uniform(0.7, 1.2);
    film.visit(grain, radius, (at, _x, _y, coverage) => {
      film.clear(at, 0.3 * share * coverage);
      film.add(at, place.dyes[dye], strength * coverage);
    });
  }
}

/** The nucleus at its place in the cell, its edge made uneven by the texture. */
function placeNucleus(random: Random, plan: CellPlan, { x, y, texture }: Staining): Outline {
  const [offsetX, offsetY] = direction(random);
  const reach = Math.max(...plan.nucleus.discs.map((part) => Math.sqrt(part.x ** 2 + part.y ** 2) + part.radius));
  const offset = Math.max(0, plan.radius * 0.95 - reach) * random.next();
  const discs = plan.nucleus.discs.map((part) => ({
    x: part.x + x + offset * offsetX,
    y: part.y + y + offset * offsetY,
    radius: part.radius,
  }));
  const smooth = lobes(discs, plan.nucleus.links, plan.nucleus.join);
  return {
    ...smooth,
    distance: (px, py) => smooth.distance(px, py) + 0.22 * texture.at((px - x) / 1.3, (py - y) / 1.3),
  };
}

/** Draws the cell, and hides most of what lies under it. */
export function drawWhiteCell(film: Film, random: Random, plan: CellPlan, place: Staining): void {
  const { radius, elongation, roughness } = plan;
  const body = blob(random, { x: place.x, y: place.y, radius, elongation, roughness });
  const nucleus = placeNucleus(random, plan, place);
  drawCytoplasm(film, body, plan, place);
  drawVacuoles(film, random, body, plan, place);
  drawNucleus(film, nucleus, plan, place);
  drawGranules(film, random, body, nucleus, plan, place);
}
