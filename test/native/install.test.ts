/** Protects installation: it never fails for want of a compiler unless that is asked for, and it can be told to do nothing.
 * Works on a copy, so the real build stays. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const native = fileURLToPath(new URL('../../native', import.meta.url));
const nodeGyp = path.join(
  path.dirname(createRequire(import.meta.url).resolve('node-gyp/package.json')),
  'bin',
  'node-gyp.js',
);

describe('native/install.mjs', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'cajal-install-'));
  const copy = path.join(folder, 'native');
  cpSync(native, copy, { recursive: true, filter: (file) => file !== path.join(native, 'build') });
  after(() => rmSync(folder, { recursive: true }));

  const install = (env: Record<string, string>) =>
    spawnSync(process.execPath, [path.join(copy, 'install.mjs')], { encoding: 'utf8', env, timeout: 60_000 });
  const withoutTools = { PATH: folder, HOME: folder, npm_config_node_gyp: nodeGyp };

  it('does nothing where it is told so', () => {
    const { status, stdout, stderr } = install({ ...withoutTools, CAJAL_SKIP_NATIVE: '1' });
    assert.deepEqual([status, stdout, stderr], [0, '', '']);
  });

  it('succeeds without compilers, and says what to do', () => {
    const { status, stderr } = install(withoutTools);
    assert.equal(status, 0);
    assert.match(stderr, /^cajal: the native addon was not built: .*\n(.*\n){0,3}cajal: everything works without it/);
    assert.match(stderr, /install g\+\+, make and python3, then run `npm rebuild cajal`/);
  });

  it('fails without compilers where the addon is required', () => {
    assert.equal(install({ ...withoutTools, CAJAL_REQUIRE_NATIVE: '1' }).status, 1);
  });
});
