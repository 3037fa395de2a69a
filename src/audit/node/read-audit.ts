/** Reads `audit.json`, and looks up the groups that it found. */
import { readFile } from 'node:fs/promises';
import { FormatError } from '../../core/errors.ts';
import type { AuditReport } from '../audit-report.ts';

/** Groups by file. */
export interface AuditGroups {
  /** The group of a file, by its content where that is known to the audit, else by its path; null: none, or not audited. */
  groupOf(file: { readonly path: string; readonly sha256?: string }): string | null;
  /** Whether the audit knows the file, by content or path. */
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

/** Looks up groups: by content first, so that renamed files keep theirs. */
export function auditGroups(report: Pick<AuditReport, 'files'>): AuditGroups {
  const byContent = new Map(report.files.map((file) => [file.sha256, file.group]));
  const byPath = new Map(report.files.map((file) => [file.path, file.group]));
  return {
    groupOf: ({ path, sha256 }) =>
      (sha256 === undefined ? undefined : byContent.get(sha256)) ?? byPath.get(path) ?? null,
    has: ({ path, sha256 }) => (sha256 !== undefined && byContent.has(sha256)) || byPath.has(path),
  };
}
