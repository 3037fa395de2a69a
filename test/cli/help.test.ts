// Protects the help texts: each is compared with a file, so that a change of an option is seen. UPDATE_GOLDEN=1 writes them.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { commands } from '../../src/cli/commands/table.ts';
import { run } from './command-line.ts';

function compare(name: string, text: string): void {
  const file = fileURLToPath(new URL(`../golden/help/${name}.txt`, import.meta.url));
  if (process.env['UPDATE_GOLDEN']) writeFileSync(file, text);
  assert.equal(text, readFileSync(file, 'utf8'));
}

test('cajal --help', async () => {
  const { code, out, notes } = await run(['--help']);
  assert.equal(code, 0);
  assert.equal(notes, '');
  compare('cajal', out);
});

for (const { name, examples } of commands) {
  test(`cajal ${name} --help`, async () => {
    const { code, out } = await run([name, '--help']);
    assert.equal(code, 0);
    assert.ok(examples.length > 0 && examples.every((example) => out.includes(example)));
    compare(name, out);
  });
}

test('no command prints the help as a usage error', async () => {
  const { code, out, notes } = await run([]);
  assert.equal(code, 2);
  assert.equal(out, '');
  assert.match(notes, /Usage: cajal/);
});

test('--version', async () => {
  const { version } = JSON.parse(
    readFileSync(fileURLToPath(new URL('../../package.json', import.meta.url)), 'utf8'),
  ) as { version: string };
  assert.deepEqual(await run(['--version']), { code: 0, out: `${version}\n`, notes: '' });
});
