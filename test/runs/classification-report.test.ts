/** Protects the promise that our report is scikit-learn's: its numbers to the last bit, its text to the last character. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  type ClassificationReport,
  classificationReport,
  formatClassificationReport,
  toFixedAsPython,
} from '../../src/nn/metrics/classification-report.ts';
import { confusionMatrix } from '../../src/nn/metrics/confusion-matrix.ts';
import { sumPairwise } from '../../src/nn/metrics/pairwise-sum.ts';

interface GoldenRow {
  precision: number;
  recall: number;
  'f1-score': number;
  support: number;
}
interface GoldenCase {
  name: string;
  classNames: string[];
  trueClasses: number[];
  predictedClasses: number[];
  digits: number;
  matrix: number[][] | null;
  values: Record<string, GoldenRow> & { accuracy: number };
  text: string;
}

const goldenPath = new URL('../golden/classification-report.json', import.meta.url);
const golden = JSON.parse(readFileSync(goldenPath, 'utf8')) as { cases: GoldenCase[] };

function asGolden(report: ClassificationReport): Record<string, GoldenRow | number> {
  const rows: [string, ClassificationReport['macro']][] = [
    ...report.classes.map(({ name, ...row }): [string, ClassificationReport['macro']] => [name, row]),
    ['macro avg', report.macro],
    ['weighted avg', report.weighted],
  ];
  const named = rows.map(([name, { precision, recall, f1, support }]) => [
    name,
    { precision, recall, 'f1-score': f1, support },
  ]);
  return { ...Object.fromEntries(named), accuracy: report.accuracy };
}

test('the golden file has cases', () => assert.ok(golden.cases.length >= 11));

for (const { name, classNames, trueClasses, predictedClasses, digits, matrix, values, text } of golden.cases) {
  test(`scikit-learn's report: ${name}`, () => {
    const counted = confusionMatrix(trueClasses, predictedClasses, classNames.length);
    if (matrix) assert.deepEqual(counted, matrix);
    const report = classificationReport(counted, classNames);
    assert.deepEqual(asGolden(report), values);
    assert.equal(formatClassificationReport(report, digits), text);
  });
}

test('decimals are rounded as Python rounds them', () => {
  const expected: [number, number, string][] = [
    [0.125, 2, '0.12'],
    [0.375, 2, '0.38'],
    [0.625, 2, '0.62'],
    [0.5, 1, '0.5'],
    [0.75, 1, '0.8'],
    [0.25, 1, '0.2'],
    [0.005, 2, '0.01'],
    [1, 2, '1.00'],
  ];
  for (const [value, digits, printed] of expected) assert.equal(toFixedAsPython(value, digits), printed);
});

test('the digits of a printed report have limits', () => {
  const report = classificationReport([[1]], ['a']);
  assert.throws(
    () => formatClassificationReport(report, 0),
    /formatClassificationReport: digits must be a whole number/,
  );
});

test('a matrix that does not fit the names is refused', () => {
  assert.throws(() => classificationReport([[1, 2]], ['a', 'b']), {
    message:
      'classificationReport: expected a matrix [2, 2], received [1, 2]. Give as many class names as the model has outputs.',
  });
});

test('a report of no pictures is all zeros', () => {
  const report = classificationReport(
    [
      [0, 0],
      [0, 0],
    ],
    ['a', 'b'],
  );
  assert.equal(report.accuracy, 0);
  assert.deepEqual(report.macro, { precision: 0, recall: 0, f1: 0, support: 0 });
});

test('sums of every length are sums', () => {
  for (const length of [0, 1, 7, 8, 9, 127, 128, 129, 300, 1000]) {
    const values = Array.from({ length }, (_, index) => index);
    assert.equal(sumPairwise(values), Math.abs((length * (length - 1)) / 2));
  }
});
