/** The synthetic blood-smear set: `drawSmear` draws one picture, `smearSet` a whole set. Runs in a browser. */
export { type DividedSmearSet, defaultSmearSet } from './default-smear-set.ts';
export { drawSmear, type SmearOptions } from './draw-smear.ts';
export { type CellKind, cellKinds } from './kinds/cell-kinds.ts';
export { type SmearItem, type SmearSetOptions, smearSet } from './smear-set.ts';
