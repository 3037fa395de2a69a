/** All that the cache folder holds: what `cajal cache` lists and clears, and what makes room for new pictures. */
import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { pixelsPathOf, readIndex, removeSegment, type SegmentIndex } from './segment.ts';

/** What no process can still be writing, in milliseconds. */
const staleMs = 3_600_000;
/** Hashes of folders that nobody asked for so long are dropped. */
const knownFilesMs = 90 * 86_400_000;

/** A segment as the disk has it. */
export interface StoredSegment {
  readonly indexPath: string;
  readonly sizeBytes: number;
  /** When it was last read from or written, in milliseconds. */
  readonly usedMs: number;
}

/** Where the sets of prepared pictures lie. */
export function picturesFolder(root: string): string {
  return path.join(root, 'pictures');
}

/** All segments, the least recently used first. */
export async function listSegments(root: string): Promise<StoredSegment[]> {
  const found: StoredSegment[] = [];
  for (const set of await namesIn(picturesFolder(root))) {
    const folder = path.join(picturesFolder(root), set);
    for (const name of await namesIn(folder)) {
      if (!name.endsWith('.index')) continue;
      const indexPath = path.join(folder, name);
      const [index, pixels] = await Promise.all([sizeOf(indexPath), sizeOf(pixelsPathOf(indexPath))]);
      if (index) {
        const sizeBytes = index.sizeBytes + (pixels?.sizeBytes ?? 0);
        found.push({ indexPath, sizeBytes, usedMs: index.changedMs });
      }
    }
  }
  return found.sort((a, b) => a.usedMs - b.usedMs);
}

/** What a segment says of itself; undefined where that cannot be read. */
export async function describeSegment({ indexPath }: StoredSegment): Promise<SegmentIndex | undefined> {
  const index = await readIndex(indexPath);
  return index === 'foreign' ? undefined : index;
}

/**
 * Drops the least recently used segments until the others take no more than `budgetBytes`, and what stopped processes left.
 *
 * @param inUse paths of indices that stay
 * @returns what the others take
 */
export async function makeRoom(root: string, budgetBytes: number, inUse: ReadonlySet<string>): Promise<number> {
  const segments = await listSegments(root);
  let usedBytes = segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  for (const { indexPath, sizeBytes } of segments) {
    if (usedBytes <= budgetBytes) break;
    if (inUse.has(indexPath)) continue;
    await removeSegment(indexPath);
    usedBytes -= sizeBytes;
  }
  await sweep(root);
  return usedBytes;
}

/**
 * Deletes what was not used since a moment.
 *
 * @param beforeMs in milliseconds; all segments that were last used before it go
 */
export async function clearSegments(root: string, beforeMs: number): Promise<StoredSegment[]> {
  const gone = (await listSegments(root)).filter(({ usedMs }) => usedMs < beforeMs);
  for (const { indexPath } of gone) await removeSegment(indexPath);
  await sweep(root);
  if ((await listSegments(root)).length === 0) await rm(path.join(root, 'files'), { recursive: true, force: true });
  return gone;
}

/** Deletes what killed processes left, and what is known of folders that nobody reads any more. */
async function sweep(root: string): Promise<void> {
  const now = Date.now();
  for (const set of await namesIn(picturesFolder(root))) {
    const folder = path.join(picturesFolder(root), set);
    const names = await namesIn(folder);
    for (const name of names) {
      const isLeft = name.endsWith('.part') || (name.endsWith('.pixels') && !names.includes(indexNameOf(name)));
      if (isLeft) await removeOlder(path.join(folder, name), now - staleMs);
    }
    // Only where it is empty.
    await rmdir(folder).catch(() => undefined);
  }
  const known = path.join(root, 'files');
  for (const name of await namesIn(known)) {
    await removeOlder(path.join(known, name), now - (name.endsWith('.part') ? staleMs : knownFilesMs));
  }
}

function indexNameOf(pixelsName: string): string {
  return pixelsName.replace(/pixels$/, 'index');
}

async function removeOlder(file: string, beforeMs: number): Promise<void> {
  const found = await sizeOf(file);
  if (found && found.changedMs < beforeMs) await rm(file, { force: true }).catch(() => undefined);
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function sizeOf(file: string): Promise<{ sizeBytes: number; changedMs: number } | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found && { sizeBytes: found.size, changedMs: found.mtimeMs };
}
