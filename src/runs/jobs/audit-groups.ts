/** The groups of pictures that an audit found, from its `audit.json`: what a grouped split keeps together. Pictures are known
 * by their content: renamed or moved ones keep their group. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { AuditedFile } from '../../audit/index.ts';
import { auditGroups } from '../../audit/node/index.ts';
import { DataError, FormatError } from '../../core/errors.ts';
import type { FolderListing, VerifiedPicture } from '../../data/index.ts';
import { failureCode } from '../../formats/node/storage-failure.ts';

/** The name of the file. */
const auditFile = 'audit.json';

/** Groups by path, and what says so. */
export interface KnownGroups {
  readonly byPath: ReadonlyMap<string, string>;
  readonly source: string;
}

/** What is read of each file of an audit. */
type GroupedFile = Pick<AuditedFile, 'path' | 'sha256' | 'group'>;

/**
 * Reads the groups of the pictures of a folder.
 *
 * @param file the audit; otherwise `audit.json` in the folder, beside it, or in the current folder
 * @throws DataError where there is none, it knows no groups, or it is of other pictures; FormatError where it is damaged
 */
export async function readAuditGroups(
  { folder, files }: FolderListing<VerifiedPicture>,
  file?: string,
): Promise<KnownGroups> {
  const places = file === undefined ? placesOf(folder) : [file];
  const { place, text } = await readFirst(places, folder);
  const known = auditGroups({ files: parseAudit(place, text) });
  const byPath = new Map<string, string>();
  const changed: string[] = [];
  for (const file of files) {
    const group = known.groupOf(file);
    if (!known.has(file)) changed.push(file.path);
    else if (group !== null) byPath.set(file.path, group);
  }
  if (changed.length > 0) {
    throw new DataError(
      `${place}: expected an audit of the pictures in ${folder}, received one that does not know ${changed.length} of them as they ` +
        `are now, as ${changed[0]}. Audit them again: cajal audit ${folder}.`,
    );
  }
  if (byPath.size > 0) return { byPath, source: path.basename(place) };
  throw new DataError(
    `${place}: expected groups of pictures, received an audit that found none. Use --split random, or name them by --group-by.`,
  );
}

function placesOf(folder: string): string[] {
  const beside = [path.join(folder, auditFile), path.join(path.dirname(path.resolve(folder)), auditFile), auditFile];
  return [...new Map(beside.map((place) => [path.resolve(place), place])).values()];
}

async function readFirst(places: readonly string[], folder: string): Promise<{ place: string; text: string }> {
  for (const place of places) {
    try {
      return { place, text: await readFile(place, 'utf8') };
    } catch (error) {
      const code = failureCode(error);
      if (['ENOENT', 'ENOTDIR'].includes(code)) continue;
      const received = code === 'EISDIR' ? 'a folder' : code || String(error);
      throw new DataError(
        `${place}: expected the audit.json of ${folder}, received ${received}. Name the file itself by --audit, and see that you may read it.`,
        { cause: error },
      );
    }
  }
  throw new DataError(
    `train: --split grouped needs an audit of ${folder}, received none at ${places.join(' or ')}. ` +
      `Make one with cajal audit ${folder}, or name it by --audit.`,
  );
}

function parseAudit(place: string, text: string): GroupedFile[] {
  let audit: unknown;
  try {
    audit = JSON.parse(text);
  } catch {
    // Said below.
  }
  const { version, files } = (audit ?? {}) as { version?: unknown; files?: unknown };
  if (version === 1 && Array.isArray(files) && files.every(isAudited)) return files as GroupedFile[];
  throw new FormatError(
    `${place}: expected the record of an audit, version 1, received something else. Make one with cajal audit.`,
  );
}

function isAudited(value: unknown): boolean {
  const { path: name, sha256, group } = (value ?? {}) as Partial<GroupedFile>;
  return typeof name === 'string' && typeof sha256 === 'string' && (group === null || typeof group === 'string');
}
