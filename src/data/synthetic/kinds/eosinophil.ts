/** Eosinophil: a nucleus of two plump lobes, in a cell packed with coarse orange-red granules. */
import type { Random } from '../../../core/random.ts';
import { chance } from '../random-draws.ts';
import { type CellPlan, chain, fitted, walk } from './cell-plan.ts';

/** Plans an eosinophil; some have three lobes or one, and some have lost much of their granules' colour. */
export function planEosinophil(random: Random): CellPlan {
  const radius = random.uniform(5.3, 7.3);
  const count = chance(random, 0.78) ? 2 : chance(random, 0.8) ? 3 : 1;
  const size = radius * (count === 2 ? random.uniform(0.31, 0.42) : count === 3 ? random.uniform(0.25, 0.33) : 0.48);
  const points = walk(count, size * random.uniform(1.6, 2.3), () => random.uniform(-0.6, 0.6));
  const discs = points.map(([x, y]) => ({ x, y, radius: size * random.uniform(0.85, 1.12) }));
  const isPale = chance(random, 0.15);
  return {
    radius,
    elongation: random.uniform(1, 1.22),
    roughness: random.uniform(0.015, 0.07),
    nucleus: {
      discs: fitted(random, discs, radius * 0.9),
      links: chain(count, () => random.uniform(0.3, 0.8)),
      join: random.uniform(0.4, 1),
      amount: random.uniform(0.7, 1.1),
      clumping: random.uniform(0.2, 0.45),
      clump: random.uniform(0.9, 1.5),
    },
    cytoplasm: {
      eosin: random.uniform(0.15, 0.5),
      azure: random.uniform(0, 0.35),
      purple: random.uniform(0, 0.06),
    },
    mottling: random.uniform(0.1, 0.3),
    granules: {
      count: 70 + random.integer(90),
      radius: random.uniform(0.36, 0.54),
      dye: 'orange',
      amount: isPale ? random.uniform(0.3, 0.5) : random.uniform(0.55, 1.05),
    },
    vacuoles: { count: chance(random, 0.15) ? 1 + random.integer(3) : 0, radius: 0.45 },
  };
}
