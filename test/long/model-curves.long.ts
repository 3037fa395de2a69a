// Protects: whole models from weights of cajal's own become as accurate as in Keras, on average over three seeds.
import { testAccuracies } from '../training/model-curves.ts';

testAccuracies('reduced', 3);
