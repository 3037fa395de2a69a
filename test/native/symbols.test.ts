/** Protects old processors: kernels compiled for a new instruction set must not define a function that other code could
 * be linked to, so every symbol of their libraries lies in the namespace of its own set, and none comes from outside
 * but the compiler's memory functions. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const build = fileURLToPath(new URL('../../native/build/Release', import.meta.url));

/** Symbols that `nm` lists, as kind and name. */
function symbolsOf(file: string): (readonly [kind: string, name: string])[] {
  const { status, stdout, stderr } = spawnSync('nm', ['--demangle', file], { encoding: 'utf8', maxBuffer: 1 << 26 });
  assert.equal(status, 0, stderr);
  const lines = [...stdout.matchAll(/^[0-9a-f ]{16,} ([A-Za-z]) (.+)$/gm)];
  return lines.map(([, kind, name]) => [kind!, name!] as const);
}

/** Kernels may call these without including anything: compilers put them in for copies and zeros. */
const fromCompiler = new Set(['memcpy', 'memset', 'memmove', '_GLOBAL_OFFSET_TABLE_']);

describe('libraries of kernels', () => {
  const hasTools = spawnSync('nm', ['--version']).status === 0;
  const libraries = existsSync(build) ? readdirSync(build).filter((name) => /kernels_\w+\.a$/.test(name)) : [];
  const skip = !hasTools ? 'no nm' : libraries.length === 0 ? 'the addon was not built here' : false;

  it('are built for all instruction sets of this processor family', { skip }, () => {
    const expected = process.arch === 'x64' ? ['avx2', 'avx512', 'baseline'] : ['neon'];
    assert.deepEqual(libraries.map((name) => /kernels_(\w+)\.a/.exec(name)![1]).sort(), expected);
  });

  for (const library of libraries) {
    const set = /kernels_(\w+)\.a/.exec(library)![1]!;
    it(`${set}: defines symbols of its own namespace only`, { skip }, () => {
      const symbols = symbolsOf(`${build}/${library}`);
      // Also as the parameter of a template: that makes an instance this set's own.
      const own = new RegExp(`\\bcajal::${set}::`);
      // Capitals are global, but U is wanted from outside; u is global and unique.
      const foreign = symbols.filter(([kind, name]) => /[A-TV-Zu]/.test(kind) && !own.test(name));
      assert.deepEqual(foreign, []);
      assert.ok(symbols.filter(([kind]) => kind === 'T').length >= 10, 'the library has kernels');
      const wanted = symbols.filter(([kind, name]) => kind === 'U' && !own.test(name) && !fromCompiler.has(name));
      assert.deepEqual(wanted, []);
    });
  }
});
