/** What makes a white cell the kind it is, as a plan that `white-cell.ts` draws: sizes in micrometres, places relative
 * to the middle of the cell. */
import type { Random } from '../../../core/random.ts';
import type { Disc, Link } from '../outline.ts';
import { direction } from '../random-draws.ts';
import type { Dyes } from '../slide-look.ts';

/** One white cell before it is placed and stained. */
export interface CellPlan {
  readonly radius: number;
  /** The long axis over the short one. */
  readonly elongation: number;
  /** How uneven the cell's edge is, as a share of its radius. */
  readonly roughness: number;
  readonly nucleus: Nucleus;
  /** How much of each dye the cytoplasm takes up. */
  readonly cytoplasm: { readonly eosin: number; readonly azure: number; readonly purple: number };
  /** How uneven the cytoplasm's colour is, 0 to 1. */
  readonly mottling: number;
  readonly granules: Granules;
  readonly vacuoles: { readonly count: number; readonly radius: number };
}

/** The nucleus: discs, links between them, and its chromatin. */
export interface Nucleus {
  readonly discs: readonly Disc[];
  readonly links: readonly Link[];
  /** Over how many micrometres the corners between the parts are filled. */
  readonly join: number;
  /** How much purple it takes up. */
  readonly amount: number;
  /** How uneven its chromatin is, 0 to 1, and how wide the clumps are. */
  readonly clumping: number;
  readonly clump: number;
}

/** Grains in the cytoplasm. */
export interface Granules {
  readonly count: number;
  readonly radius: number;
  readonly dye: keyof Dyes;
  readonly amount: number;
}

/** A plan drawn at random within the range of its kind. */
export type PlanCell = (random: Random) => CellPlan;

/** Points of a path of equal steps that turns at each point; `turn` is the tangent of half the angle of the next turn. */
export function walk(count: number, step: number, turn: () => number): [number, number][] {
  const points: [number, number][] = [[0, 0]];
  let [directionX, directionY] = [1, 0];
  while (points.length < count) {
    const [x, y] = points.at(-1)!;
    points.push([x + step * directionX, y + step * directionY]);
    const tangent = turn();
    const scale = 1 / (1 + tangent * tangent);
    const cosine = (1 - tangent * tangent) * scale;
    const sine = 2 * tangent * scale;
    [directionX, directionY] = [directionX * cosine - directionY * sine, directionX * sine + directionY * cosine];
  }
  return points;
}

/** The discs turned at random, moved so that their middle is the cell's, and drawn together until they fit in it. */
export function fitted(random: Random, discs: readonly Disc[], room: number): Disc[] {
  const middleX = discs.reduce((sum, part) => sum + part.x, 0) / discs.length;
  const middleY = discs.reduce((sum, part) => sum + part.y, 0) / discs.length;
  const [cosine, sine] = direction(random);
  const reach = Math.max(
    ...discs.map((part) => Math.sqrt((part.x - middleX) ** 2 + (part.y - middleY) ** 2) + part.radius),
  );
  const scale = Math.min(1, room / reach);
  return discs.map((part) => {
    const x = (part.x - middleX) * scale;
    const y = (part.y - middleY) * scale;
    return { x: x * cosine - y * sine, y: x * sine + y * cosine, radius: part.radius * scale };
  });
}

/** Links from each disc to the next. */
export function chain(count: number, radius: () => number): Link[] {
  return Array.from({ length: count - 1 }, (_, from) => ({ from, to: from + 1, radius: radius() }));
}
