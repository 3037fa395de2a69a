/** All sections of the list of Keras names, in the order of the page. A new name is a line in one of their files. */
import { augmentationSections } from './augmentation-names.ts';
import { callbackSections } from './callback-names.ts';
import { dataSections } from './data-names.ts';
import type { KerasSection } from './keras-name.ts';
import { layerSections } from './layer-names.ts';
import { lossSections } from './loss-names.ts';
import { modelSections } from './model-names.ts';
import { optimizerSections } from './optimizer-names.ts';
import { weightSections } from './weight-names.ts';

/** The list. */
export const kerasSections: readonly KerasSection[] = [
  ...layerSections,
  ...augmentationSections,
  ...dataSections,
  ...weightSections,
  ...lossSections,
  ...optimizerSections,
  ...callbackSections,
  ...modelSections,
];
