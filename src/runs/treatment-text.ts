/** What a training did to its pictures and about classes of different size, in sentences for the terminal and the report. */
import type { TrainingTreatment } from './report-data.ts';

/** Classes are said to be of different size from this ratio on. */
const unequal = 1.5;

/**
 * The sentences: about the pictures, then about the classes.
 *
 * @param counts training pictures of each class
 */
export function describeTreatment(
  treatment: TrainingTreatment,
  classNames: readonly string[],
  counts: readonly number[],
): string[] {
  const { augmentation, mixing, labelSmoothing } = treatment;
  const changed =
    augmentation.length > 0
      ? `Training pictures were changed at random in every epoch: ${augmentation.join(', ')}.`
      : 'Training pictures were not changed (no augmentation).';
  return [
    changed,
    ...(mixing.length > 0
      ? [`Pictures of a batch were mixed, and their targets with them: ${mixing.join(', ')}.`]
      : []),
    ...(labelSmoothing === undefined ? [] : [`${labelSmoothing} of each target was shared among all classes.`]),
    ...describeBalance(treatment, classNames, counts),
  ];
}

/** Whether the terminal should say so: something was done, or should perhaps have been. */
export function isTreatmentWorthSaying(treatment: TrainingTreatment, counts: readonly number[]): boolean {
  const { augmentation, mixing, labelSmoothing } = treatment;
  const isChanged = augmentation.length > 0 || mixing.length > 0 || labelSmoothing !== undefined;
  return isChanged || waysOf(treatment).length > 0 || ratioOf(counts) >= unequal;
}

function describeBalance(
  treatment: TrainingTreatment,
  classNames: readonly string[],
  counts: readonly number[],
): string[] {
  const ways = waysOf(treatment);
  const ratio = ratioOf(counts);
  if (ratio < unequal) return ways.length === 0 ? [] : [`Against imbalance: ${ways.join('; ')}.`];
  const largest = counts.indexOf(Math.max(...counts));
  const smallest = counts.indexOf(Math.min(...counts.filter((count) => count > 0)));
  const size =
    `The largest class (${classNames[largest]}, ${counts[largest]}) has ${ratio.toFixed(1)} times the training pictures of the ` +
    `smallest (${classNames[smallest]}, ${counts[smallest]}).`;
  const done =
    ways.length === 0
      ? 'Nothing was done about it: a network may then neglect the small ones (--sampling balanced or --class-weight balanced).'
      : `Done about it: ${ways.join('; ')}.`;
  return [`${size} ${done}`];
}

function waysOf({ sampling, classWeight, focalLoss }: TrainingTreatment): string[] {
  return [
    ...(sampling === 'balanced' ? ['every epoch had as many pictures of each class (balanced sampling)'] : []),
    ...(classWeight === 'balanced' ? ['each class counted the same in the loss (class weights)'] : []),
    ...(focalLoss === undefined ? [] : [`pictures that were right already counted less (${focalLoss})`]),
  ];
}

function ratioOf(counts: readonly number[]): number {
  const present = counts.filter((count) => count > 0);
  return present.length === 0 ? 1 : Math.max(...present) / Math.min(...present);
}
