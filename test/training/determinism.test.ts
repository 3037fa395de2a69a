// Protects: the same seed gives the same weights, to the bit, whatever the number of threads, on every backend and
// instruction set, with every kind of convolution that the two networks have; another seed gives others.
import { digitNetwork, testDeterminism, thirteenLayers } from './determinism.ts';

await testDeterminism(thirteenLayers(38, 6));
await testDeterminism(digitNetwork(6));
