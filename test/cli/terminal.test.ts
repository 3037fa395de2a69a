// Protects a terminal from names of files and classes: nothing in them moves its cursor, changes its colours or turns its text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatEvaluation } from '../../src/cli/evaluation-text.ts';
import { showProgress } from '../../src/cli/progress.ts';
import { printable, processTerminal, shownName, type Terminal } from '../../src/cli/terminal.ts';
import { alignColumns } from '../../src/cli/text-table.ts';
import { summarizeEvaluation } from '../../src/runs/evaluation.ts';

const hostile = 'a\u001b[31m\n\u202eb\u009bc';
const spelt = 'a\\u001b[31m\\u000a\\u202eb\\u009bc';

test('characters that act are spelt out, all others stay', () => {
  assert.equal(printable(hostile), spelt);
  assert.equal(printable('Zürich 猫 👩‍🔬'), 'Zürich 猫 👩‍🔬');
});

test('long names lose their middle', () => {
  assert.equal(shownName('abcdefghij', 10), 'abcdefghij');
  assert.equal(shownName('abcdefghijk', 10), 'abcde…hijk');
  assert.equal([...shownName('👩'.repeat(99))].length, 40);
});

test('tables, evaluations and warnings show names so', () => {
  assert.equal(alignColumns([[hostile, 'x']]), `${spelt}  x\n`);
  const long = 'n'.repeat(200);
  const evaluation = summarizeEvaluation({
    classNames: [hostile, long],
    trueClasses: [0, 0, 1],
    predictedClasses: [0, 1, 1],
    trainingCounts: [2, 1],
  });
  const text = formatEvaluation(evaluation);
  assert.ok(!text.includes(hostile) && !text.includes(long));
  assert.ok(text.includes(`Always answering ${spelt} gives`) && text.includes('nnn…nnn'));
  let notes = '';
  const terminal = { note: (part: string) => (notes += part), hasColour: false } as unknown as Terminal;
  const observer = showProgress(terminal, {});
  observer.warn(hostile);
  observer.say(hostile);
  assert.equal(notes, `warning: ${spelt}\n${spelt}\n`);
});

test("what goes to the process's streams keeps lines, bars and colours, and nothing else that acts", (context) => {
  const written: string[] = [];
  const write = context.mock.method(process.stderr, 'write', (text: string) => {
    written.push(text);
    return true;
  });
  processTerminal().note('\r\u001b[K\u001b[31mred\u001b[0m\tline\n\u001b]0;title\u0007\u001b[2J\u202e\u009b[1m');
  write.mock.restore();
  assert.deepEqual(written, [
    '\r\u001b[K\u001b[31mred\u001b[0m\tline\n\\u001b]0;title\\u0007\\u001b[2J\\u202e\\u009b[1m',
  ]);
});
