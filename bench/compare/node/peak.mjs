/** Prints what the machine can do with a backend, as JSON: `node peak.mjs BACKEND THREADS`. Without rates where the backend
 * does not measure them. */
import { chooseBackend } from '../../../dist/index.js';

const [backend = '', threads = '2'] = process.argv.slice(2);
const { backend: opened } = await chooseBackend({ backend, threads: Number(threads) });
let [gflops, gbPerSecond] = [0, 0];
// Three times: the first while threads may still have to find their cores, and other programs seldom disturb them all.
for (let repeat = 0; repeat < 3; repeat++) {
  const peak = await opened.measurePeak?.();
  gflops = Math.max(gflops, peak?.gflops ?? 0);
  gbPerSecond = Math.max(gbPerSecond, peak?.gbPerSecond ?? 0);
}
const rates = gflops > 0 && { gflops, gbPerSecond };
console.log(JSON.stringify({ instructionSet: opened.instructionSet, ...rates }));
