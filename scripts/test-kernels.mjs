/** `npm run test:asan` and `npm run test:neon`: the parity tests with kernels in a process of their own, which
 * AddressSanitizer and UndefinedBehaviorSanitizer watch, or which was compiled for 64-bit ARM and runs under QEMU.
 * Exits with 2 where a compiler or an emulator is missing. `-- FILTER…` chooses families, as in `npm test`. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { instructionSetFlags, kernelFlags, kernelSources, runtimeSources } from '../native/source-lists.mjs';
import { listFiles, root } from './project.mjs';

/**
 * A way to build the driver.
 * @typedef {object} Build
 * @property {string} compiler
 * @property {string} howToGet
 * @property {string[]} flags for every file and for linking
 * @property {Map<string, string[]>} sets instruction sets, with the flags of each
 * @property {string[]} emulators whichever of them is there runs the driver; none where this machine does
 * @property {NodeJS.ProcessEnv} env
 */

/** @type {Record<string, Build>} */
const builds = {
  asan: {
    compiler: process.env.CXX ?? 'g++',
    howToGet: 'Install g++ with libasan and libubsan.',
    flags: ['-O1', '-g1', '-fno-omit-frame-pointer', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
    sets: process.arch === 'x64' ? instructionSetFlags() : new Map([['neon', []]]),
    emulators: [],
    env: { ASAN_OPTIONS: 'detect_leaks=0', UBSAN_OPTIONS: 'print_stacktrace=1' },
  },
  neon: {
    compiler: 'aarch64-linux-gnu-g++',
    howToGet: 'Install g++-aarch64-linux-gnu and qemu-user-static.',
    flags: ['-static'],
    sets: new Map([['neon', []]]),
    emulators: ['qemu-aarch64', 'qemu-aarch64-static'],
    env: {},
  },
};

const [name = '', ...filters] = process.argv.slice(2);
const chosen = builds[name];
if (!chosen) {
  console.error(`test-kernels: expected asan or neon, received "${name}".`);
  process.exit(2);
}
const build = chosen;
const folder = path.join(root, 'build', `kernels-${name}`);
const driver = path.join(folder, 'kernel_driver');

/** Ends the script: a check that could not be made is not one that passed. @param {string} problem */
function giveUp(problem) {
  console.error(`test:${name}: ${problem} ${build.howToGet}`);
  process.exit(2);
}

/** @param {string} command @param {string[]} [args] */
const works = (command, args = ['--version']) => spawnSync(command, args, { cwd: root }).status === 0;

/** Every file to compile: its source, its object, its flags. @returns {{ source: string, object: string, flags: string[] }[]} */
function listUnits() {
  const plain = kernelFlags.filter((flag) => build.flags.every((other) => !/^-O/.test(flag) || !/^-O/.test(other)));
  const units = [];
  for (const [set, flags] of build.sets) {
    for (const source of kernelSources) {
      const object = path.join(folder, `${set}-${path.basename(source)}.o`);
      units.push({
        source: `native/${source}`,
        object,
        flags: [`-DCAJAL_ISA=${set}`, ...plain, ...flags, ...build.flags],
      });
    }
  }
  for (const source of [...runtimeSources.map((file) => `native/${file}`), 'test/native/kernel_driver.cc']) {
    const object = path.join(folder, `${path.basename(source)}.o`);
    units.push({ source, object, flags: ['-std=c++17', '-O2', '-Wall', '-Wextra', ...build.flags] });
  }
  return units;
}

/** @param {string[]} args @returns {Promise<void>} */
function compile(args) {
  return new Promise((resolve) => {
    spawn(build.compiler, args, { cwd: root, stdio: 'inherit' }).on('close', (code) => {
      if (code === 0) resolve();
      else process.exit(1);
    });
  });
}

/** Builds the driver where sources or flags have changed. */
async function buildDriver() {
  const units = listUnits();
  const sources = listFiles('native').filter((file) => /\.(cc|h)$/.test(file));
  const hash = createHash('sha256').update(JSON.stringify([build.compiler, units]));
  for (const file of [...sources, 'test/native/kernel_driver.cc']) hash.update(readFileSync(path.join(root, file)));
  const stamp = hash.digest('hex');
  const stampFile = path.join(folder, 'stamp.txt');
  if (existsSync(driver) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  mkdirSync(folder, { recursive: true });
  console.log(`Compiling ${units.length} files for test:${name} …`);
  const waiting = [...units];
  const work = async () => {
    for (let unit = waiting.shift(); unit; unit = waiting.shift()) {
      await compile(['-c', ...unit.flags, unit.source, '-o', unit.object]);
    }
  };
  await Promise.all(Array.from({ length: os.availableParallelism() }, work));
  await compile([...build.flags, ...units.map(({ object }) => object), '-o', driver, '-pthread']);
  writeFileSync(stampFile, stamp);
}

if (!works(build.compiler)) giveUp(`there is no ${build.compiler}.`);
const emulator = build.emulators.find((candidate) => works(candidate));
if (build.emulators.length > 0 && !emulator) giveUp(`there is no ${build.emulators.join(' or ')}.`);
if (name === 'asan') {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'probe.cc'), 'int main() { return 0; }\n');
  const probe = [...build.flags, path.join(folder, 'probe.cc'), '-o', path.join(folder, 'probe')];
  if (!works(build.compiler, probe)) giveUp(`${build.compiler} has no sanitizers.`);
}
await buildDriver();

const usesTargets = (/** @type {string} */ file) =>
  /\b(testParity|listTargets)\(/.test(readFileSync(path.join(root, file), 'utf8'));
const all = [...listFiles('test/parity'), 'test/native/elementary.test.ts'].filter(
  (file) => file.endsWith('.test.ts') && file !== 'test/parity/targets.test.ts' && usesTargets(file),
);
const files = all.filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)));
if (files.length === 0) giveUp(`expected a part of the path of a test of kernels, received ${filters.join(' ')}.`);
const { status } = spawnSync(
  process.execPath,
  [
    '--import=tsx',
    '--test',
    `--test-concurrency=${os.availableParallelism()}`,
    '--test-reporter=./scripts/test-reporter.mjs',
    '--test-reporter-destination=stdout',
    ...files,
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...build.env, CAJAL_KERNEL_DRIVER: [emulator, driver].filter(Boolean).join(' ') },
  },
);
process.exitCode = status ?? 1;
