/** Auditing sets of pictures: copies, groups, quality and labels, as plain data. Runs in a page. */
export type {
  AuditedFile,
  AuditedSplit,
  AuditReport,
  FileReference,
  FileSet,
  GroupSummary,
  NameProposal,
  Tally,
} from './audit-report.ts';
export {
  buildReport,
  type DescribedFile,
  type DescribedFolder,
  type OutOfFold,
  type ReportOptions,
} from './build-report.ts';
export { checkNameGroups, type GroupCheck } from './check-name-groups.ts';
export { type ColumnKind, type SummaryLine, summarizeColumn, type TableColumn } from './column-summary.ts';
export { findLabelIssues, type LabelIssue, type LabelNoise } from './confident-learning.ts';
export { describedSize, describePicture, type PictureDescription } from './describe-picture.ts';
export { type Copies, type FindCopiesOptions, findCopies } from './find-copies.ts';
export {
  type Finding,
  type FindingKind,
  type FindingsOptions,
  flagMeaning,
  listFindings,
  mostExtreme,
  percent,
  qualityFlags,
} from './findings.ts';
export { type NamedFile, type NamePattern, proposeNamePatterns } from './name-patterns.ts';
export { findNearHashes, hashDistance, hashPicture, type NearHashes, type PictureHash } from './perceptual-hash.ts';
export { flagQuality, measureQuality, type PictureQuality, type QualityFlag } from './picture-quality.ts';
export { type Fix, proposeFixes } from './propose-fixes.ts';
export { shellWord } from './shell-word.ts';
export { type PicturePlanes, type SmallPicture, splitPlanes } from './small-picture.ts';
export { formatSummary, readColumns } from './table-summary.ts';
