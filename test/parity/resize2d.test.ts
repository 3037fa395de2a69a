/** Protects the kernels of the family `resize2d`: every backend and instruction set must agree with the float64 reference. */
import { testParity } from '../support/parity.ts';

await testParity('resize2d');
