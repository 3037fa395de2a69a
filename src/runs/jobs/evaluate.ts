/** A model against a folder of pictures whose classes are known. */
import { countByClass, type SkippedFile } from '../../data/index.ts';
import { openPictures, scanPictures, verifyPictures } from '../../data/node/index.ts';
import { lossOf } from '../../nn/losses/table.ts';
import type { EvaluationSummary } from '../evaluation.ts';
import { collectAugmentedAnswers, type TtaSettings, type TtaSummary, viewsOf } from './augmented-answers.ts';
import { givenCacheSettings } from './cache-settings.ts';
import { collectAnswers, summarizeAnswers } from './evaluate-dataset.ts';
import type { PictureModel } from './run-models.ts';
import { progressOf, type ReadOptions } from './training-data.ts';

/** How a folder is evaluated. */
export interface EvaluateFolderOptions extends ReadOptions {
  readonly batchSize: number;
  readonly strict: boolean;
  /** Test-time augmentation, where it is wanted. */
  readonly tta?: TtaSettings | undefined;
  /** The largest picture that is read, in pixels. */
  readonly pixelLimit?: number | undefined;
}

/** What came out. */
export interface FolderEvaluation {
  readonly summary: EvaluationSummary;
  /** Loss and metrics by name. */
  readonly values: Readonly<Record<string, number>>;
  readonly skipped: readonly SkippedFile[];
  readonly warnings: readonly string[];
  readonly testTimeAugmentation?: TtaSummary;
}

/**
 * Evaluates a model on class folders; the folder may have fewer classes than the model, and no others.
 *
 * @throws DataError where there are other classes, or no picture that can be read
 */
export async function evaluateFolder(
  from: PictureModel,
  folder: string,
  options: EvaluateFolderOptions,
): Promise<FolderEvaluation> {
  const { model, classNames, preprocessing } = from;
  const { observer, signal, batchSize, strict, tta } = options;
  // What is wrong with the words is said before thousands of pictures are read.
  const augmented = tta && viewsOf('evaluate', preprocessing, tta);
  const limit = options.pixelLimit === undefined ? {} : { pixelLimit: options.pixelLimit };
  const scanned = await scanPictures(folder, { classNames });
  const reading = progressOf(observer, 'Reading pictures');
  const { listing, cache } = await verifyPictures(scanned, preprocessing, {
    strict,
    leastClasses: 1,
    onProgress: reading.update,
    ...limit,
    ...(signal && { signal }),
    ...givenCacheSettings(options),
  });
  reading.end();
  if (!model.compiled) model.compile({ loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const labelMode =
    lossOf(model.compiled!.targets(model.network)[0]!.loss).targets === 'classNumber' ? 'int' : 'categorical';
  const data = openPictures(listing, { preprocessing, cache, batchSize, labelMode, shuffle: false, ...limit });
  const how = { observer, title: 'Evaluating', signal };
  const answers = augmented
    ? await collectAugmentedAnswers(model, augmented.views, data, classNames, how)
    : await collectAnswers(model, data, classNames, how);
  // What the model was trained on is not known here: the baseline is the largest class of these pictures.
  const summary = summarizeAnswers(answers, countByClass(listing.files, classNames.length));
  return {
    summary,
    values: answers.values,
    skipped: listing.skipped,
    warnings: listing.warnings,
    ...(augmented && { testTimeAugmentation: augmented.summary }),
  };
}
