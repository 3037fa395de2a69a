/** Protects what `npm run bench` says: intervals and verdicts on two revisions, cliffs in curves, the scaling of threads, and
 * that cases and points are what their filters ask for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseCases, commandOf } from '../../bench/cases.ts';
import { betterPeak } from '../../bench/compare/measure-peak.ts';
import { medianInterval, roundRatios } from '../../bench/compare/statistics.ts';
import { takeTurns } from '../../bench/compare/take-turns.ts';
import { judgeRatios } from '../../bench/compare-revisions.ts';
import { pointsFor, threadCounts, vectorWork } from '../../bench/growth/axes.ts';
import { findCliffs, roundUp, trendAt } from '../../bench/growth/cliffs.ts';
import type { Growth } from '../../bench/growth/growth-results.ts';
import { plotGrowth } from '../../bench/growth/plot-growth.ts';
import { renderGrowth } from '../../bench/growth/render-growth.ts';
import { compareProfiles } from '../../bench/growth/thread-scaling.ts';
import { planOf } from '../../bench/time-cases.ts';
import type { Profile } from '../../src/training/profile.ts';

test('the interval of a median leaves out as many values as 95 % allow', () => {
  const values = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  assert.deepEqual(medianInterval(values(5)), [1, 5]);
  // Chances that at most one of 9 or three of 15 lie below the median: 10 / 512 and 576 / 32768.
  assert.deepEqual(medianInterval(values(9)), [2, 8]);
  assert.deepEqual(medianInterval(values(15)), [4, 12]);
  assert.deepEqual(medianInterval(values(8)), [1, 8]);
});

test('ratios pair turns of the same round', () => {
  assert.deepEqual(roundRatios([[1, 3], [], [6]], [[4], [1], [3]]), [0.5, 2]);
});

test('revisions differ only where all starts agree, beyond 2 % and the interval', () => {
  const around = (ratio: number) => [0.99, 0.995, 1, 1.005, 1.01].map((factor) => ratio * factor);
  assert.equal(judgeRatios([around(1.2), around(1.1), around(1.15)]).verdict, 'slower');
  assert.equal(judgeRatios([around(0.8), around(0.9), around(0.85)]).verdict, 'faster');
  // One start of three tells otherwise: memory lay elsewhere.
  assert.equal(judgeRatios([around(1.2), around(1.2), [0.97, 0.98, 0.99, 1.1, 1.2]]).verdict, 'same');
  assert.equal(judgeRatios([around(1.015), around(1.015), around(1.015)]).verdict, 'same');
  assert.equal(
    judgeRatios([
      [0.7, 1.5, 1.2],
      [0.8, 1.3, 1.2],
      [0.9, 1.3, 1.2],
    ]).verdict,
    'same',
  );
});

test('a curve that follows its work has no cliffs', () => {
  const falling = [8, 16, 32, 64].map((x) => ({ x, cost: 10 / x }));
  const slowlyRising = [1, 2, 4, 8].map((x, index) => ({ x, cost: 1.25 ** index }));
  assert.deepEqual(findCliffs(falling), []);
  assert.deepEqual(findCliffs(slowlyRising), []);
});

test('a high point is a cliff, and so is the first of a new level, at the end too', () => {
  const curve = (...costs: number[]) => costs.map((cost, index) => ({ x: 2 ** index, cost }));
  assert.deepEqual(findCliffs(curve(1, 1, 1.4, 1, 1)), [2]);
  assert.deepEqual(findCliffs(curve(1, 1, 1.4, 1.4, 1.4)), [2]);
  assert.deepEqual(findCliffs(curve(1, 1, 1.4)), [2]);
  assert.deepEqual(findCliffs(curve(4, 3.6, 2, 1.8)), []);
  // The line between 4 and 1 passes 2 in the middle.
  assert.equal(trendAt(curve(4, 3, 1), 1), 2);
  assert.equal(trendAt(curve(4, 3, 1), 0), undefined);
});

test('channels count as vectors hold them, those of the step as they are', () => {
  assert.deepEqual(
    [1, 16, 17].map((channels) => roundUp(channels, 16)),
    [16, 16, 32],
  );
  const [point] = pointsFor(['channels', 'conv2d'], 2).filter(({ channels }) => channels === 24);
  assert.equal(vectorWork(point!, 300, 16), 400);
  assert.equal(vectorWork({ ...point!, subject: 'training step' }, 300, 16), 300);
});

test('filters choose cases by the words of their titles, and points by axis and subject', () => {
  assert.deepEqual(
    chooseCases(['MNIST']).map(({ name }) => name),
    ['T3'],
  );
  assert.ok(chooseCases(['conv2dInputGradient', '36×36']).every(({ kind }) => kind === 'kernel'));
  assert.deepEqual(chooseCases(['no such case']), []);
  const points = pointsFor(['size', 'training'], 4);
  assert.ok(
    points.length > 5 && points.every(({ axis, x, size, threads }) => axis === 'size' && x === size && threads === 4),
  );
  assert.deepEqual(threadCounts(6), [1, 2, 4, 6]);
  assert.deepEqual(threadCounts(1), [1]);
});

test('turns last as long as the plan says, however short a step is', async () => {
  const script = `
    console.log('{"engine":"made up"}');
    require('node:readline').createInterface(process.stdin).on('line', (line) => {
      console.log(JSON.stringify({ ms: Array(Number(line)).fill(20), cost: { flops: 7, bytes: 8 } }));
    });`;
  const command = { program: process.execPath, args: ['-e', script], env: process.env };
  const plan = planOf({ seconds: 1, rounds: 5, limitSeconds: 20 });
  const [timing] = await takeTurns([{ id: 'one', command }], plan, () => {});
  assert.deepEqual(timing?.rounds, Array(5).fill(Array(10).fill(20)));
  assert.deepEqual(timing?.cost, { flops: 7, bytes: 8 });
});

test('a kernel runs in a process of its own and tells what it costs', async () => {
  const [softmax] = chooseCases(['softmax', 'bench']);
  const plan = planOf({ seconds: 0.01, rounds: 1, limitSeconds: 60 });
  const entries = [
    { id: 'here', command: commandOf(softmax!, 'reference', 1) },
    { id: 'unknown', command: commandOf({ ...softmax!, name: 'gone' }, 'reference', 1) },
  ];
  const [here, unknown] = await takeTurns(entries, plan, () => {});
  assert.equal(here?.engine, 'reference float64');
  assert.ok(here.rounds.flat().length > 0);
  assert.equal(here.cost?.bytes, 2 * 4 * 10 * 4096);
  assert.match(unknown?.reason ?? '', /no case of this name is marked bench: gone/);
});

test('the better of two peaks has the best of both; without rates there are none', () => {
  const instructionSet = 'avx2';
  const both = betterPeak({ instructionSet, gflops: 3, gbPerSecond: 1 }, { instructionSet, gflops: 2, gbPerSecond: 4 });
  assert.deepEqual(both, { instructionSet, gflops: 3, gbPerSecond: 4 });
  assert.deepEqual(betterPeak({ instructionSet }, { instructionSet }), { instructionSet });
});

test('scaling compares turns of one and two threads and leaves out what is no convolution', () => {
  const profile = (conv: number, gflops: number) =>
    ({
      rows: [
        { op: 'conv2dInputGradient', layer: 'conv2d_1', ms: conv },
        { op: 'matMul', layer: 'dense', ms: 5 },
      ],
      peak: { gflops, gbPerSecond: 1 },
    }) as unknown as Profile;
  const [row, ...others] = compareProfiles('T1', [
    [profile(10, 100), profile(5, 160)],
    [profile(12, 90), profile(8, 190)],
    [profile(30, 90), profile(15, 100)],
  ]);
  assert.deepEqual(others, []);
  assert.deepEqual(row, {
    ...{ workload: 'T1', layer: 'conv2d_1', op: 'conv2dInputGradient', ms: [12, 8] },
    ...{ speedUp: 2, peakSpeedUp: 1.9, relative: 2 / 1.9 },
  });
});

test('growth is written with its cliffs, as tables and as a picture that stands alone', () => {
  const points = pointsFor(['conv2d'], 2).map((point) => {
    const isCliff = point.axis === 'batch' && point.subject === 'conv2d' && point.x === 64;
    const measured = { msPerPicture: isCliff ? 2 : 1, flopsPerPicture: 1e9, isCliff };
    return { ...point, ...measured, ...(isCliff && { overTrend: 2 }) };
  });
  const growth: Growth = {
    machine: { processor: 'A <B> & C', cores: 2, memoryGiB: 8, system: 'Linux x64', node: 'v20.9.0' },
    ...{
      date: '2026-01-02T03:04:05.000Z',
      commit: 'abc',
      loadBefore: 0,
      backend: 'native',
      threads: 2,
      vectorWidth: 8,
    },
    ...{ peak: { instructionSet: 'avx2', gflops: 500, gbPerSecond: 50 }, points },
    scaling: [
      { workload: 'T1', layer: 'conv2d', op: 'conv2d', ms: [4, 2], speedUp: 2, peakSpeedUp: 2, relative: 1 },
      {
        workload: 'T1',
        layer: 'conv2d',
        op: 'conv2dKernelGradient',
        ms: [3, 2],
        speedUp: 1.5,
        peakSpeedUp: 2,
        relative: 0.75,
      },
    ],
  };
  const text = renderGrowth(growth);
  assert.match(text, /\* conv2d, batch 64: 2\.00 times its neighbours' trend/);
  assert.match(text, /\| 64 \| \*\*2\.00 \(2\.00\)\*\* \| 1\.00 \(1\.00\) \|/);
  assert.match(text, /\| T1 \| conv2d \| conv2d \| .* \| 1\.00 \| met \|/);
  assert.match(text, /\| conv2dKernelGradient \| .* \| 0\.75 \| \*\*missed\*\* \|/);
  const picture = plotGrowth(growth);
  assert.match(picture, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  assert.match(picture, /A &lt;B&gt; &amp; C/);
  assert.doesNotMatch(picture, /NaN|undefined|var\(/);
});
