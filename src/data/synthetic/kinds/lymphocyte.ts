/** Lymphocyte: a large round nucleus that nearly fills a small cell; a thin rim of clear blue cytoplasm. */
import type { Random } from '../../../core/random.ts';
import { chance } from '../random-draws.ts';
import { type CellPlan, chain, fitted } from './cell-plan.ts';

/** Plans a lymphocyte; one in seven is large, with more and paler cytoplasm, and may pass for a monocyte. */
export function planLymphocyte(random: Random): CellPlan {
  const isLarge = chance(random, 0.15);
  const radius = isLarge ? random.uniform(5.8, 7.2) : random.uniform(4.6, 6.4);
  const nucleusRadius = radius * (isLarge ? random.uniform(0.62, 0.76) : random.uniform(0.72, 0.86));
  // A second, nearby disc makes the nucleus oval; with little filling between them it is indented.
  const apart = nucleusRadius * random.uniform(0.1, isLarge ? 0.55 : 0.38);
  const discs = [
    { x: 0, y: 0, radius: nucleusRadius * 0.9 },
    { x: apart, y: 0, radius: nucleusRadius * random.uniform(0.72, 0.92) },
  ];
  return {
    radius,
    elongation: random.uniform(1, 1.2),
    roughness: random.uniform(0.01, 0.06),
    nucleus: {
      discs: fitted(random, discs, radius * 0.92),
      links: chain(2, () => nucleusRadius * 0.3),
      join: random.uniform(0.4, 1.6),
      amount: random.uniform(0.7, 1.15),
      clumping: random.uniform(0.1, 0.3),
      clump: random.uniform(1, 1.9),
    },
    cytoplasm: {
      eosin: random.uniform(0, 0.15),
      azure: isLarge ? random.uniform(0.25, 0.6) : random.uniform(0.3, 0.85),
      purple: random.uniform(0, 0.08),
    },
    mottling: random.uniform(0.1, 0.3),
    granules: { count: isLarge ? random.integer(10) : 0, radius: 0.25, dye: 'purple', amount: 0.6 },
    vacuoles: { count: chance(random, 0.1) ? 2 : 0, radius: 0.4 },
  };
}
