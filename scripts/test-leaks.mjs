/** `npm run test:leaks`: trains and drops models for long enough that lost memory shows, once for each backend. */
import { spawnSync } from 'node:child_process';
import { buildWasm, refreshNative } from './build-kernels.mjs';
import { listFiles, root } from './project.mjs';

buildWasm();
refreshNative();
const files = listFiles('test/leaks').filter((file) => file.endsWith('.leaks.ts'));
const failed = ['native', 'wasm'].filter((backend) => {
  const { status } = spawnSync(
    process.execPath,
    [
      '--expose-gc',
      '--import=tsx',
      '--test',
      '--test-timeout=120000',
      '--test-reporter=./scripts/test-reporter.mjs',
      '--test-reporter-destination=stdout',
      ...files,
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, CAJAL_BACKEND: backend } },
  );
  return status !== 0;
});
if (failed.length > 0) console.error(`test-leaks: ${failed.join(' and ')} failed.`);
process.exitCode = failed.length === 0 ? 0 : 1;
