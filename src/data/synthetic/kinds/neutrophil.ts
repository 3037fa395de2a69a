/** Neutrophil: two to five lobes joined by thin strands (or one thin band while it is young); pale cytoplasm dusted with
 * fine lilac granules. */
import type { Random } from '../../../core/random.ts';
import { chance } from '../random-draws.ts';
import { type CellPlan, chain, fitted, type Nucleus, walk } from './cell-plan.ts';

/** A young neutrophil's nucleus: an even, bent band. */
function band(random: Random, radius: number): Pick<Nucleus, 'discs' | 'links' | 'join'> {
  const thickness = radius * random.uniform(0.18, 0.25);
  const bend = random.uniform(0.16, 0.4);
  const points = walk(7, radius * random.uniform(0.22, 0.3), () => bend * random.uniform(0.7, 1.3));
  const discs = points.map(([x, y]) => ({ x, y, radius: thickness * random.uniform(0.85, 1.12) }));
  return { discs: fitted(random, discs, radius * 0.85), links: chain(7, () => thickness * 0.8), join: 0.5 };
}

/** A grown neutrophil's nucleus: lobes on strands. */
function segments(random: Random, radius: number): Pick<Nucleus, 'discs' | 'links' | 'join'> {
  const count = 2 + (chance(random, 0.8) ? 1 : 0) + (chance(random, 0.45) ? 1 : 0) + (chance(random, 0.2) ? 1 : 0);
  const size = radius * (count === 2 ? random.uniform(0.3, 0.38) : random.uniform(0.23, 0.32));
  // The path mostly bends one way, as a C or a U; now and then it turns back, as an S or a Z.
  const points = walk(
    count,
    size * random.uniform(1.85, 2.35),
    () => (chance(random, 0.8) ? 1 : -1) * random.uniform(0.15, 0.85),
  );
  const discs = points.map(([x, y]) => ({ x, y, radius: size * random.uniform(0.78, 1.15) }));
  return {
    discs: fitted(random, discs, radius * 0.88),
    links: chain(count, () => random.uniform(0.2, 0.5)),
    join: random.uniform(0.3, 0.8),
  };
}

/** Plans a neutrophil; one in ten is a band, which may pass for a small monocyte. */
export function planNeutrophil(random: Random): CellPlan {
  const radius = random.uniform(5.2, 7);
  return {
    radius,
    elongation: random.uniform(1, 1.22),
    roughness: random.uniform(0.015, 0.07),
    nucleus: {
      ...(chance(random, 0.1) ? band(random, radius) : segments(random, radius)),
      amount: random.uniform(0.75, 1.15),
      clumping: random.uniform(0.2, 0.45),
      clump: random.uniform(0.8, 1.4),
    },
    cytoplasm: {
      eosin: random.uniform(0.12, 0.5),
      azure: random.uniform(0, 0.4),
      purple: random.uniform(0.02, 0.08),
    },
    mottling: random.uniform(0.1, 0.35),
    granules: {
      count: 40 + random.integer(90),
      radius: random.uniform(0.13, 0.23),
      dye: chance(random, 0.5) ? 'purple' : 'eosin',
      amount: random.uniform(0.2, 0.6),
    },
    vacuoles: { count: chance(random, 0.12) ? 1 + random.integer(4) : 0, radius: 0.4 },
  };
}
