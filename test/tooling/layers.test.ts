/** Protects the order of folders: an import that the table does not allow must not compile, nor must Node in a folder that
 * runs in a browser. Copies the compiler's settings into an empty folder and breaks each rule once. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { findImportProblems } from '../../scripts/check-layers.mjs';
import { layers } from '../../scripts/layers.mjs';
import { root } from '../../scripts/project.mjs';

const compiler = path.join(root, 'node_modules/typescript/bin/tsc');

describe('the compiler', () => {
  let project = '';

  before(() => {
    project = mkdtempSync(path.join(os.tmpdir(), 'cajal-layers-'));
    symlinkSync(path.join(root, 'node_modules'), path.join(project, 'node_modules'), 'junction');
    const folders = ['.', 'src', ...layers.map(({ folder }) => `src/${folder}`)];
    for (const folder of folders) {
      mkdirSync(path.join(project, folder), { recursive: true });
      cpSync(path.join(root, folder, 'tsconfig.json'), path.join(project, folder, 'tsconfig.json'));
    }
    cpSync(path.join(root, 'tsconfig.base.json'), path.join(project, 'tsconfig.base.json'));
    writeFileSync(path.join(project, 'package.json'), '{ "type": "module" }');
    for (const { folder } of layers) {
      writeFileSync(path.join(project, 'src', folder, 'value.ts'), 'export const value: number = 1;\n');
    }
  });

  after(() => rmSync(project, { recursive: true }));

  /** The codes of the errors that one more file in a folder causes. */
  function errorsOf(folder: string, text: string): string[] {
    const file = path.join(project, 'src', folder, 'trial.ts');
    writeFileSync(file, text);
    const { stdout } = spawnSync(process.execPath, [compiler, '-b', `src/${folder}`], {
      cwd: project,
      encoding: 'utf8',
    });
    rmSync(file);
    return [...new Set([...stdout.matchAll(/error (TS\d+)/g)].map(([, code = '']) => code))];
  }

  it('accepts an import from the left', () => {
    assert.deepEqual(errorsOf('runs', "export { value } from '../data/node/value.ts';\n"), []);
    assert.deepEqual(errorsOf('ops', "export { value } from '../core/value.ts';\n"), []);
  });

  for (const [from, to] of [
    ['core', 'graph'],
    ['nn', 'data'],
    ['data', 'nn'],
    ['backends', 'backends/native'],
    ['model', 'zoo'],
    ['tuning', 'explain'],
    ['', 'runs'],
  ] as const) {
    it(`refuses src/${from} importing src/${to}`, () => {
      const way = path.posix.relative(path.posix.join('src', from), `src/${to}/value.ts`);
      const codes = errorsOf(from, `export { value } from '${way.startsWith('.') ? way : `./${way}`}';\n`);
      assert.ok(codes.includes('TS6307'), codes.join());
    });
  }

  it('refuses Node where a browser must do, and knows what both have', () => {
    assert.deepEqual(errorsOf('graph', "import 'node:fs';\nexport {};\n"), ['TS2882']);
    assert.deepEqual(errorsOf('graph', 'export const id: number = process.pid;\n'), ['TS2591']);
    assert.deepEqual(errorsOf('graph', 'export const now: number = performance.now();\n'), []);
    assert.deepEqual(errorsOf('cli', "import 'node:fs';\nexport const id: number = process.pid;\n"), []);
  });
});

describe('check-layers', () => {
  const manifest = {
    dependencies: { sharp: '^0.35.5', '@dagrejs/dagre': '^3' },
    browser: { './dist/backends/native/b.js': false },
  } as const;
  const problemsOf = (file: string, text: string): string[] => findImportProblems(file, text, manifest);

  it('finds packages and Node-only folders where a browser must do', () => {
    assert.match(problemsOf('src/data/a.ts', "import sharp from 'sharp';")[0] ?? '', /runs in a browser.*"sharp"/);
    assert.deepEqual(problemsOf('src/model/a.ts', "const dagre = await import('@dagrejs/dagre');"), []);
    assert.match(problemsOf('src/model/a.ts', "import dagre from '@dagrejs/dagre';")[0] ?? '', /runs in a browser/);
    assert.match(
      problemsOf('src/engine/a.ts', "import { b } from '../backends/native/b.ts';")[0] ?? '',
      /await import/,
    );
    assert.match(problemsOf('src/index.ts', "export { b } from './data/node/b.ts';")[0] ?? '', /await import/);
    assert.deepEqual(problemsOf('src/engine/a.ts', "await import('../backends/native/b.ts');"), []);
    assert.match(problemsOf('src/engine/a.ts', "await import('../backends/native/c.ts');")[0] ?? '', /"browser" in/);
    assert.deepEqual(problemsOf('src/engine/a.ts', "import type { B } from '../backends/native/b.ts';"), []);
  });

  it('finds imports to the right and packages that are not declared', () => {
    assert.match(
      problemsOf('src/core/a.ts', "import { b } from '../ops/b.ts';")[0] ?? '',
      /may not import from src\/ops/,
    );
    assert.match(problemsOf('src/cli/a.ts', "import x from 'left-pad';")[0] ?? '', /not among the dependencies/);
    assert.deepEqual(problemsOf('src/cli/a.ts', "import sharp from 'sharp';\nimport fs from 'node:fs';"), []);
  });
});
