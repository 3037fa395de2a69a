// Protects a process whose streams fail or that is stopped: a training outlives its reader, lost results are no success,
// and a second signal ends the process whatever it waits for.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { describeError, exitCodeOf } from '../../src/cli/exit-code.ts';
import { run, start } from './command-line.ts';
import { tinyNetwork, writeTinyPictures } from './tiny-pictures.ts';

let folder = '';
const program = fileURLToPath(new URL('../../bin/cajal.mjs', import.meta.url));
const at = (...parts: string[]) => path.join(folder, ...parts);

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'cajal-streams-'));
  await writeTinyPictures(at('pictures'), 5);
  const args = ['train', at('pictures'), ...tinyNetwork, '--quiet', '--epochs', '1', '--out', at('run')];
  const { code, notes } = await run(args);
  assert.equal(code, 0, notes);
});

after(() => rmSync(folder, { recursive: true, force: true }));

test('a training goes on when nobody reads its progress', async () => {
  const args = ['train', 'pictures', ...tinyNetwork, '--epochs', '2', '--out', 'unread'];
  const { child, outcome } = start(args, { cwd: folder });
  child.stderr!.destroy();
  child.stdout!.destroy();
  assert.equal((await outcome).code, 0);
  assert.ok(existsSync(at('unread/report.html')));
});

test('results that cannot be written are told in a line, and are no success', (context) => {
  if (!existsSync('/dev/full')) return context.skip('this system has no /dev/full');
  const command = '"$0" "$1" predict run pictures > /dev/full';
  const { status, stderr } = spawnSync('sh', ['-c', command, process.execPath, program], {
    cwd: folder,
    encoding: 'utf8',
  });
  assert.match(stderr, /^error: writing the results: expected room on the disk, received ENOSPC\..*\n$/);
  assert.equal(status, 1);
});

test('what the system refuses is told in a line', () => {
  const error = Object.assign(new Error("EACCES: permission denied, mkdir 'runs'"), {
    code: 'EACCES',
    syscall: 'mkdir',
    path: 'runs',
  });
  assert.equal(
    describeError(error),
    `runs: expected to use it, received "EACCES: permission denied, mkdir 'runs'". Look at the path, its permissions and the disk.`,
  );
  assert.equal(exitCodeOf(error), 1);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`a second ${signal} ends a process that waits for a pipe`, async (context) => {
    const pipe = at(`${signal}.png`);
    if (spawnSync('mkfifo', [pipe]).status !== 0) return context.skip('this system makes no named pipes');
    // The command line's own handling of signals, around a read that never ends.
    const source = `import { readFile } from 'node:fs/promises';
      import { withInterrupt } from ${JSON.stringify(new URL('../../src/cli/interrupt.ts', import.meta.url).href)};
      const terminal = { note: (text) => process.stderr.write(text) };
      await withInterrupt(terminal, 'Stopping.', () => (process.stderr.write('ready'), readFile(${JSON.stringify(pipe)})));`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (/ready|Stopping/.test(text)) child.kill(signal);
    });
    const ending = await new Promise((resolve) => child.on('close', (_, by) => resolve(by)));
    clearTimeout(timer);
    assert.equal(ending, signal);
  });
}

test('an instruction set that does not exist is wrong usage, as is a backend', async () => {
  for (const name of ['CAJAL_ISA', 'CAJAL_BACKEND']) {
    const args = ['train', 'pictures', ...tinyNetwork, '--epochs', '1', '--out', 'never'];
    const { code, notes } = await start(args, { cwd: folder, environment: { [name]: 'foo' } }).outcome;
    assert.match(notes, /"?foo"?/);
    assert.equal(code, 2, notes);
  }
});

test('help of a command that does not exist says so', async () => {
  const { code, notes } = await run(['report', '--help']);
  assert.equal(code, 2);
  assert.match(notes, /unknown command 'report'/);
});
