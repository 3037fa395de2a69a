/** Prints what the machine can do with a backend, as JSON: `node peak.mjs BACKEND THREADS`. An empty object where the backend
 * does not measure that. */
import { chooseBackend } from '../../../dist/index.js';

const [backend = '', threads = '2'] = process.argv.slice(2);
const { backend: opened } = await chooseBackend({ backend, threads: Number(threads) });
const peak = await opened.measurePeak?.();
console.log(JSON.stringify({ instructionSet: opened.instructionSet, ...peak }));
