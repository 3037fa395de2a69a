/** Folders for tests that are deleted when the test ends; on request on a small disk of their own, or a read-only one. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';

/** An empty folder. */
export function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'cajal-runs-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A disk for one test. */
export interface SmallDisk {
  folder: string;
  makeReadOnly(): void;
}

/** An empty disk of `kibibytes`; where this system lets none be mounted the test is skipped and says so. */
export function mountSmallDisk(context: TestContext, kibibytes: number): SmallDisk | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), 'cajal-disk-'));
  const mount = (...args: string[]) => spawnSync('mount', [...args, folder], { encoding: 'utf8' });
  const { status, stderr, error } = mount('-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs');
  context.after(() => {
    if (status === 0) spawnSync('umount', [folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  if (status === 0) return { folder, makeReadOnly: () => void mount('-o', 'remount,ro') };
  context.skip(`no small disk can be mounted here: ${error?.message ?? stderr.trim()}`);
  return undefined;
}
