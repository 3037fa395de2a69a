/** npm runs this after `npm ci` in a clone and before `npm pack`: it makes dist/ and the .wasm. */
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { buildWasm } from './build-kernels.mjs';
import { root, runPackage } from './project.mjs';

if (existsSync(path.join(root, 'node_modules', 'typescript'))) {
  buildWasm();
  rmSync(path.join(root, 'dist'), { recursive: true, force: true }); // the compiler leaves what its source has lost
  runPackage('typescript/bin/tsc', ['-b']);
} else {
  console.error('cajal: dist/ is not built, because the development dependencies are not installed.');
}
