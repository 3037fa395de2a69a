/** Protects what users meet first: every entry point of the package has a source, and the command starts in a clone. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { root } from '../../scripts/project.mjs';

interface Manifest {
  version: string;
  exports: Record<string, string | Record<string, string>>;
  bin: Record<string, string>;
}

const manifest: Manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

for (const [name, target] of Object.entries(manifest.exports)) {
  for (const file of typeof target === 'string' ? [target] : Object.values(target)) {
    it(`the entry point ${name} leads to a source for ${file}`, () => {
      const source = file.replace(/^\.\/dist\//, './src/').replace(/\.d\.ts$|\.js$/, '.ts');
      assert.ok(existsSync(path.join(root, source)), `${source} is missing`);
    });
  }
}

it('the command prints its version', () => {
  const command = path.join(root, manifest.bin.cajal ?? '');
  const { stdout, stderr, status } = spawnSync(process.execPath, [command, '--version'], { encoding: 'utf8' });
  assert.equal(stderr, '');
  assert.equal(stdout.trim(), manifest.version);
  assert.equal(status, 0);
});

it('the tarball holds what an installation needs and nothing else', () => {
  const options = { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' } as const;
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], options);
  const [packed]: { files: { path: string }[] }[] = Object.values(JSON.parse(stdout));
  const files = (packed?.files ?? []).map((file) => file.path);
  const documents = ['README.md', 'CHANGELOG.md', 'LICENSE', 'package.json'];
  for (const file of [...documents, 'bin/cajal.mjs', 'native/install.mjs', 'native/binding.gyp']) {
    assert.ok(files.includes(file), `${file} is not in the tarball`);
  }
  const allowed = /^(bin|dist|native\/(?!build\/)|build\/wasm\/[^/]+\.wasm$)/;
  const strays = files.filter((file) => !documents.includes(file) && !allowed.test(file));
  assert.deepEqual(strays, []);
  assert.deepEqual(
    files.filter((file) => file.endsWith('.tsbuildinfo')),
    [],
  );
});
