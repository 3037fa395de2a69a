/** Where the project lies, which files it has, and how scripts run commands and report failures. */
import { spawnSync } from 'node:child_process';
import { readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root folder of the project. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** What was installed, built or recorded, never source; `.git` is a file in a worktree. */
const skipped = new Set(['.git', 'node_modules', 'dist', 'build', 'runs', '__pycache__']);

/**
 * All source files below a folder, as paths from the root of the project with forward slashes, sorted.
 * @param {string} [folder]
 * @returns {string[]}
 */
export function listFiles(folder = '.') {
  const found = [];
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const file = path.posix.join(folder, entry.name);
    if (skipped.has(entry.name) && file !== 'src/runs' && file !== 'test/runs') continue;
    if (entry.isDirectory()) found.push(...listFiles(file));
    else if (entry.isFile()) found.push(file);
  }
  return found.sort();
}

/**
 * Runs a program in the root of the project with this terminal, and ends the script where it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
export function run(command, args, env = process.env) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/**
 * Runs a script of an installed package, as `npx` would but without a shell.
 * @param {string} file path below node_modules
 * @param {string[]} args
 */
export function runPackage(file, args) {
  run(process.execPath, [path.join(root, 'node_modules', file), ...args]);
}

/**
 * Prints what a check found, and makes the process fail where it found anything.
 * @param {string} name what was checked, as in "All … are fine"
 * @param {string[]} problems one line each
 */
export function report(name, problems) {
  if (problems.length === 0) {
    console.log(`ok   ${name}`);
    return;
  }
  console.error(`FAIL ${name}\n${problems.map((line) => `     ${line}`).join('\n')}`);
  process.exitCode = 1;
}

/**
 * True in the script that was started, false in the ones it imports.
 * @param {string} url its `import.meta.url`
 */
export function isMain(url) {
  return process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(url);
}
