/** Likely wrong labels by confident learning: Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in
 * Dataset Labels", 2021. Works on out-of-fold probabilities, of a model that did not see the picture. */
import { ShapeError } from '../core/errors.ts';

/** A label that is likely wrong. */
export interface LabelIssue {
  readonly example: number;
  readonly label: number;
  /** The class that the probabilities speak for. */
  readonly suggested: number;
  /** Probability of the label less that of the suggestion: the lower, the more likely the label is wrong. */
  readonly margin: number;
}

/** What confident learning finds. */
export interface LabelNoise {
  /** The most likely ones first. */
  readonly issues: readonly LabelIssue[];
  /** `[labels, classes]`: examples by the label they have and the class that they confidently belong to. */
  readonly confidentJoint: readonly (readonly number[])[];
  /** Mean probability of each class among the examples labelled so: above it a class counts as confident. */
  readonly thresholds: readonly number[];
  /** Estimated share of wrong labels, from the joint scaled to the counts of the labels. */
  readonly noiseShare: number;
}

/**
 * Finds labels that are likely wrong.
 *
 * An example counts for class j where its probability of j reaches the mean probability of j among the examples labelled j;
 * of several such classes the most probable one. Examples that count for another class than their label are issues.
 *
 * @param labels class numbers
 * @param probabilities `[examples, classes]`, row by row
 * @throws ShapeError where the numbers of both do not fit
 */
export function findLabelIssues(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classCount: number,
): LabelNoise {
  if (probabilities.length !== labels.length * classCount) {
    throw new ShapeError(
      `findLabelIssues: expected ${labels.length} × ${classCount} probabilities, received ${probabilities.length}. ` +
        'Give one row of probabilities for each label.',
    );
  }
  const sums = new Array<number>(classCount).fill(0);
  const counts = new Array<number>(classCount).fill(0);
  for (let example = 0; example < labels.length; example++) {
    const label = labels[example]!;
    sums[label]! += probabilities[example * classCount + label]!;
    counts[label]!++;
  }
  const thresholds = sums.map((sum, label) => (counts[label] === 0 ? 1 : sum / counts[label]!));
  const confidentJoint = Array.from({ length: classCount }, () => new Array<number>(classCount).fill(0));
  const issues: LabelIssue[] = [];
  for (let example = 0; example < labels.length; example++) {
    const label = labels[example]!;
    const row = example * classCount;
    let best = -1;
    for (let name = 0; name < classCount; name++) {
      const value = probabilities[row + name]!;
      if (counts[name] === 0 || value < thresholds[name]!) continue;
      if (best < 0 || value > probabilities[row + best]!) best = name;
    }
    if (best < 0) continue;
    confidentJoint[label]![best]!++;
    const margin = probabilities[row + label]! - probabilities[row + best]!;
    if (best !== label) issues.push({ example, label, suggested: best, margin });
  }
  issues.sort((a, b) => a.margin - b.margin || a.example - b.example);
  return { issues, confidentJoint, thresholds, noiseShare: noiseOf(confidentJoint, counts) };
}

function noiseOf(joint: readonly (readonly number[])[], counts: readonly number[]): number {
  let wrong = 0;
  let total = 0;
  for (const [label, row] of joint.entries()) {
    const confident = row.reduce((sum, count) => sum + count, 0);
    total += counts[label]!;
    if (confident > 0) wrong += (counts[label]! * (confident - row[label]!)) / confident;
  }
  return total === 0 ? 0 : wrong / total;
}
