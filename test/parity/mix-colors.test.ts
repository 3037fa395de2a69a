/** Protects the kernels of the family `mixColors`: every backend and instruction set must agree with the float64 reference. */
import { testParity } from '../support/parity.ts';

await testParity('mixColors');
