// Protects the demonstration, on a set small enough for a test: it draws, trains, and reports on slides it never saw.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { run } from './command-line.ts';

test('cajal demo draws once, trains, and reports on the slides that were kept', async (context) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cajal-demo-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const args = ['demo', '--slides', '5', '--pictures-per-slide', '8', '--epochs', '1', '--out', folder];
  const { code, out, notes } = await run(args);
  assert.equal(code, 0, notes);
  assert.match(out, /on the test pictures:.*eosinophil.*neutrophil.*Report: .*demo.report\.html\n$/s);
  const { subsets, evaluation, split } = JSON.parse(readFileSync(path.join(folder, 'demo/report.json'), 'utf8'));
  assert.deepEqual(
    subsets.map(({ counts }: { counts: number[] }) => counts),
    [
      [6, 6, 6, 6],
      [2, 2, 2, 2],
      [2, 2, 2, 2],
    ],
  );
  assert.equal(evaluation.subset, 'test');
  assert.equal(split.pattern, '^slide(\\d+)_');

  const again = await run([...args, '--json']);
  assert.equal(again.code, 0, again.notes);
  assert.equal(
    JSON.parse(again.out.trim().split('\n').at(-1)!).accuracy,
    evaluation.accuracy,
    'the same picture set and seed',
  );
  assert.deepEqual(readdirSync(folder).sort(), ['demo', 'demo-2', 'smears-5x8']);
});
