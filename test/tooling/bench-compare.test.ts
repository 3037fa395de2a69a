/** Protects the figures of `npm run bench:compare`: ratios by round, goals against the right peer, and reasons that name no
 * machine. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ContestantProcess, reasonIn } from '../../bench/compare/contestant-process.ts';
import { judge } from '../../bench/compare/goals.ts';
import { median, medianDeviation, medianRatio } from '../../bench/compare/statistics.ts';
import { takeTurns } from '../../bench/compare/take-turns.ts';

/** A contestant that answers each request with steps of so many milliseconds, and greets on stdout as some libraries do. */
function answering(ms: number, failsAfter = Number.POSITIVE_INFINITY) {
  const script = `
    const lines = require('node:readline').createInterface(process.stdin);
    console.log('welcome');
    console.log(JSON.stringify({ engine: 'made up' }));
    let asked = 0;
    lines.on('line', (line) => {
      if (++asked > ${failsAfter}) throw new RangeError('no more');
      console.log(JSON.stringify({ ms: Array(Number(line)).fill(${ms}), loss: asked }));
    });`;
  return { program: process.execPath, args: ['-e', script], env: process.env };
}

test('medians of an odd and an even count, and the deviation from them', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(medianDeviation([1, 2, 3, 4, 100]), 1);
});

test('a ratio compares turns of the same round and leaves out rounds that one sat out', () => {
  // Between the medians over all rounds the ratio would be 12 / 20.
  assert.equal(medianRatio([[10], [], [12], [90]], [[20], [1], [], [60]]), 1);
});

test('a goal is judged against the fastest of the peers that it names', () => {
  const timings = [
    { id: 'cajal-native', rounds: [[5]], peakBytes: 10 },
    { id: 'cajal-wasm', rounds: [[30]] },
    { id: 'keras', rounds: [[10]], peakBytes: 40 },
    { id: 'torch-default', rounds: [[50]] },
    { id: 'torch-channels-last', rounds: [[20]] },
    { id: 'jaxjs', rounds: [], reason: 'too slow' },
  ];
  const found = judge('T2', timings).map(({ contestant, measure, peer, ratio, isMet }) => [
    ...[contestant, measure, peer, ratio, isMet],
  ]);
  assert.deepEqual(found, [
    ['cajal-native', 'time', 'keras', 0.5, true],
    ['cajal-native', 'memory', 'keras', 0.25, true],
    ['cajal-wasm', 'time', 'torch-channels-last', 1.5, false],
  ]);
});

test('a reason is the line that names the error, without folders and addresses', () => {
  const trace =
    'Traceback:\n  File "/opt/x/y.py", line 3\nValueError: no /opt/x/y.onnx at https://example.org/a\n\nNode.js v20';
  assert.equal(reasonIn(trace), 'ValueError: no y.onnx at an address');
  assert.equal(reasonIn(''), 'the process ended without a word');
});

test('turns: all rounds for the quick, some for the slow, a reason for those that fail or are not there', async () => {
  const entries = [
    { id: 'quick', command: answering(300) },
    { id: 'slow', command: answering(2000) },
    { id: 'failing', command: answering(300, 4) },
    { id: 'missing', command: { reason: 'could not be installed' } },
  ];
  const plan = { rounds: 6, perTurn: 2, warmUps: 2, secondsEach: 8, limitSeconds: 20 };
  const [quick, slow, failing, missing] = await takeTurns(entries, plan, () => {});
  assert.deepEqual(quick?.rounds, Array(6).fill([300, 300]));
  assert.deepEqual(quick?.losses, [1, 8]);
  assert.deepEqual(slow?.rounds, [[], [2000], [2000], [], [2000], [2000]]);
  assert.equal(failing?.rounds.flat().length, 4);
  assert.match(failing?.reason ?? '', /^after its warm-up: RangeError: no more$/);
  assert.deepEqual(missing, { id: 'missing', rounds: [], reason: 'could not be installed' });
});

test('a process that does not answer in time is ended', async () => {
  const command = { program: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'], env: process.env };
  const waiting = new ContestantProcess(command);
  await assert.rejects(waiting.ready(300), /^Error: no answer within 0 s$/);
  await waiting.close();
});
