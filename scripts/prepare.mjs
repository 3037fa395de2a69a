/** npm runs this after `npm ci` in a clone and before `npm pack`: it makes dist/ and the .wasm. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { buildWasm } from './build-wasm.mjs';
import { root, runPackage } from './project.mjs';

if (existsSync(path.join(root, 'node_modules', 'typescript'))) {
  buildWasm();
  runPackage('typescript/bin/tsc', ['-b']);
} else {
  console.error('cajal: dist/ is not built, because the development dependencies are not installed.');
}
