/** Protects what a page gets: nothing that needs Node, and little of it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { layers } from '../../scripts/layers.mjs';
import { bundlePage, packageFolder } from './bundle.ts';

/** Everything that `cajal` exports, minified and gzipped, WebAssembly aside and what is loaded only to draw a model: all of Keras's
 * layers, losses, metrics, optimizers and callbacks. Raise it on purpose alone. */
const budgetKilobytes = 95;

/** The package that lays out drawings of models, in a part that a page loads when it draws one. */
const drawing = 'node_modules/@dagrejs/dagre/';

it('everything that the package exports is small', async (context) => {
  const { files } = await bundlePage({ code: "export * from 'cajal';" });
  const loaded = [...files].filter(([name]) => !name.startsWith('dagre')).map(([, file]) => file);
  assert.equal(loaded.length, files.size - 1, 'drawing is a part of its own');
  const kilobytes = loaded.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0) / 1000;
  const wasm = readFileSync(path.join(packageFolder, 'build', 'wasm', 'cajal-threads.wasm'));
  const wasmKilobytes = gzipSync(wasm, { level: 9 }).length / 1000;
  context.diagnostic(
    `a page loads ${kilobytes.toFixed(1)} kB of at most ${budgetKilobytes} kB, and ${wasmKilobytes.toFixed(1)} kB of WebAssembly (gzip)`,
  );
  assert.ok(kilobytes > 10, 'the whole package is in the bundle');
  assert.ok(kilobytes <= budgetKilobytes, `${kilobytes.toFixed(1)} kB`);
});

it('nothing that needs Node goes into a page', async () => {
  const { files, sources } = await bundlePage({ code: "export * from 'cajal';", minify: false });
  const nodeOnly = layers.filter(({ isNodeOnly }) => isNodeOnly).map(({ folder }) => `dist/${folder}/`);
  assert.ok(sources.includes('dist/backends/wasm/browser/open-wasm-backend.js'));
  assert.deepEqual(
    sources.filter((source) => ![drawing, 'dist/', 'test/browser/page.ts'].some((known) => source.startsWith(known))),
    [],
  );
  assert.deepEqual(
    sources.filter((source) => nodeOnly.some((folder) => source.startsWith(folder))),
    [],
  );
  for (const [name, file] of files) assert.doesNotMatch(new TextDecoder().decode(file), /['"]node:/, name);
});
