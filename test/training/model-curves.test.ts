// Protects: whole models train as in Keras, at reduced sizes. From the same weights and batches the losses of five networks
// follow Keras's, batch normalization gets the same moving statistics, and the accuracy lies where Keras's does.
import { testModelCurves } from './model-curves.ts';

await testModelCurves('reduced', 'native', 'whole');
await testModelCurves('reduced', 'wasm', 'short');
