/** `npm run test:browser`: bundles the built package for a page, checks what is in it and how large it is, and trains in a
 * Chromium of this machine (CAJAL_CHROMIUM, or one in PATH). Where there is none, that part is skipped and says so. */
import { spawnSync } from 'node:child_process';
import { buildWasm } from './build-kernels.mjs';
import { listFiles, root, runPackage } from './project.mjs';

buildWasm();
runPackage('typescript/bin/tsc', ['-b']);
const files = listFiles('test/browser').filter((file) => file.endsWith('.browser.ts'));
const { status, signal } = spawnSync(
  process.execPath,
  [
    '--import=tsx',
    '--test',
    '--test-concurrency=1',
    '--test-timeout=240000',
    '--test-reporter=./scripts/test-reporter.mjs',
    '--test-reporter-destination=stdout',
    ...files,
  ],
  { cwd: root, stdio: 'inherit' },
);
if (signal) console.error(`test-browser: the test runner was ended by ${signal}.`);
process.exitCode = status ?? 1;
