/** Builds build/wasm/cajal-threads.wasm, for shared memory and threads, and build/wasm/cajal.wasm, for pages that may
 * not share memory, with the compiler that @yowasp/clang carries. Does nothing where both were built from the same
 * sources with the same flags, so it can be called each time. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { kernelFlags, kernelSources, runtimeSources } from '../source-lists.mjs';

const native = fileURLToPath(new URL('..', import.meta.url));
const output = path.join(native, '..', 'build', 'wasm');
const stampFile = path.join(output, 'stamp.txt');
const folders = ['include', 'kernels', 'runtime', 'simd', 'wasm'];

const sources = [...kernelSources, ...runtimeSources, 'wasm/exports.cc'];
const maxMemoryBytes = 2 ** 32;
const shared = [
  'clang++',
  '--target=wasm32',
  '-I.',
  ...kernelFlags,
  '-DCAJAL_ISA=simd128',
  '-msimd128',
  '-mbulk-memory',
  '-nostdinc++',
  '-nostdlib',
  '-Wl,--no-entry',
  '-Wl,--import-memory',
  `-Wl,--max-memory=${maxMemoryBytes}`,
  '-Wl,-z,stack-size=1048576',
  '-Wl,--export=__stack_pointer',
  '-Wl,--export=__heap_base',
  '-Wl,--strip-all',
  ...sources,
];
/** @type {[file: string, flags: string[]][]} */
const variants = [
  ['cajal-threads.wasm', ['-matomics', '-Wl,--shared-memory']],
  ['cajal.wasm', []],
];

/** All sources and headers as the tree that the compiler gets. Its file system does not know `..`, so includes of other
 * folders are written from the root, which `-I.` names. */
function readTree() {
  /** @type {Record<string, Record<string, string>>} */
  const tree = {};
  for (const folder of folders) {
    const names = readdirSync(path.join(native, folder)).filter((name) => /\.(cc|h)$/.test(name));
    const read = (/** @type {string} */ name) => readFileSync(path.join(native, folder, name), 'utf8');
    tree[folder] = Object.fromEntries(
      names.sort().map((name) => [name, read(name).replaceAll('#include "../', '#include "')]),
    );
  }
  return tree;
}

/** @param {string} stamp */
function isBuilt(stamp) {
  try {
    return (
      readFileSync(stampFile, 'utf8') === stamp && variants.every(([file]) => readFileSync(path.join(output, file)))
    );
  } catch {
    return false;
  }
}

const tree = readTree();
const settings = JSON.parse(readFileSync(path.join(native, '..', 'package.json'), 'utf8'));
const compiler = settings.devDependencies['@yowasp/clang'];
const stamp = createHash('sha256')
  .update(JSON.stringify([compiler, shared, variants, tree]))
  .digest('hex');

async function build() {
  const { Exit, runClang } = await import('@yowasp/clang');
  mkdirSync(output, { recursive: true });
  for (const [file, flags] of variants) {
    try {
      const built = await runClang([...shared, ...flags, '-o', file], tree, { fetchProgress: () => {} });
      writeFileSync(path.join(output, file), /** @type {Uint8Array} */ (built?.[file]));
    } catch (error) {
      if (!(error instanceof Exit)) throw error;
      console.error(
        `build.mjs: expected that ${file} compiles, but the compiler ended with ${error.code} (see above).`,
      );
      process.exit(1);
    }
  }
  writeFileSync(stampFile, stamp);
}

if (!isBuilt(stamp)) await build();
