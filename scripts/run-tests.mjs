/** `npm test [-- FILTER…] [--test-…]`: runs test/**\/*.test.ts from source (with `--long` test/**\/*.long.ts), one process per
 * file, so that a crash in a kernel fails one file and the rest still run. A FILTER is a part of a path; options go to node's
 * test runner. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildWasm, refreshNative } from './build-kernels.mjs';
import { listFiles, root } from './project.mjs';

const args = process.argv.slice(2);
const isLong = args.includes('--long');
const suffix = isLong ? '.long.ts' : '.test.ts';
const options = args.filter((arg) => arg.startsWith('-') && arg !== '--long');
const filters = args.filter((arg) => !arg.startsWith('-'));
const all = listFiles('test').filter((file) => file.endsWith(suffix));
const files = all.filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)));
if (files.length === 0) {
  console.error(`run-tests: expected a part of the path of a test, received ${filters.join(' ')}. Look in test/.`);
  process.exit(2);
}

buildWasm();
refreshNative();
mkdirSync(path.join(root, 'build'), { recursive: true });
const { status, signal } = spawnSync(
  process.execPath,
  [
    '--import=tsx',
    '--test',
    `--test-concurrency=${os.availableParallelism()}`,
    `--test-timeout=${isLong ? 1_800_000 : 280_000}`,
    '--test-reporter=./scripts/test-reporter.mjs',
    '--test-reporter-destination=stdout',
    '--test-reporter=tap',
    '--test-reporter-destination=build/test.tap',
    ...options,
    ...files,
  ],
  { cwd: root, stdio: 'inherit' },
);
if (signal) console.error(`run-tests: the test runner was ended by ${signal}.`);
process.exitCode = status ?? 1;
