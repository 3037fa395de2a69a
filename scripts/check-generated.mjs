/** Checks that generated files are what their generators write: generates them again and compares. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isMain, listFiles, report, root, run } from './project.mjs';

/** @returns {Map<string, string>} */
function hashFiles() {
  const files = listFiles().map((file) => /** @type {const} */ ([file, readFileSync(path.join(root, file))]));
  return new Map(files.map(([file, bytes]) => [file, createHash('sha256').update(bytes).digest('hex')]));
}

/** @returns {string[]} */
export function checkGenerated() {
  const before = hashFiles();
  run(process.execPath, [path.join('scripts', 'generate.mjs')]);
  const after = hashFiles();
  const stale = [...after.keys()].filter((file) => before.get(file) !== after.get(file));
  return stale.map((file) => `${file}: was stale and is now written again; review it and commit it.`);
}

if (isMain(import.meta.url)) report('generated files are fresh', checkGenerated());
