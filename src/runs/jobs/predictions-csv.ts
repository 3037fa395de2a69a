/** `predictions.csv`: what a model that did not learn from a picture said of it. Columns: `path`, `class` (what it is),
 * `predicted`, and the probability of each class under its name. */
import { csvFormatRows, csvParseRows } from 'd3-dsv';
import { FormatError } from '../../core/errors.ts';
import { largestOf } from '../../nn/metrics/metric.ts';
import type { Answers } from './evaluate-dataset.ts';

/** What the file is called. */
export const predictionsFile = 'predictions.csv';

const ownColumns = ['path', 'class', 'predicted'];

/** Answers without the loss and metrics of a single evaluation. */
export type Predictions = Omit<Answers, 'values'>;

/** The text of the file. */
export function formatPredictions({ classNames, names, trueClasses, probabilities }: Predictions): string {
  const width = classNames.length;
  const rows = names.map((name, row) => [
    name,
    classNames[trueClasses[row]!]!,
    classNames[largestOf(probabilities, row, width)]!,
    // Seven digits are all that a 32-bit number has.
    ...Array.from(probabilities.subarray(row * width, (row + 1) * width), (share) =>
      String(Number(share.toPrecision(7))),
    ),
  ]);
  return `${csvFormatRows([[...ownColumns, ...classNames], ...rows])}\n`;
}

/**
 * Reads the text that `formatPredictions` wrote.
 *
 * @param where what to name in messages, such as the file
 * @throws FormatError where it is something else
 */
export function parsePredictions(where: string, text: string): Predictions {
  const [head = [], ...rows] = csvParseRows(text);
  const classNames = head.slice(ownColumns.length);
  const probabilities = Float32Array.from(rows.flatMap((row) => row.slice(ownColumns.length).map(Number)));
  const trueClasses = rows.map(([, className]) => classNames.indexOf(className!));
  const isWhole =
    classNames.length > 0 &&
    ownColumns.every((name, place) => head[place] === name) &&
    rows.every(({ length }) => length === head.length) &&
    !trueClasses.includes(-1) &&
    probabilities.every(Number.isFinite);
  if (isWhole) return { classNames, names: rows.map(([name]) => name!), trueClasses, probabilities };
  throw new FormatError(
    `${where}: expected predictions with the columns ${ownColumns.join(', ')} and one for each class, received something else. ` +
      'Train that fold again.',
  );
}

/** The predictions of several models one after the other. */
export function joinPredictions(parts: readonly Predictions[]): Predictions {
  const probabilities = new Float32Array(parts.reduce((sum, part) => sum + part.probabilities.length, 0));
  let place = 0;
  for (const part of parts) {
    probabilities.set(part.probabilities, place);
    place += part.probabilities.length;
  }
  return {
    classNames: parts[0]?.classNames ?? [],
    names: parts.flatMap(({ names }) => names),
    trueClasses: parts.flatMap(({ trueClasses }) => trueClasses),
    probabilities,
  };
}
