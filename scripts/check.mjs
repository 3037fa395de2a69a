/** `npm run check`: format, lint, types, layers and the project's own rules. Runs everything and fails where any part did. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from './project.mjs';

/** A forced build takes seconds, and an incremental one keeps errors of settings that have changed since. */
const parts = [
  ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings'],
  ['node_modules/typescript/bin/tsc', '-b', '--force'],
  ['node_modules/typescript/bin/tsc', '-p', 'test'],
  ['node_modules/typescript/bin/tsc', '-p', 'bench'],
  ['node_modules/typescript/bin/tsc', '-p', 'examples'],
  ['node_modules/typescript/bin/tsc', '-p', 'scripts'],
  ['scripts/check-layers.mjs'],
  ['scripts/check-files.mjs'],
  ['scripts/check-links.mjs'],
  ['scripts/check-portable.mjs'],
  ['scripts/check-errors.mjs'],
  ['scripts/check-generated.mjs'],
];

const failed = parts.filter(([script = '', ...args]) => {
  const { status } = spawnSync(process.execPath, [path.join(root, script), ...args], { cwd: root, stdio: 'inherit' });
  const name = [path.basename(script), ...args].join(' ');
  if (script.startsWith('node_modules')) console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name}`);
  return status !== 0;
});
console.log(failed.length === 0 ? 'Everything is in order.' : `${failed.length} of ${parts.length} checks failed.`);
process.exitCode = failed.length === 0 ? 0 : 1;
