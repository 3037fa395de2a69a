/** Monocyte: the largest cell; a thick kidney or horseshoe of a nucleus with loose chromatin; grey-blue cytoplasm, dull
 * as ground glass, with vacuoles. */
import type { Random } from '../../../core/random.ts';
import { chance } from '../random-draws.ts';
import { type CellPlan, chain, fitted, walk } from './cell-plan.ts';

/** Plans a monocyte; some are horseshoes thin enough for a band neutrophil, some nearly round like a lymphocyte's. */
export function planMonocyte(random: Random): CellPlan {
  const radius = random.uniform(5.8, 8);
  const thickness = radius * random.uniform(0.28, 0.41);
  const count = 6;
  // The path turns four times, by twice the angle of this tangent: 70° in all is a bean, 160° a horseshoe.
  const bend = random.uniform(0.16, 0.36);
  const points = walk(count, radius * random.uniform(0.24, 0.32), () => bend * random.uniform(0.6, 1.4));
  const discs = points.map(([x, y]) => ({ x, y, radius: thickness * random.uniform(0.82, 1.15) }));
  return {
    radius,
    elongation: random.uniform(1, 1.3),
    roughness: random.uniform(0.03, 0.12),
    nucleus: {
      discs: fitted(random, discs, radius * 0.9),
      links: chain(count, () => thickness * 0.75),
      join: random.uniform(0.5, 1.1),
      amount: random.uniform(0.7, 1.1),
      clumping: random.uniform(0.35, 0.6),
      clump: random.uniform(0.7, 1.2),
    },
    cytoplasm: {
      eosin: random.uniform(0.05, 0.3),
      azure: random.uniform(0.22, 0.6),
      purple: random.uniform(0.02, 0.12),
    },
    mottling: random.uniform(0.25, 0.55),
    granules: { count: random.integer(40), radius: 0.16, dye: 'purple', amount: random.uniform(0.2, 0.5) },
    vacuoles: { count: chance(random, 0.7) ? 1 + random.integer(8) : 0, radius: random.uniform(0.35, 0.75) },
  };
}
