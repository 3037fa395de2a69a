// Protects the one view of several trainings: which training, setting, seed and epoch, and how long is left.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showSeriesProgress } from '../../src/cli/series-progress.ts';
import type { PlannedRun } from '../../src/runs/jobs/compare-plan.ts';
import type { SeriesProgress } from '../../src/runs/jobs/series-observer.ts';
import { observeRun } from '../../src/runs/jobs/series-observer.ts';
import { TimeLeft } from '../../src/runs/jobs/time-left.ts';

function terminalOf(canRedraw: boolean) {
  const notes: string[] = [];
  const terminal = {
    environment: {},
    out: (text: string) => notes.push(text),
    note: (text: string) => notes.push(text),
    canRedraw,
    hasColour: false,
    columns: 100,
  };
  return { terminal, notes };
}

const progress: SeriesProgress = {
  run: 7,
  runs: 25,
  title: 'adam, seed 2',
  part: 'epoch 4/10',
  share: 0.26,
  secondsLeft: 130,
  logs: { loss: 0.5 },
};

test('on a terminal one line is drawn again, and each training leaves a line', () => {
  const { terminal, notes } = terminalOf(true);
  const observer = showSeriesProgress(terminal, {});
  observer.progress(progress);
  observer.progress(progress);
  assert.deepEqual(notes, ['\r\u001b[K 7/25 ━━━━━╺────────────── 2:10 left - adam, seed 2, epoch 4/10 - loss: 0.5000']);
  observer.runEnd({ ...progress, secondsLeft: 61 }, '10 epochs, accuracy 91.0 %');
  assert.deepEqual(notes.slice(1), [
    '\r\u001b[K',
    ' 7/25 adam, seed 2: 10 epochs, accuracy 91.0 % - about 1:01 left\n',
  ]);
});

test('elsewhere there are only lines, and with --json or --quiet none', () => {
  const { terminal, notes } = terminalOf(false);
  const observer = showSeriesProgress(terminal, {});
  observer.progress(progress);
  observer.runEnd({ ...progress, run: 25 }, 'done');
  assert.deepEqual(notes, ['25/25 adam, seed 2: done\n']);
  const silent = terminalOf(true);
  for (const options of [{ json: true }, { quiet: true }]) {
    showSeriesProgress(silent.terminal, options).progress(progress);
    showSeriesProgress(silent.terminal, options).runEnd(progress, 'done');
  }
  assert.deepEqual(silent.notes, []);
});

test('the time left is that of the same setting where it is known', () => {
  const left = new TimeLeft();
  assert.equal(left.estimate(['a']), undefined);
  assert.equal(left.estimate(['a', 'b'], { setting: 'a', seconds: 5, share: 0.5 }), 5 + 10 + 10);
  left.add('a', 10);
  left.add('b', 30);
  assert.equal(left.estimate(['a', 'b', 'c']), 10 + 30 + 20);
  assert.equal(left.estimate(['b'], { setting: 'b', seconds: 0, share: 0 }), 60);
});

test('a training tells of the whole: epochs that an earlier process did count as done, a warning is said once', () => {
  const told: SeriesProgress[] = [];
  const warned: string[] = [];
  const events: object[] = [];
  const observer = {
    progress: (each: SeriesProgress) => told.push(each),
    runEnd: () => undefined,
    warn: (message: string) => warned.push(message),
    say: () => undefined,
    event: (event: object) => events.push(event),
  };
  const planned = {
    setting: 'adam',
    title: 'adam, seed 3',
    tags: { setting: 'adam', seed: 3 },
    settings: { epochs: 4 },
  } as unknown as PlannedRun;
  const place = { planned, number: 2, total: 4, waiting: ['adam'], timeLeft: new TimeLeft() };
  const seen = new Set<string>();
  const run = observeRun(place, observer, seen);
  run.warn('2 files were left out');
  observeRun(place, observer, seen).warn('2 files were left out');
  assert.deepEqual(warned, ['2 files were left out']);
  run.event({ event: 'resume', finishedEpochs: 2 });
  run.start('Epoch 3/4', 10, 'epoch').update(5);
  const { run: number, runs, part, share } = told[0]!;
  assert.deepEqual({ number, runs, part, share }, { number: 2, runs: 4, part: 'epoch 3/4', share: (1 + 2.5 / 4) / 4 });
  run.event({ event: 'epoch', epoch: 3 });
  run.start('Epoch 4/4', 10, 'epoch').end();
  assert.equal(told[1]!.share, 0.5);
  run.start('Reading pictures', 8).update(1);
  assert.equal(told[2]!.part, 'Reading pictures');
  assert.deepEqual(events[1], { event: 'epoch', epoch: 3, setting: 'adam', seed: 3 });
});
