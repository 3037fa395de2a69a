/** Audits a folder of class folders: reads every picture once, describes it, and builds the report. */
import { join } from 'node:path';
import { AbortError } from '../../core/errors.ts';
import { checkKeys, checkNumber } from '../../core/options.ts';
import { compareCodePoints } from '../../data/code-point-order.ts';
import { defaultPixelLimit } from '../../data/node/decode/decode-options.ts';
import { scanFolder } from '../../data/node/scan-folder.ts';
import type { FolderListing, SkippedFile } from '../../data/picture-file.ts';
import type { AuditReport } from '../audit-report.ts';
import { buildReport, type DescribedFile, type DescribedFolder } from '../build-report.ts';
import { describeFiles } from './describe-files.ts';
import { readPredictions } from './read-predictions.ts';

/** How pictures are audited. */
export interface AuditOptions {
  /** A second folder with the same classes: pictures of both are a leak. */
  validation?: string;
  /** A CSV file of out-of-fold probabilities: a column `path`, and one for each class. */
  predictions?: string;
  /** The largest picture that is read, in pixels; by default 120,000,000. */
  pixelLimit?: number;
  /** Called as the work goes on; `reading` counts pictures. */
  onProgress?: (step: 'reading' | 'comparing', done: number, total: number) => void;
  signal?: AbortSignal;
}

/**
 * Audits a folder.
 *
 * @throws DataError where there is no folder of class folders with pictures, or the predictions do not fit
 * @throws AbortError where the signal stops it
 * @example
 * const report = await auditPictures('cells', { validation: 'cells-test' });
 * console.log(report.groups, report.copies.sets.length);
 */
export async function auditPictures(folder: string, options: AuditOptions = {}): Promise<AuditReport> {
  checkKeys('auditPictures', options, ['validation', 'predictions', 'pixelLimit', 'onProgress', 'signal']);
  const { validation, predictions, pixelLimit = defaultPixelLimit, onProgress, signal } = options;
  checkNumber('auditPictures', 'pixelLimit', pixelLimit, { min: 1 });
  const listing = await scanFolder(folder, { leastClasses: 1 });
  const { classNames } = listing;
  const second = validation === undefined ? null : await scanFolder(validation, { classNames });
  const outOfFold = predictions === undefined ? undefined : await readPredictions(predictions, classNames);
  const total = listing.files.length + (second?.files.length ?? 0);
  let done = 0;
  const read = (one: FolderListing) =>
    describeFolder(one, pixelLimit, () => {
      done++;
      onProgress?.('reading', done, total);
      if (signal?.aborted) throw new AbortError(`auditPictures: stopped after ${done} of ${total} pictures.`);
    });
  const training = await read(listing);
  const other = second === null ? null : await read(second);
  return await buildReport(classNames, training, other, {
    ...(outOfFold && { predictions: outOfFold }),
    ...(signal && { signal }),
    onProgress: (step, steps) => onProgress?.('comparing', step, steps),
  });
}

async function describeFolder(
  { folder, files: listed, classNames, ...listing }: FolderListing,
  pixelLimit: number,
  onFile: () => void,
): Promise<DescribedFolder> {
  const toDescribe = listed.map(({ path }) => ({ path: join(folder, path), name: path, pixelLimit }));
  const described = await describeFiles(toDescribe, { onFile });
  const files: DescribedFile[] = [];
  const broken: SkippedFile[] = [];
  for (const [index, { path, label, sizeBytes }] of listed.entries()) {
    const one = described[index]!;
    if ('reason' in one) broken.push({ path, ...one });
    else {
      const { facts, description } = one;
      files.push({ path, className: classNames[label]!, sizeBytes, ...facts, description });
    }
  }
  return {
    folder,
    files,
    skipped: [...listing.skipped, ...broken].sort((a, b) => compareCodePoints(a.path, b.path)),
    warnings: listing.warnings,
  };
}
