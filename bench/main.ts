/** `npm run bench [-- NAME…]`: times the cases marked `bench` whose names contain every NAME, on the native and the WASM
 * backend, or on the one that `CAJAL_BACKEND` names; `CAJAL_ISA` and `CAJAL_THREADS` count too. Results go to stdout. */
import { benchKernels } from './kernels.ts';

await benchKernels(process.argv.slice(2));
