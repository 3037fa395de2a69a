/** `folds.json` of a cross-validation: which picture is held out by which fold. It keeps folds that are trained in different
 * processes apart even where pictures came, went or changed in between. */
import { DataError, FormatError } from '../../core/errors.ts';
import type { SplitRecord } from '../../data/index.ts';
import { readTextIfThere } from '../../formats/node/read-text-if-there.ts';
import { writeFileAtomic } from '../../formats/node/write-file-atomic.ts';

/** What the file is called. */
export const foldsFile = 'folds.json';

interface FoldEntry {
  readonly path: string;
  readonly class: string;
  readonly group: string | null;
  /** Counted from 1. */
  readonly fold: number;
  readonly sha256: string;
}

/** The lines of the file for the splits of all folds. */
function entriesOf(records: readonly SplitRecord[]): FoldEntry[] {
  return records.flatMap(({ files }, fold) =>
    files
      .filter(({ subset }) => subset === 'validation')
      .map(({ subset: _, ...entry }) => ({ ...entry, fold: fold + 1 })),
  );
}

/**
 * Writes the folds, or, where they were written before, checks that they are the same.
 *
 * @throws DataError where pictures changed meanwhile; FormatError where the file is damaged
 */
export async function keepFolds(file: string, folder: string, records: readonly SplitRecord[]): Promise<void> {
  const entries = entriesOf(records);
  const before = await readFolds(file);
  if (!before) {
    const { method, pattern, groupSource, seed, classNames } = records[0]!;
    const head = JSON.stringify(
      { format: 'cajal folds', version: 1, folds: records.length, method, pattern, groupSource, seed, classNames },
      null,
      2,
    ).slice(0, -2);
    const lines = entries.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n');
    return writeFileAtomic(file, `${head},\n  "files": [\n${lines}\n  ]\n}\n`);
  }
  // Other pictures change sides where one comes or goes: those that did are named only where there is nothing else.
  const changed = differing(before, entries, ({ path, sha256 }) => `${path}\n${sha256}`);
  if (changed.length === 0) changed.push(...differing(before, entries, ({ path, fold }) => `${path}\n${fold}`));
  if (changed.length === 0) return;
  throw new DataError(
    `${file}: expected the pictures as they were when the folds were drawn, received ${changed.length} in ${folder} that came, ` +
      `went or changed, as ${changed[0]}. Put them back, or start a new run.`,
  );
}

/** Paths of entries that only one of the lists has. */
function differing(
  before: readonly FoldEntry[],
  now: readonly FoldEntry[],
  keyOf: (entry: FoldEntry) => string,
): string[] {
  const [known, found] = [new Set(before.map(keyOf)), new Set(now.map(keyOf))];
  const alone = [
    ...before.filter((entry) => !found.has(keyOf(entry))),
    ...now.filter((entry) => !known.has(keyOf(entry))),
  ];
  return [...new Set(alone.map(({ path }) => path))].sort();
}

async function readFolds(file: string): Promise<FoldEntry[] | undefined> {
  const text = await readTextIfThere(file);
  if (text === undefined) return undefined;
  try {
    const { format, version, files } = JSON.parse(text) as { format: string; version: number; files: FoldEntry[] };
    if (format === 'cajal folds' && version === 1 && Array.isArray(files)) return files;
  } catch {
    // Said below.
  }
  throw new FormatError(`${file}: expected the folds of a cross-validation, received something else. Start a new run.`);
}
