/** Outlines of cells and nuclei as signed distances in micrometres: negative inside, positive outside. */
import type { Random } from '../../core/random.ts';
import { bell, clamp, type Direction, direction } from './random-draws.ts';

/** A closed shape: a box around it, and how far a point is from its edge. */
export interface Outline {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Micrometres from the edge, negative inside; near the edge it is close to the true distance, elsewhere roughly. */
  distance(x: number, y: number): number;
}

/** A disc at `[x, y]`, all in micrometres. */
export interface Disc {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** How far a blob departs from a disc. */
export interface BlobShape extends Disc {
  /** The long axis over the short one; 1 is round. */
  readonly elongation: number;
  /** How uneven the edge is, as a share of the radius. */
  readonly roughness: number;
}

/** An uneven, stretched disc: an ellipse whose radius carries four random harmonics of the angle. */
export function blob(random: Random, shape: BlobShape): Outline {
  const { x: centerX, y: centerY, radius, elongation, roughness } = shape;
  const [axisX, axisY]: Direction = direction(random);
  const long = Math.sqrt(elongation);
  const waves = Array.from({ length: 8 }, (_, index) => (bell(random) * roughness) / (2 + (index >> 1)));
  const reach = radius * long * (1 + 2.2 * roughness) + 0.6;

  function edge(cosine: number, sine: number): number {
    // cos kθ and sin kθ are the parts of (cos θ + i sin θ)^k.
    let real = cosine;
    let imaginary = sine;
    let sum = 1;
    for (let wave = 0; wave < 8; wave += 2) {
      const next = real * cosine - imaginary * sine;
      imaginary = real * sine + imaginary * cosine;
      real = next;
      sum += waves[wave]! * real + waves[wave + 1]! * imaginary;
    }
    return sum * radius;
  }

  return {
    left: centerX - reach,
    top: centerY - reach,
    right: centerX + reach,
    bottom: centerY + reach,
    distance(x, y) {
      const dx = x - centerX;
      const dy = y - centerY;
      const along = (dx * axisX + dy * axisY) / long;
      const across = (dy * axisX - dx * axisY) * long;
      const length = Math.sqrt(along * along + across * across);
      if (length < 1e-6) return -radius;
      return length - edge(along / length, across / length);
    },
  };
}

/** A plain disc. */
export function disc({ x: centerX, y: centerY, radius }: Disc): Outline {
  return {
    left: centerX - radius,
    top: centerY - radius,
    right: centerX + radius,
    bottom: centerY + radius,
    distance(x, y) {
      const dx = x - centerX;
      const dy = y - centerY;
      return Math.sqrt(dx * dx + dy * dy) - radius;
    },
  };
}

/** A bridge between two discs, thinner than they are. */
export interface Link {
  readonly from: number;
  readonly to: number;
  readonly radius: number;
}

/** Distance to a segment of the given half-width. */
function linkDistance(x: number, y: number, a: Disc, b: Disc, radius: number): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const square = dx * dx + dy * dy;
  const t = square === 0 ? 0 : ((x - a.x) * dx + (y - a.y) * dy) / square;
  const share = clamp(t, 0, 1);
  const ex = x - a.x - share * dx;
  const ey = y - a.y - share * dy;
  return Math.sqrt(ex * ex + ey * ey) - radius;
}

/** The smaller of two distances with the corner between them filled over `width` (quadratic smooth minimum). */
function smoothMinimum(a: number, b: number, width: number): number {
  const overlap = width - Math.abs(a - b);
  const lower = Math.min(a, b);
  return overlap <= 0 ? lower : lower - (overlap * overlap) / (4 * width);
}

/** Discs and the links between them as one shape whose corners are filled over `join` micrometres. */
export function lobes(discs: readonly Disc[], links: readonly Link[], join: number): Outline {
  const reach = join + 0.8;
  return {
    left: Math.min(...discs.map((part) => part.x - part.radius)) - reach,
    top: Math.min(...discs.map((part) => part.y - part.radius)) - reach,
    right: Math.max(...discs.map((part) => part.x + part.radius)) + reach,
    bottom: Math.max(...discs.map((part) => part.y + part.radius)) + reach,
    distance(x, y) {
      let nearest = 1e6;
      for (const part of discs) {
        const dx = x - part.x;
        const dy = y - part.y;
        nearest = smoothMinimum(nearest, Math.sqrt(dx * dx + dy * dy) - part.radius, join);
      }
      for (const link of links) {
        nearest = smoothMinimum(nearest, linkDistance(x, y, discs[link.from]!, discs[link.to]!, link.radius), join);
      }
      return nearest;
    },
  };
}
