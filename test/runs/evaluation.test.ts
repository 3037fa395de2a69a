/** Protects the numbers of an evaluation: the matrix, the interval, the baseline, the mistakes and what is called
 * over-fitting. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { confusionMatrix, frequentConfusions, normalizeRows } from '../../src/nn/metrics/confusion-matrix.ts';
import { countClasses, majorityBaseline, summarizeEvaluation, wilsonInterval } from '../../src/runs/evaluation.ts';
import { mostConfidentMistakes } from '../../src/runs/mistakes.ts';
import { findOverFitting } from '../../src/runs/over-fitting.ts';
import { describeOverFitting, overFittingAdvice } from '../../src/runs/report-text.ts';
import type { HistoryRow } from '../../src/runs/run-record.ts';

test('rows of the matrix are what the pictures are', () => {
  const matrix = confusionMatrix([0, 0, 1, 2], new Uint8Array([0, 1, 1, 1]), 3);
  assert.deepEqual(matrix, [
    [1, 1, 0],
    [0, 1, 0],
    [0, 1, 0],
  ]);
  assert.deepEqual(normalizeRows(matrix), [
    [0.5, 0.5, 0],
    [0, 1, 0],
    [0, 1, 0],
  ]);
  assert.deepEqual(normalizeRows([[0, 0]]), [[0, 0]]);
});

test('answers that do not fit are refused', () => {
  assert.throws(() => confusionMatrix([0, 1], [0], 2), {
    name: 'ShapeError',
    message:
      'confusionMatrix: expected as many predictions as true classes (2), received 1. Predict every picture once.',
  });
  assert.throws(() => confusionMatrix([0], [2], 2), {
    name: 'DataError',
    message:
      'confusionMatrix: expected predicted classes from 0 to 1, received 2 for picture 0. Use the class names that the model was trained with.',
  });
  assert.throws(
    () => confusionMatrix([0, -1], [0, 0], 2),
    /expected true classes from 0 to 1, received -1 for picture 1/,
  );
  assert.throws(() => confusionMatrix([0.5], [0], 2), /received 0\.5/);
});

test('the most frequent confusions come first, the diagonal never', () => {
  assert.deepEqual(
    frequentConfusions(
      [
        [9, 1, 2],
        [0, 5, 2],
        [0, 0, 1],
      ],
      2,
    ),
    [
      { trueClass: 1, predictedClass: 2, count: 2, share: 2 / 7 },
      { trueClass: 0, predictedClass: 2, count: 2, share: 2 / 12 },
    ],
  );
});

test("Wilson's interval agrees with published values", () => {
  // R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3: Wilson's score interval.
  const published: [number, number, string, string][] = [
    [81, 263, '0.2553', '0.3662'],
    [15, 148, '0.0624', '0.1605'],
    [0, 20, '0.0000', '0.1611'],
    [1, 29, '0.0061', '0.1718'],
  ];
  for (const [right, total, low, high] of published) {
    const interval = wilsonInterval(right, total);
    assert.deepEqual([interval.low.toFixed(4), interval.high.toFixed(4)], [low, high]);
    const mirrored = wilsonInterval(total - right, total);
    assert.ok(
      Math.abs(mirrored.low - (1 - interval.high)) < 1e-12 && Math.abs(mirrored.high - (1 - interval.low)) < 1e-12,
    );
  }
  assert.deepEqual(wilsonInterval(0, 0), { low: 0, high: 1 });
  assert.equal(wilsonInterval(7, 7).high, 1);
});

test('more right answers than answers are refused', () => {
  assert.throws(
    () => wilsonInterval(3, 2),
    /wilsonInterval: right must be a number of at least 0 and of at most 2, received 3/,
  );
  assert.throws(() => wilsonInterval(0, -1), /wilsonInterval: total must be a number of at least 0, received -1/);
});

test('the baseline is the majority of the training pictures, whatever is evaluated', () => {
  const names = ['a', 'b', 'c'];
  assert.deepEqual(majorityBaseline(names, [5, 9, 9], [6, 1, 1]), { className: 'b', accuracy: 1 / 8 });
  assert.deepEqual(majorityBaseline(names, [1, 0, 0], [0, 0, 0]), { className: 'a', accuracy: 0 });
  assert.throws(() => majorityBaseline(names, [1], [1, 2, 3]), {
    message: 'majorityBaseline: expected trainingCounts for 3 classes, received 1. Count each class once.',
  });
  assert.throws(() => majorityBaseline(names, [1, 2, 3], [1]), /expected evaluationCounts for 3 classes, received 1/);
});

test('classes are counted', () => assert.deepEqual(countClasses([0, 2, 2], 4), [1, 0, 2, 0]));

test('an evaluation is summarized', () => {
  const summary = summarizeEvaluation({
    classNames: ['a', 'b'],
    trueClasses: [0, 0, 1, 1, 1],
    predictedClasses: [0, 1, 1, 1, 1],
    trainingCounts: [3, 1],
  });
  assert.equal(summary.pictures, 5);
  assert.equal(summary.right, 4);
  assert.equal(summary.accuracy, 0.8);
  assert.deepEqual(summary.baseline, { className: 'a', accuracy: 0.4 });
  assert.deepEqual(summary.interval, wilsonInterval(4, 5));
  assert.equal(summary.report.classes[1]?.support, 3);
});

test('the most confident mistakes come first', () => {
  const probabilities = new Float32Array([0.75, 0.25, 0.125, 0.875, 0.25, 0.75, 0.5, 0.5, 0.25, 0.75]);
  assert.deepEqual(mostConfidentMistakes(probabilities, [1, 0, 1, 1, 0], 2, 3), [
    { index: 1, trueClass: 0, predictedClass: 1, probability: 0.875, trueProbability: 0.125 },
    { index: 0, trueClass: 1, predictedClass: 0, probability: 0.75, trueProbability: 0.25 },
    { index: 4, trueClass: 0, predictedClass: 1, probability: 0.75, trueProbability: 0.25 },
  ]);
  assert.equal(mostConfidentMistakes(probabilities, [1, 0, 1, 1, 0], 2, 9).length, 4);
  assert.throws(() => mostConfidentMistakes([1], [0], 2, 9), {
    message:
      'mostConfidentMistakes: expected probabilities [1, 2], received 1 values. Give one probability for each picture and class.',
  });
});

function historyOf(loss: number[], validationLoss: number[]): HistoryRow[] {
  return loss.map((value, index) => ({ epoch: index + 1, loss: value, val_loss: validationLoss[index]! }));
}

test('over-fitting is a validation loss that rises for more than an epoch while the training loss falls', () => {
  const falling = [1, 0.8, 0.6, 0.4, 0.2];
  const found = findOverFitting(historyOf(falling, [1, 0.5, 0.625, 0.75, 0.875]))!;
  const { lateTrainingLoss, gap, lateGap, ...whole } = found;
  assert.deepEqual(whole, {
    kind: 'rising',
    fromEpoch: 3,
    bestEpoch: 2,
    bestLoss: 0.5,
    lateLoss: 0.75,
    trainingLoss: 0.8,
  });
  const rounded = [lateTrainingLoss, gap, lateGap].map((value) => Number(value.toFixed(9)));
  assert.deepEqual(rounded, [0.4, -0.3, 0.35]);
  assert.match(
    describeOverFitting(found),
    /lowest in epoch 2 \(0\.5000\) and has risen to 0\.7500, while the training loss/,
  );
  assert.match(describeOverFitting(found), /From epoch 3 on the network learns its training pictures by heart/);
  const none: [string, HistoryRow[]][] = [
    ['no epochs', []],
    [
      'no validation',
      [
        { epoch: 1, loss: 1 },
        { epoch: 2, loss: 0.5 },
      ],
    ],
    ['still falling', historyOf(falling, [1, 0.9, 0.8, 0.7, 0.6])],
    ['one bad epoch at the end', historyOf(falling, [1, 0.9, 0.8, 0.7, 5])],
    ['a rise of less than a tenth', historyOf(falling, [1, 0.9, 0.95, 0.95, 0.95])],
    ['the training loss rises too', historyOf([1, 0.2, 0.5, 0.6, 0.7], [1, 0.5, 0.9, 0.9, 0.9])],
    ['few epochs', historyOf([1, 0.5, 0.2, 0.1, 0.05], [0.6, 0.5, 0.5, 0.5, 0.5])],
    ['the training loss stays too', historyOf([1, 0.6, 0.5, 0.5, 0.5, 0.5], [0.9, 0.7, 0.7, 0.7, 0.7, 0.7])],
    ['both still fall', historyOf([1, 0.8, 0.6, 0.4, 0.2, 0.1], [1, 0.9, 0.8, 0.7, 0.6, 0.5])],
    ['a gap that is small', historyOf([1, 0.8, 0.7, 0.6, 0.5, 0.4], [1, 0.8, 0.7, 0.7, 0.7, 0.7])],
    ['not numbers', historyOf([1, Number.NaN], [1, Number.NaN])],
  ];
  for (const [name, history] of none) assert.equal(findOverFitting(history), undefined, name);
});

test('over-fitting is also a gap that grows while the validation loss stays', () => {
  const stays = historyOf([1, 0.8, 0.6, 0.4, 0.2, 0.1, 0.05, 0.02], [1, 0.7, 0.6, 0.5, 0.5, 0.49, 0.5, 0.5]);
  const found = findOverFitting(stays)!;
  assert.deepEqual(
    { kind: found.kind, fromEpoch: found.fromEpoch, bestEpoch: found.bestEpoch },
    { kind: 'gap', fromEpoch: 5, bestEpoch: 6 },
  );
  assert.match(
    describeOverFitting(found),
    /has hardly become better since about epoch 5 \(lowest 0\.4900, in epoch 6\)/,
  );
  for (const part of [
    'earlyStopping with restoreBestWeights',
    'dropout',
    'L2',
    'max-norm',
    'augmentation',
    'smaller network',
  ])
    assert.ok(overFittingAdvice.includes(part), part);
});
