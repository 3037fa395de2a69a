/** Builds the kernels that are missing or stale, so that nobody tests or packs those of other sources. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { listFiles, root, run } from './project.mjs';

/** Makes build/wasm/*.wasm; ends the process where that fails. The script itself knows when there is nothing to do. */
export function buildWasm() {
  run(process.execPath, [path.join('native', 'wasm', 'build.mjs')]);
}

/** Builds the native addon again where it is older than a source. Whether to have one was decided at installation. */
export function refreshNative() {
  const folder = path.join(root, 'native', 'build', 'Release');
  const addon = existsSync(folder) && readdirSync(folder).find((name) => name.endsWith('.node'));
  if (!addon) return;
  const sources = listFiles('native').filter((file) => !file.startsWith('native/wasm/'));
  const changedAt = Math.max(...sources.map((file) => statSync(path.join(root, file)).mtimeMs));
  if (statSync(path.join(folder, addon)).mtimeMs >= changedAt) return;
  console.error('Building the native kernels again …');
  run(process.execPath, [path.join('native', 'install.mjs'), '--force'], { ...process.env, CAJAL_REQUIRE_NATIVE: '1' });
}
