// Protects: whole models, at the sizes that people train, follow Keras step by step from the same weights; and from weights of
// cajal's own they become as accurate as in Keras, on average over three seeds.
import { testAccuracies, testModelCurves } from '../training/model-curves.ts';

await testModelCurves('full', 'native', 'whole');
testAccuracies('reduced', 3);
