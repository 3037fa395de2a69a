/** What could be done with each file that an audit has something against: nothing is done here. */
import { brokenReasons } from '../data/picture-file.ts';
import type { AuditedSplit, AuditReport } from './audit-report.ts';
import { flagMeaning } from './findings.ts';

/** A file, what is wrong with it, and what could be done. */
export interface Fix {
  readonly split: AuditedSplit;
  readonly path: string;
  readonly problem: string;
  /** `leave out`: a cleaned copy does so; `look`: it takes a person. */
  readonly proposal: 'leave out' | 'look';
}

/** Lists fixes, by file; a file that has several problems stands there several times. */
export function proposeFixes({ skipped, duplicates, copies, labelIssues, files, validationFiles }: AuditReport): Fix[] {
  const fixes: Fix[] = [];
  for (const { split, path, reason, detail } of skipped) {
    if (!brokenReasons.includes(reason)) continue;
    fixes.push({ split, path, problem: detail === undefined ? reason : `${reason}: ${detail}`, proposal: 'leave out' });
  }
  const inConflict = new Set<string>();
  const keyOf = (file: { readonly split: AuditedSplit; readonly path: string }) => `${file.split}/${file.path}`;
  for (const { files: set, classNames } of copies.sets) {
    if (classNames.length < 2) continue;
    for (const file of set) {
      inConflict.add(keyOf(file));
      fixes.push({ ...file, problem: `copies lie in classes ${classNames.join(', ')}`, proposal: 'leave out' });
    }
  }
  for (const { files: set } of duplicates) {
    const kept = set.find(({ split }) => split === 'training') ?? set[0]!;
    for (const file of set) {
      if (file === kept || inConflict.has(keyOf(file))) continue;
      fixes.push({ ...file, problem: `the same file as ${kept.path}`, proposal: 'leave out' });
    }
  }
  for (const { files: set, isLeak, classNames } of copies.sets) {
    const original = set.find(({ split }) => split === 'training');
    if (!isLeak || classNames.length > 1 || original === undefined) continue;
    for (const file of set) {
      if (file.split === 'validation')
        fixes.push({ ...file, problem: `a copy of ${original.path} in the other folder`, proposal: 'leave out' });
    }
  }
  for (const { path, className, suggested } of labelIssues ?? []) {
    fixes.push({ split: 'training', path, problem: `${className}, looks like ${suggested}`, proposal: 'look' });
  }
  for (const [split, list] of [
    ['training', files],
    ['validation', validationFiles],
  ] as const) {
    for (const { path, flags } of list) {
      for (const flag of flags) fixes.push({ split, path, problem: flagMeaning(flag), proposal: 'look' });
    }
  }
  return fixes;
}
