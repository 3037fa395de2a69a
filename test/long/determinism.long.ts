// Protects: as in test/training/determinism.test.ts, at the sizes that people train with.
import { digitNetwork, testDeterminism, thirteenLayers } from '../training/determinism.ts';

await testDeterminism(thirteenLayers(150, 32));
await testDeterminism(digitNetwork(128));
