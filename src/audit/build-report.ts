/** Puts the signals of an audit together. Pure: from descriptions of pictures to the report. */
import type { SkippedFile } from '../data/picture-file.ts';
import type { AuditedFile, AuditedSplit, AuditReport, FileSet, NameProposal, Tally } from './audit-report.ts';
import { findBursts } from './capture-times.ts';
import { checkNameGroups } from './check-name-groups.ts';
import { chooseGroups } from './choose-groups.ts';
import { findLabelIssues } from './confident-learning.ts';
import type { PictureDescription } from './describe-picture.ts';
import { DisjointSets } from './disjoint-sets.ts';
import { type Copies, type FindCopiesOptions, findCopies } from './find-copies.ts';
import { type NamePattern, proposeNamePatterns } from './name-patterns.ts';
import { flagQuality } from './picture-quality.ts';

/** A file with what was read of it. */
export interface DescribedFile
  extends Pick<
    AuditedFile,
    | 'path'
    | 'className'
    | 'sha256'
    | 'sizeBytes'
    | 'width'
    | 'height'
    | 'format'
    | 'mode'
    | 'pages'
    | 'takenAt'
    | 'camera'
  > {
  readonly description: PictureDescription;
}

/** One folder. */
export interface DescribedFolder {
  readonly folder: string;
  readonly files: readonly DescribedFile[];
  readonly skipped: readonly SkippedFile[];
  readonly warnings: readonly string[];
}

/** Out-of-fold probabilities of some of the training files. */
export interface OutOfFold {
  readonly paths: readonly string[];
  /** `[paths, classes]`, classes in the order of the folder's. */
  readonly probabilities: Float64Array;
}

/** What a report is built from. */
export interface ReportOptions extends FindCopiesOptions {
  predictions?: OutOfFold;
}

/** Builds the report. @throws AbortError where the signal stops it */
export async function buildReport(
  classNames: readonly string[],
  training: DescribedFolder,
  validation: DescribedFolder | null,
  options: ReportOptions = {},
): Promise<AuditReport> {
  const all: (DescribedFile & { split: AuditedSplit })[] = [
    ...training.files.map((file) => ({ ...file, split: 'training' as const })),
    ...(validation?.files ?? []).map((file) => ({ ...file, split: 'validation' as const })),
  ];
  const descriptions = all.map(({ description }) => description);
  const copies = await findCopies(descriptions, options);
  const exact = sameContents(all.map(({ sha256 }) => sha256));
  const copySets = joinSets(all.length, [...copies.groups, ...exact]);
  const toSet = (members: readonly number[]): FileSet => ({
    files: members.map((member) => ({ split: all[member]!.split, path: all[member]!.path })),
    classNames: [...new Set(members.map((member) => all[member]!.className))].sort(),
    isLeak: new Set(members.map((member) => all[member]!.split)).size > 1,
  });

  const count = training.files.length;
  const classes = all.map(({ className }) => className);
  const ofTraining = copySets.map((set) => set.filter((member) => member < count)).filter((set) => set.length > 1);
  const patterns = proposeNamePatterns(training.files);
  const proposals = patterns.map((pattern) => describeProposal(pattern, descriptions, copies, classes, ofTraining));
  const bursts = checkBursts(training.files, descriptions, copies, classes, ofTraining);
  const known = { copies: ofTraining, copyConfidence: copies.confidence, ...bursts };
  const { groups, summary } = chooseGroups(training.files, patterns, proposals, known);

  const flags = flagQuality(all.map(({ description, width, height }) => ({ ...description, width, height })));
  const audited = all.map((file, index): AuditedFile => {
    const { description, split, ...facts } = file;
    const { sharpness, brightness, entropy } = description.quality;
    return {
      ...facts,
      group: groups[index] ?? null,
      flags: flags[index]!,
      sharpness: rounded(sharpness),
      brightness: rounded(brightness),
      entropy: rounded(entropy),
    };
  });
  const counts = classNames.map((name) => ({
    name,
    count: training.files.filter(({ className }) => className === name).length,
    validationCount: validation?.files.filter(({ className }) => className === name).length ?? 0,
  }));
  const least = Math.min(...counts.map((entry) => entry.count));
  const noise = options.predictions && labelNoise(classNames, training.files, options.predictions);
  return {
    version: 1,
    folder: training.folder,
    validationFolder: validation?.folder ?? null,
    classNames,
    files: audited.slice(0, count),
    validationFiles: audited.slice(count),
    skipped: [
      ...training.skipped.map((file) => ({ ...file, split: 'training' as const })),
      ...(validation?.skipped ?? []).map((file) => ({ ...file, split: 'validation' as const })),
    ],
    warnings: [...training.warnings, ...(validation?.warnings ?? [])],
    classes: counts,
    imbalance: least > 0 ? rounded(Math.max(...counts.map((entry) => entry.count)) / least) : null,
    sizes: tally(all.map(({ width, height }) => `${width}×${height}`)),
    formats: tally(all.map(({ format }) => format)),
    modes: tally(all.map(({ mode }) => mode)),
    groups: summary,
    nameProposals: proposals,
    duplicates: exact.map(toSet),
    copies: {
      sets: copySets.map(toSet),
      threshold: copies.threshold,
      confidence: rounded(copies.confidence),
      doubtfulPairs: copies.doubtfulPairs,
    },
    labelIssues: noise?.issues ?? null,
    labelNoise: noise === undefined ? null : rounded(noise.share),
  };
}

function describeProposal(
  { pattern, perClass, reason, keys, groupCount }: NamePattern,
  descriptions: readonly PictureDescription[],
  copies: Copies,
  classes: readonly string[],
  copySets: readonly (readonly number[])[],
): NameProposal {
  const check = checkNameGroups(descriptions, copies.index, keys, classes, copySets);
  const round = (value: number | null) => (value === null ? null : rounded(value));
  return {
    pattern,
    perClass,
    reason,
    groupCount,
    verdict: check.verdict,
    alikeness: rounded(check.alikeness),
    copiesTogether: round(check.copiesTogether),
    copiesByChance: round(check.copiesByChance),
    confidence: rounded(check.confidence),
  };
}

/** Bursts, unless their pictures are no more alike than others: then each frame shows something else. */
function checkBursts(
  files: readonly DescribedFile[],
  descriptions: readonly PictureDescription[],
  copies: Copies,
  classes: readonly string[],
  copySets: readonly (readonly number[])[],
): { bursts: readonly (readonly number[])[]; burstConfidence: number } {
  const bursts = findBursts(files);
  if (bursts.length === 0) return { bursts, burstConfidence: 0 };
  const keys = new Array<string | null>(files.length).fill(null);
  for (const [number, burst] of bursts.entries()) for (const member of burst) keys[member] = String(number);
  const check = checkNameGroups(descriptions, copies.index, keys, classes, copySets);
  return { bursts: check.verdict === 'refuted' ? [] : bursts, burstConfidence: rounded(check.confidence) };
}

function labelNoise(
  classNames: readonly string[],
  files: readonly DescribedFile[],
  { paths, probabilities }: OutOfFold,
) {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const known = paths.flatMap((path, row) => (byPath.has(path) ? [{ file: byPath.get(path)!, row }] : []));
  const width = classNames.length;
  const rows = new Float64Array(known.length * width);
  for (const [place, { row }] of known.entries()) {
    rows.set(probabilities.subarray(row * width, (row + 1) * width), place * width);
  }
  const labels = known.map(({ file }) => classNames.indexOf(file.className));
  const { issues, noiseShare } = findLabelIssues(labels, rows, width);
  return {
    share: noiseShare,
    issues: issues.map(({ example, label, suggested, margin }) => ({
      path: known[example]!.file.path,
      className: classNames[label]!,
      suggested: classNames[suggested]!,
      margin: rounded(margin),
    })),
  };
}

/** Lists of the places where equal texts stand, in order. */
function sameContents(hashes: readonly string[]): number[][] {
  const places = new Map<string, number[]>();
  for (const [place, hash] of hashes.entries()) {
    const list = places.get(hash);
    if (list) list.push(place);
    else places.set(hash, [place]);
  }
  return [...places.values()].filter((list) => list.length > 1);
}

function joinSets(count: number, lists: readonly (readonly number[])[]): number[][] {
  const sets = new DisjointSets(count);
  for (const list of lists) for (const member of list) sets.join(list[0]!, member);
  return sets.sets();
}

function tally(values: readonly string[]): Tally[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
}

/** Four digits: reports are read, and equal on every machine. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
