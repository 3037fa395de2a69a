/** Writes what an audit proposes: a list, or a copy of the folder without what should be left out. Nothing is ever deleted,
 * moved or written over. */
import { constants } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { csvFormatRows } from 'd3-dsv';
import { AbortError, DataError, OptionError } from '../../core/errors.ts';
import { showName } from '../../data/show-name.ts';
import type { AuditReport } from '../audit-report.ts';
import { type Fix, proposeFixes } from '../propose-fixes.ts';

/** The list as CSV, with a header. */
export function formatFixes(fixes: readonly Fix[]): string {
  const rows = fixes.map(({ split, path: name, problem, proposal }) => [split, name, problem, proposal]);
  return `${csvFormatRows([['folder', 'path', 'problem', 'proposal'], ...rows])}\n`;
}

/** How a folder is copied. */
export interface CopyOptions {
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

/**
 * Checks that a cleaned copy can go there.
 *
 * @throws OptionError where the place lies in the folder; DataError where something is there
 */
export async function checkCleanPlace(folder: string, out: string): Promise<void> {
  const inside = path.relative(path.resolve(folder), path.resolve(out));
  if (inside === '' || !(inside.startsWith('..') || path.isAbsolute(inside))) {
    throw new OptionError(
      `audit: expected a place outside of ${showName(folder)} for the cleaned copy, received ${showName(out)}. Choose another --out.`,
    );
  }
  let present: string[];
  try {
    present = await readdir(out);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    present = [out];
  }
  if (present.length > 0) {
    throw new DataError(
      `audit: expected an empty or a new folder for the cleaned copy, received ${showName(out)}, where something is. Nothing is ` +
        'written over: choose another --out.',
    );
  }
}

/**
 * Copies the pictures of the first folder that nothing speaks against.
 *
 * @returns how many were copied and left out
 * @throws as `checkCleanPlace`; AbortError where the signal stops it
 */
export async function copyClean(
  report: AuditReport,
  out: string,
  { onProgress, signal }: CopyOptions = {},
): Promise<{ copied: number; leftOut: number }> {
  await checkCleanPlace(report.folder, out);
  const left = new Set(
    proposeFixes(report)
      .filter(({ split, proposal }) => split === 'training' && proposal === 'leave out')
      .map(({ path: name }) => name),
  );
  const kept = report.files.filter(({ path: name }) => !left.has(name));
  for (const name of report.classNames) await mkdir(path.join(out, name), { recursive: true });
  for (const [place, { path: name }] of kept.entries()) {
    if (signal?.aborted) throw new AbortError(`audit: stopped after ${place} of ${kept.length} copies.`);
    await mkdir(path.join(out, path.dirname(name)), { recursive: true });
    await copyFile(path.join(report.folder, name), path.join(out, name), constants.COPYFILE_EXCL);
    onProgress?.(place + 1, kept.length);
  }
  return { copied: kept.length, leftOut: left.size };
}
