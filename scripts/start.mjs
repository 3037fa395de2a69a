/** `npm start`: the demonstration, with the kernels it needs. Arguments go to `cajal demo`. */
import path from 'node:path';
import { buildWasm } from './build-kernels.mjs';
import { run } from './project.mjs';

buildWasm();
run(process.execPath, [path.join('bin', 'cajal.mjs'), 'demo', ...process.argv.slice(2)]);
