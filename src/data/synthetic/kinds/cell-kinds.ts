/** The four kinds of white cell in the set, in the order of their class indices. */
import type { PlanCell } from './cell-plan.ts';
import { planEosinophil } from './eosinophil.ts';
import { planLymphocyte } from './lymphocyte.ts';
import { planMonocyte } from './monocyte.ts';
import { planNeutrophil } from './neutrophil.ts';

/** A kind of white cell. */
export type CellKind = 'eosinophil' | 'lymphocyte' | 'monocyte' | 'neutrophil';

/** The kinds, in alphabetical order as class folders are read. */
export const cellKinds: readonly CellKind[] = ['eosinophil', 'lymphocyte', 'monocyte', 'neutrophil'];

/** How each kind is planned. */
export const cellPlans: Readonly<Record<CellKind, PlanCell>> = {
  eosinophil: planEosinophil,
  lymphocyte: planLymphocyte,
  monocyte: planMonocyte,
  neutrophil: planNeutrophil,
};
