// Protects what a person sees while a command works: Keras's bar on a terminal, lines elsewhere, JSON, or nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showProgress } from '../../src/cli/progress.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { drawBar, formatLogs, formatSeconds } from '../../src/training/callbacks/progress-line.ts';

function makeTerminal(changes: Partial<Terminal> = {}): Terminal & { text: () => string; results: () => string } {
  let notes = '';
  let results = '';
  return {
    environment: {},
    out: (text) => {
      results += text;
    },
    note: (text) => {
      notes += text;
    },
    canRedraw: true,
    hasColour: false,
    columns: 100,
    ...changes,
    text: () => notes,
    results: () => results,
  };
}

const bar = { title: '', done: 12, total: 45, seconds: 0.48, logs: { loss: 0.31, accuracy: 0.91 }, isEnd: false };

test('a bar is drawn as Keras draws it', () => {
  assert.equal(
    drawBar(makeTerminal(), bar),
    '12/45 ━━━━━╺────────────── 1s 40ms/step - accuracy: 0.9100 - loss: 0.3100',
  );
  const end = drawBar(makeTerminal(), { ...bar, done: 45, seconds: 1.8, isEnd: true });
  assert.equal(end, '45/45 ━━━━━━━━━━━━━━━━━━━━ 2s 40ms/step - accuracy: 0.9100 - loss: 0.3100');
  assert.equal(
    drawBar(makeTerminal(), { ...bar, title: 'Reading', logs: undefined }),
    'Reading 12/45 ━━━━━╺────────────── 1s',
  );
});

test('a bar is cut to the width of the terminal', () => {
  assert.ok(drawBar(makeTerminal({ columns: 40 }), bar).length < 40);
});

test('numbers and times are short', () => {
  assert.equal(
    formatLogs({ val_loss: 0.00001234, loss: Number.NaN, accuracy: 0 }),
    ' - accuracy: 0.0000 - loss: NaN - val_loss: 1.2340e-5',
  );
  assert.deepEqual([3.2, 65, 7800].map(formatSeconds), ['3s', '1:05', '2:10:00']);
});

test('on a terminal an epoch is one line that is drawn again; colours only where wanted', () => {
  const terminal = makeTerminal();
  const task = showProgress(terminal, {}).start('Epoch 1/2', 2, 'epoch');
  task.update(1, { loss: 1 });
  task.end({ loss: 0.5 });
  const lines = terminal.text().split('\r\u001b[K');
  assert.equal(lines.length, 3);
  assert.equal(lines[0], 'Epoch 1/2\n');
  assert.match(lines[1]!, /^1\/2 .* loss: 1\.0000$/);
  assert.match(lines[2]!, /^1\/2 .* loss: 0\.5000\n$/);
  const bright = makeTerminal({ hasColour: true });
  showProgress(bright, {}).start('Epoch 1/2', 2, 'epoch').end();
  assert.ok(bright.text().startsWith('\u001b[1mEpoch'));
});

test('elsewhere an epoch is one line, also one that was stopped', () => {
  const terminal = makeTerminal({ canRedraw: false });
  const observer = showProgress(terminal, {});
  const whole = observer.start('Epoch 1/2', 4, 'epoch');
  whole.update(4);
  whole.end({ loss: 0.5 });
  const half = observer.start('Epoch 2/2', 4, 'epoch');
  half.update(2);
  half.end();
  assert.match(
    terminal.text(),
    /^Epoch 1\/2 - 0s - \d+ms\/step - loss: 0\.5000\nEpoch 2\/2 - 0s - \d+ms\/step - stopped at step 2 of 4\n$/,
  );
});

test('a short task leaves no line', () => {
  for (const canRedraw of [true, false]) {
    const terminal = makeTerminal({ canRedraw });
    const task = showProgress(terminal, {}).start('Reading', 10);
    task.update(10);
    task.end();
    assert.equal(terminal.text(), '');
  }
});

test('--json gives events and no bars, --quiet neither bars nor warnings', () => {
  const json = makeTerminal();
  const observer = showProgress(json, { json: true });
  observer.start('Epoch 1/2', 2, 'epoch').end();
  observer.say('hello');
  observer.event({ event: 'epoch', epoch: 1 });
  observer.warn('careful');
  assert.equal(json.results(), '{"event":"epoch","epoch":1}\n');
  assert.equal(json.text(), 'warning: careful\n');
  const quiet = makeTerminal();
  showProgress(quiet, { quiet: true }).warn('careful');
  showProgress(quiet, { quiet: true }).say('hello');
  assert.equal(quiet.text() + quiet.results(), '');
});
