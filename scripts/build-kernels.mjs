/** Builds the kernels that are missing or older than their sources, so that nobody tests or packs stale ones. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { listFiles, root, run } from './project.mjs';

/**
 * When the oldest of the built files was written; undefined where none is there.
 * @param {string} folder
 * @param {string} extension
 */
function builtAt(folder, extension) {
  if (!existsSync(path.join(root, folder))) return undefined;
  const files = readdirSync(path.join(root, folder)).filter((name) => name.endsWith(extension));
  const times = files.map((name) => statSync(path.join(root, folder, name)).mtimeMs);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** @param {string} other a folder of native/ that does not count */
function sourcesChangedAt(other) {
  const files = listFiles('native').filter((file) => !file.startsWith(`native/${other}/`));
  return Math.max(...files.map((file) => statSync(path.join(root, file)).mtimeMs));
}

/** Builds build/wasm/*.wasm where they are missing or stale; ends the process where that fails. */
export function buildWasm() {
  if ((builtAt('build/wasm', '.wasm') ?? 0) >= sourcesChangedAt('node')) return;
  console.error('Building the WebAssembly kernels …');
  run(process.execPath, [path.join('native', 'wasm', 'build.mjs')]);
}

/** Builds the native addon again where there is one and it is stale; whether to have one was decided at installation. */
export function refreshNative() {
  const time = builtAt('native/build/Release', '.node');
  if (time === undefined || time >= sourcesChangedAt('wasm')) return;
  console.error('Building the native kernels again …');
  run(process.execPath, [path.join('native', 'install.mjs'), '--force'], { ...process.env, CAJAL_REQUIRE_NATIVE: '1' });
}
