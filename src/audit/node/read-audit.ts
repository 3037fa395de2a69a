/** Reads `audit.json`, and looks up the groups that it found. */
import { readFile } from 'node:fs/promises';
import { FormatError } from '../../core/errors.ts';
import type { AuditedFile, AuditReport } from '../audit-report.ts';

type GroupedFile = Pick<AuditedFile, 'path' | 'sha256' | 'group'>;

/** Groups by file. A file whose content is given is known by that alone, so that renamed ones keep their group and others
 * that took their name do not get it; one without goes by its path. */
export interface AuditGroups {
  /** The group; null: none, or not audited. */
  groupOf(file: { readonly path: string; readonly sha256?: string }): string | null;
  /** Whether the audit knows the file. */
  has(file: { readonly path: string; readonly sha256?: string }): boolean;
}

/** Reads an audit. @throws FormatError where the file cannot be read or is no audit of this version */
export async function readAudit(path: string): Promise<AuditReport> {
  let report: Partial<AuditReport> | null;
  try {
    report = JSON.parse(await readFile(path, 'utf8')) as Partial<AuditReport> | null;
  } catch (cause) {
    throw new FormatError(
      `${path}: expected the audit.json that "cajal audit" writes, received ${(cause as Error).message}. Run the audit again.`,
      { cause },
    );
  }
  const isFile = (file: unknown) =>
    typeof file === 'object' && file !== null && 'path' in file && 'sha256' in file && 'group' in file;
  if (report?.version !== 1 || !Array.isArray(report.files) || !report.files.every(isFile)) {
    throw new FormatError(
      `${path}: expected an audit of version 1, received ${JSON.stringify(report?.version ?? null)}. Run "cajal audit" again.`,
    );
  }
  return report as AuditReport;
}

/** Looks up groups. */
export function auditGroups({ files }: { readonly files: readonly GroupedFile[] }): AuditGroups {
  const byContent = new Map<string, string | null>();
  for (const { sha256, group } of files) byContent.set(sha256, byContent.get(sha256) ?? group);
  const byPath = new Map(files.map(({ path, group }) => [path, group]));
  const find = ({ path, sha256 }: { readonly path: string; readonly sha256?: string }) =>
    sha256 === undefined ? byPath.get(path) : byContent.get(sha256);
  return { groupOf: (file) => find(file) ?? null, has: (file) => find(file) !== undefined };
}
