// Protects the statistics of comparisons: equal to SciPy 1.17.1 and statsmodels 0.15.0, to what can be enumerated, and no
// difference found where there is none but seeds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ExampleResults, gradeExamples } from '../../src/comparison/example-results.ts';
import { adjustByHolm } from '../../src/comparison/holm.ts';
import { meanInterval } from '../../src/comparison/mean-interval.ts';
import { pairedBootstrap } from '../../src/comparison/paired-bootstrap.ts';
import { binaryAccuracyOf, metricValue } from '../../src/comparison/shared-metrics.ts';
import { criticalT, probabilityWithin } from '../../src/comparison/student-t.ts';
import { Random } from '../../src/core/random.ts';
import { classificationReport } from '../../src/nn/metrics/classification-report.ts';
import { confusionMatrix } from '../../src/nn/metrics/confusion-matrix.ts';

const near = (value: number, expected: number, tolerance = 1e-12) =>
  assert.ok(
    Math.abs(value - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${value}, expected ${expected}`,
  );

test("Student's t is SciPy's", () => {
  // scipy.stats.t.ppf(0.975, df) and t.ppf(0.95, df)
  const points = [
    [1, 12.706204736174694, 6.313751514675037],
    [2, 4.302652729749462, 2.9199855803537242],
    [3, 3.1824463052837078, 2.3533634348018233],
    [4, 2.7764451051977934, 2.1318467863266495],
    [5, 2.5705818356363146, 2.0150483733330233],
    [9, 2.262157162798205, 1.833112932656237],
    [30, 2.0422724563012378, 1.697260886593957],
    [101, 1.983731002955606, 1.6600806304117863],
  ] as const;
  for (const [degrees, at95, at90] of points) {
    near(criticalT(0.95, degrees), at95);
    near(criticalT(0.9, degrees), at90);
  }
  // 1 - 2 * scipy.stats.t.sf(t, df)
  const shares = [
    [0.5, 1, 0.2951672353008665],
    [1.3, 2, 0.6767529681839597],
    [2, 5, 0.8980605211701417],
    [3.1, 10, 0.9887493427839166],
    [0, 7, 0],
  ] as const;
  for (const [t, degrees, share] of shares) near(probabilityWithin(t, degrees), share);
  assert.throws(() => criticalT(1, 3), /criticalT: level must be a number above 0 and below 1, received 1/);
  assert.throws(() => probabilityWithin(1, 0), /degrees must be a whole number of at least 1/);
});

test('the interval of a mean is SciPy’s; one value has none', () => {
  const { n, mean, deviation, low, high } = meanInterval([0.81, 0.84, 0.79, 0.88, 0.86]);
  assert.equal(n, 5);
  near(mean, 0.836);
  near(deviation!, 0.03646916505762092);
  near(low!, 0.7907175507034013);
  near(high!, 0.8812824492965986);
  assert.deepEqual(meanInterval([0.7]), { n: 1, mean: 0.7 });
  assert.deepEqual(meanInterval([0.1, 0.1, 0.1]), { n: 3, mean: 0.1, deviation: 0, low: 0.1, high: 0.1 });
  assert.throws(() => meanInterval([]), /meanInterval: expected at least one value, received none/);
});

test("Holm's correction is that of statsmodels", () => {
  const adjusted = adjustByHolm([0.01, 0.04, 0.03, 0.005, 0.2, 0.04]);
  for (const [place, expected] of [0.05, 0.12, 0.12, 0.03, 0.2, 0.12].entries()) near(adjusted[place]!, expected);
  assert.deepEqual(adjustByHolm([0.6, 0.9]), [1, 1]);
  assert.deepEqual(adjustByHolm([]), []);
  assert.throws(() => adjustByHolm([1.2]), /a p value must be a number of at least 0 and of at most 1/);
});

test('shared metrics are those of the report, and mean the same for every loss', () => {
  const random = new Random(3);
  const truths = Array.from({ length: 60 }, () => random.integer(4));
  const probabilities = truths.flatMap((truth) => {
    const row = Array.from({ length: 4 }, (_, label) => random.next() + (label === truth ? 0.4 : 0));
    const sum = row.reduce((total, value) => total + value, 0);
    return row.map((value) => value / sum);
  });
  const results = gradeExamples(probabilities, truths, 4);
  const report = classificationReport(confusionMatrix(truths, results.predictedClasses, 4), ['a', 'b', 'c', 'd']);
  near(metricValue('accuracy', results), report.accuracy);
  near(metricValue('macroF1', results), report.macro.f1);
  const direct = truths.map((truth, row) => -Math.log(probabilities[row * 4 + truth]!));
  near(metricValue('logLoss', results), direct.reduce((sum, value) => sum + value, 0) / 60);
  // Probabilities that a sigmoid gave add up to something else, and are compared by their shares all the same.
  near(
    metricValue(
      'logLoss',
      gradeExamples(
        probabilities.map((value) => value / 2),
        truths,
        4,
      ),
    ),
    metricValue('logLoss', results),
  );
});

test('the binary form counts each output: a model that always says no is right in three quarters of four', () => {
  const silent = gradeExamples([0.3, 0.3, 0.2, 0.2], [3], 4);
  assert.deepEqual([metricValue('accuracy', silent), binaryAccuracyOf(silent)], [0, 0.75]);
  const sure = gradeExamples([0.1, 0.1, 0.2, 0.6], [3], 4);
  assert.deepEqual([metricValue('accuracy', sure), binaryAccuracyOf(sure)], [1, 1]);
  const yesOrNo = gradeExamples([0.9, 0.2, 0.5], [1, 1, 0], 1);
  assert.deepEqual(yesOrNo.predictedClasses, [1, 0, 0]);
  near(yesOrNo.logLosses[1]!, -Math.log(0.2));
  assert.equal(yesOrNo.classCount, 2);
  assert.throws(
    () => gradeExamples([1, 2, 3], [0], 2),
    /gradeExamples: expected 1 rows of 2 probabilities, received 3 numbers/,
  );
});

/** Results that are right where the text has a 1. */
function rightAt(text: string): ExampleResults {
  const rights = [...text].map(Number);
  return {
    classCount: 2,
    trueClasses: rights.map(() => 0),
    predictedClasses: rights.map((right) => 1 - right),
    logLosses: rights.map((right) => 1 - right),
    binaryAccuracies: rights,
  };
}

test('the bootstrap finds the distribution that enumeration gives', async () => {
  // Groups of sizes 2, 1 and 3, of which the first model has 2, 1 and 1 right and the second 0, 1 and 2.
  const groups = ['a', 'a', 'b', 'c', 'c', 'c'];
  const models = [rightAt('111100'), rightAt('001110')];
  const perGroup = [
    { size: 2, difference: 2 },
    { size: 1, difference: 0 },
    { size: 3, difference: -1 },
  ];
  const all = perGroup.flatMap((x) => perGroup.flatMap((y) => perGroup.map((z) => [x, y, z])));
  const exact = all
    .map(
      (drawn) =>
        drawn.reduce((sum, { difference }) => sum + difference, 0) / drawn.reduce((sum, { size }) => sum + size, 0),
    )
    .sort((a, b) => a - b);
  const atMostZero = exact.filter((value) => value <= 0).length / 27;
  const atLeastZero = exact.filter((value) => value >= 0).length / 27;
  const [pair] = await pairedBootstrap({
    metric: 'accuracy',
    runs: models.map((results) => [{ results, groups }]),
    pairs: [[0, 1]],
    resamples: 20_000,
    seed: 5,
  });
  near(pair!.difference, 1 / 6);
  near(pair!.pValue, Math.min(1, 2 * Math.min(atMostZero, atLeastZero)), 0.02);
  near(pair!.low, exact[0]!);
  near(pair!.high, exact[26]!);
});

test('equal answers are no difference; the same seed draws the same; another order of settings turns the sign', async () => {
  const names = [...'abcdefghij'];
  const [good, bad] = [rightAt('1111111101'), rightAt('1010001100')];
  const options = { metric: 'accuracy', pairs: [[0, 1]], resamples: 500 } as const;
  const runsOf = (...results: ExampleResults[]) => results.map((each) => [{ results: each, groups: names }]);
  const [same] = await pairedBootstrap({ ...options, runs: runsOf(good, good) });
  assert.deepEqual(same, { difference: 0, low: 0, high: 0, pValue: 1, seeds: 1 });
  const [one] = await pairedBootstrap({ ...options, runs: runsOf(good, bad) });
  const [again] = await pairedBootstrap({ ...options, runs: runsOf(good, bad) });
  const [other] = await pairedBootstrap({ ...options, runs: runsOf(bad, good) });
  assert.deepEqual(one, again);
  near(other!.difference, -one!.difference);
  near(other!.pValue, one!.pValue);
  near(other!.low, -one!.high);
  await assert.rejects(
    pairedBootstrap({ ...options, resamples: 10, runs: runsOf(good, bad) }),
    /compare: resamples must be a whole number of at least 100, received 10/,
  );
  await assert.rejects(pairedBootstrap({ ...options, runs: runsOf(good, bad), signal: AbortSignal.abort() }), {
    name: 'AbortError',
    message: 'compare: stopped by its signal.',
  });
});

test('pictures of one group count as few, not as many', async () => {
  const runs = [rightAt('11111111110000000000'), rightAt('00000000000000000000')];
  const options = { metric: 'accuracy', pairs: [[0, 1]], resamples: 2000 } as const;
  const withGroups = (groupOf: (example: number) => string) =>
    pairedBootstrap({
      ...options,
      runs: runs.map((results) => [{ results, groups: results.trueClasses.map((_, example) => groupOf(example)) }]),
    });
  const [alone] = await withGroups(String);
  const [together] = await withGroups((example) => String(Math.floor(example / 10)));
  assert.ok(alone!.pValue < 0.01);
  assert.ok(together!.pValue > 0.4, 'two groups, of which one shows nothing');
});

test('settings that differ by their seeds alone are rarely called different', async () => {
  // Both settings are right in 80 % of the pictures give or take 4 points, which the seed decides.
  let found = 0;
  const trials = 60;
  for (let trial = 0; trial < trials; trial++) {
    const random = new Random(trial, 'null');
    const runOf = () => {
      const share = 0.8 + 0.04 * random.normal();
      const results = rightAt(Array.from({ length: 400 }, () => (random.next() < share ? '1' : '0')).join(''));
      return { results, groups: results.trueClasses.map((_, example) => String(example)) };
    };
    const runs = [0, 1].map(() => [0, 1, 2, 3, 4, 5, 6, 7].map(runOf));
    const [pair] = await pairedBootstrap({ metric: 'accuracy', runs, pairs: [[0, 1]], resamples: 200, seed: trial });
    if (pair!.pValue < 0.05) found++;
  }
  assert.ok(found <= 8, `${found} of ${trials}`);
});
