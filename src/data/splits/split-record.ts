/** A split as plain data (`split.json` of a run): which file was on which side, with the hash of its content, so that a
 * run can be resumed, replayed and checked. */
import { DataError, FormatError } from '../../core/errors.ts';
import { type FolderListing, nameSome, type VerifiedPicture } from '../picture-file.ts';
import type { Split, Subset } from './split.ts';

/** How the validation pictures were chosen. */
export interface SplitMethod {
  readonly method: 'fraction' | 'group' | 'folder' | 'none';
  /** Absent where a separate folder is used, or nothing is held out. */
  readonly fraction?: number;
  readonly seed?: number;
  /** The source of the regular expression, for `group`. */
  readonly pattern?: string;
  /** What says which pictures belong together, where no regular expression does: `audit.json`. */
  readonly groupSource?: string;
  /** In cross-validation, which fold is held out, counted from 1, and of how many. */
  readonly fold?: { readonly number: number; readonly of: number };
}

/** One picture of a split. */
export interface SplitEntry {
  /** Inside the training folder, or inside the validation folder where there is one. */
  readonly path: string;
  readonly class: string;
  /** Null where the split is not by group. */
  readonly group: string | null;
  readonly subset: Subset;
  readonly sha256: string;
}

/** The content of `split.json`. */
export interface SplitRecord extends SplitMethod {
  readonly version: 1;
  readonly classNames: readonly string[];
  readonly files: readonly SplitEntry[];
}

/** The record of a split. */
export function createSplitRecord(
  classNames: readonly string[],
  split: Split<VerifiedPicture>,
  method: SplitMethod,
): SplitRecord {
  const entriesOf = (files: readonly VerifiedPicture[], subset: Subset): SplitEntry[] =>
    files.map(({ path, label, sha256 }) => ({
      path,
      class: classNames[label]!,
      group: split.groups?.get(path) ?? null,
      subset,
      sha256,
    }));
  const files = [...entriesOf(split.training, 'training'), ...entriesOf(split.validation, 'validation')];
  return { version: 1, ...method, classNames, files };
}

/**
 * Reads the text of a `split.json`.
 *
 * @param where what to name in messages, such as the file
 * @throws FormatError where it is not such a record
 */
export function parseSplitRecord(where: string, text: string): SplitRecord {
  let record: Partial<SplitRecord> | null | undefined;
  let reason = '';
  try {
    record = JSON.parse(text) as Partial<SplitRecord>;
  } catch (error) {
    reason = ` (${(error as Error).message})`;
  }
  const { version, files, classNames } = record ?? {};
  const isRecord = version === 1 && Array.isArray(classNames) && Array.isArray(files) && files.every(isEntry);
  if (isRecord) return record as SplitRecord;
  throw new FormatError(
    `${where}: expected the record of a split, version 1, received something else${reason}. ` +
      'Take split.json from a run folder as it was written.',
  );
}

function isEntry(value: unknown): boolean {
  const { path, class: className, subset, sha256 } = (value ?? {}) as Partial<SplitEntry>;
  const isText = [path, className, sha256].every((part) => typeof part === 'string');
  return isText && (subset === 'training' || subset === 'validation');
}

/**
 * The split that a record describes, over the files that are there now. Files that came since are left out.
 *
 * @param training the listing of the training folder
 * @param validation the listing of the separate validation folder, where the record is of one
 * @throws DataError where a file of the record is missing, has another content, or the classes differ
 */
export function applySplitRecord(
  record: SplitRecord,
  training: FolderListing<VerifiedPicture>,
  validation: FolderListing<VerifiedPicture> = training,
): Split<VerifiedPicture> {
  const classes = JSON.stringify(record.classNames);
  if (classes !== JSON.stringify(training.classNames)) {
    throw new DataError(
      `split record: expected the classes ${record.classNames.join(', ')}, received ${training.classNames.join(', ')}. ` +
        `Put the class folders of ${training.folder} back as they were.`,
    );
  }
  const groups = new Map<string, string>();
  const changed: string[] = [];
  const pick = (subset: Subset, listing: FolderListing<VerifiedPicture>): VerifiedPicture[] => {
    const byPath = new Map(listing.files.map((file) => [file.path, file]));
    const picked: VerifiedPicture[] = [];
    for (const entry of record.files) {
      if (entry.subset !== subset) continue;
      const file = byPath.get(entry.path);
      if (entry.group !== null) groups.set(entry.path, entry.group);
      if (file?.sha256 === entry.sha256) picked.push(file);
      else changed.push(file ? `${entry.path} (other content)` : `${entry.path} (missing)`);
    }
    return picked;
  };
  const split = { training: pick('training', training), validation: pick('validation', validation) };
  if (changed.length > 0) {
    throw new DataError(
      `split record: expected the files as they were, received ${changed.length} that changed in ${training.folder}: ` +
        `${nameSome(changed)}. Put them back, or start a new run.`,
    );
  }
  return { ...split, ...(groups.size > 0 && { groups }), warnings: [] };
}
