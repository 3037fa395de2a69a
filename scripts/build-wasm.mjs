/** Builds build/wasm/*.wasm where it is missing or older than its sources, so that nobody tests or packs stale kernels. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { listFiles, root, run } from './project.mjs';

const output = path.join(root, 'build', 'wasm');

/** @param {string} file */
function changedAt(file) {
  return statSync(file).mtimeMs;
}

function isFresh() {
  if (!existsSync(output)) return false;
  const built = readdirSync(output).filter((name) => name.endsWith('.wasm'));
  if (built.length === 0) return false;
  const sources = listFiles('native').filter((file) => !file.startsWith('native/node/'));
  const newestSource = Math.max(...sources.map((file) => changedAt(path.join(root, file))));
  return Math.min(...built.map((name) => changedAt(path.join(output, name)))) >= newestSource;
}

/** Builds what is missing or stale; ends the process where that fails. */
export function buildWasm() {
  if (isFresh()) return;
  console.error('Building the WebAssembly kernels (once) …');
  run(process.execPath, [path.join('native', 'wasm', 'build.mjs')]);
}
