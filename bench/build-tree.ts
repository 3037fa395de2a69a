/** Builds what is timed: the checkout as it is, or another revision of it in a git worktree below `build/`. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root, run } from './compare/set-up-peers.ts';

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Builds addon, WASM and TypeScript; a part that cannot be built is named, and cases that need it say so themselves. */
export function buildTree(folder: string): boolean {
  const failed = ['build:native', 'build:wasm', 'build:ts'].filter((part) => {
    try {
      run(npm, ['run', part], folder);
      return false;
    } catch (error) {
      console.error(`${part} in ${path.relative(root, folder) || 'this checkout'}: ${(error as Error).message}`);
      return true;
    }
  });
  return failed.length === 0;
}

/** A revision that has been built. */
export interface BuiltRevision {
  /** Shortened. */
  readonly commit: string;
  readonly folder: string;
}

/**
 * Builds a revision, or takes it as it was built before. Its cases are timed by the present `bench/`, which is copied over
 * its own.
 *
 * @throws Error where git does not know it
 */
export function buildRevision(revision: string): BuiltRevision {
  const { status, stdout } = spawnSync('git', ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`--against: expected a revision that git knows, received ${revision}.`);
  const commit = stdout.trim().slice(0, 10);
  const folder = path.join(root, 'build/revisions', commit);
  const stamp = path.join(folder, 'build/complete.txt');
  if (!existsSync(stamp)) {
    rmSync(folder, { recursive: true, force: true });
    run('git', ['worktree', 'prune'], root);
    run('git', ['worktree', 'add', '--detach', '--force', folder, stdout.trim()], root);
    installPackages(folder);
    if (buildTree(folder)) writeFileSync(stamp, '');
  }
  const copy = path.join(folder, 'bench');
  rmSync(copy, { recursive: true, force: true });
  cpSync(path.join(root, 'bench'), copy, { recursive: true, filter: (file) => path.basename(file) !== 'results' });
  return { commit, folder };
}

/** The packages of this checkout where they are the same, else those of the revision. */
function installPackages(folder: string): void {
  const lock = 'package-lock.json';
  if (readFileSync(path.join(folder, lock), 'utf8') === readFileSync(path.join(root, lock), 'utf8')) {
    symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  } else {
    run(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
  }
}
