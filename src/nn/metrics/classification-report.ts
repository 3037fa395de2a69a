/** Precision, recall and F1 of each class with their averages, equal to scikit-learn's `classification_report` to the last
 * bit, and its text to the last character. A division by zero gives 0, as with `zero_division=0.0`. */

import { OptionError, ShapeError } from '../../core/errors.ts';
import { checkNumber, show } from '../../core/options.ts';
import { sumPairwise } from './pairwise-sum.ts';

/** One line of the report. */
export interface ReportRow {
  /** Of the answers "this class", the share that was right. */
  precision: number;
  /** Of this class's pictures, the share that was found. */
  recall: number;
  /** The harmonic mean of the two. */
  f1: number;
  /** How many pictures the line is about. */
  support: number;
}

/** The whole report. */
export interface ClassificationReport {
  classes: (ReportRow & { name: string })[];
  /** The share of all pictures that was right. */
  accuracy: number;
  support: number;
  /** Every class counts the same. */
  macro: ReportRow;
  /** Every picture counts the same. */
  weighted: ReportRow;
}

function divide(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : numerator / denominator;
}

/**
 * The report of a confusion matrix (rows true, columns predicted), `[classNames.length, classNames.length]`.
 * @throws {ShapeError} where the matrix is of another size.
 */
export function classificationReport(
  matrix: readonly (readonly number[])[],
  classNames: readonly string[],
): ClassificationReport {
  const given: readonly unknown[] = [matrix, classNames];
  if (!given.every(Array.isArray)) {
    throw new OptionError(
      'classificationReport: expected a confusion matrix and a list of class names, received ' +
        `${show(matrix)} and ${show(classNames)}. Write classificationReport(confusionMatrix(y, predictions, 2), ['cat', 'dog']).`,
    );
  }
  const count = classNames.length;
  if (matrix.length !== count || matrix.some((row) => row.length !== count)) {
    const size = `[${matrix.length}, ${matrix[0]?.length ?? 0}]`;
    throw new ShapeError(
      `classificationReport: expected a matrix [${count}, ${count}], received ${size}. Give as many class names as the ` +
        'model has outputs.',
    );
  }
  const classes = classNames.map((name, index) => {
    const right = matrix[index]![index]!;
    const support = matrix[index]!.reduce((sum, value) => sum + value, 0);
    const answered = matrix.reduce((sum, row) => sum + row[index]!, 0);
    const precision = divide(right, answered);
    return { name, precision, recall: divide(right, support), f1: divide(2 * right, support + answered), support };
  });
  const support = classes.reduce((sum, row) => sum + row.support, 0);
  const right = matrix.reduce((sum, row, index) => sum + row[index]!, 0);
  const mean = (key: 'precision' | 'recall' | 'f1') => divide(sumPairwise(classes.map((row) => row[key])), count);
  const weigh = (key: 'precision' | 'recall' | 'f1') =>
    divide(sumPairwise(classes.map((row) => row[key] * row.support)), support);
  return {
    classes,
    accuracy: divide(right, support),
    support,
    macro: { precision: mean('precision'), recall: mean('recall'), f1: mean('f1'), support },
    weighted: { precision: weigh('precision'), recall: weigh('recall'), f1: weigh('f1'), support },
  };
}

/**
 * `value` with `digits` decimals as Python prints it: a value exactly between two decimals goes to the even one (0.125 is
 * 0.12), where JavaScript goes up. Such a value is an odd multiple of 2^-(digits + 1).
 */
export function toFixedAsPython(value: number, digits: number): string {
  const rounded = value.toFixed(digits);
  const isTie = Math.abs(value * 2 ** (digits + 1)) % 2 === 1;
  const last = rounded.at(-1)!;
  return isTie && Number(last) % 2 === 1 ? `${rounded.slice(0, -1)}${Number(last) - 1}` : rounded;
}

/**
 * The report as scikit-learn prints it.
 * @param digits decimals of the shares, 2 where not given
 * @throws {OptionError} where `digits` is not a whole number from 1 to 20.
 */
export function formatClassificationReport(report: ClassificationReport, digits = 2): string {
  checkNumber('formatClassificationReport', 'digits', digits, { integer: true, min: 1, max: 20 });
  const averages = ['accuracy', 'macro avg', 'weighted avg'] as const;
  const nameWidth = Math.max(digits, ...[...report.classes.map(({ name }) => name), ...averages].map(countCharacters));
  // scikit-learn counts in decimals where not one answer is right; what is compared with it must do so too.
  const formatCount = (count: number) => (report.accuracy === 0 ? count.toFixed(1) : String(count));
  const line = (name: string, cells: readonly string[]) =>
    `${padName(name, nameWidth)} ${cells.map((cell) => ` ${cell.padStart(9)}`).join('')}\n`;
  const row = (name: string, { precision, recall, f1, support }: ReportRow) =>
    line(name, [...[precision, recall, f1].map((value) => toFixedAsPython(value, digits)), formatCount(support)]);
  return [
    line('', ['precision', 'recall', 'f1-score', 'support']),
    '\n',
    ...report.classes.map((entry) => row(entry.name, entry)),
    '\n',
    line('accuracy', ['', '', toFixedAsPython(report.accuracy, digits), formatCount(report.support)]),
    row('macro avg', report.macro),
    row('weighted avg', report.weighted),
  ].join('');
}

/** Python counts and pads by code points, JavaScript by half of them for emoji and the like. */
function countCharacters(text: string): number {
  return [...text].length;
}

function padName(name: string, width: number): string {
  return ' '.repeat(Math.max(0, width - countCharacters(name))) + name;
}
