/** Protects what a page gets: nothing that needs Node, and little of it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { layers } from '../../scripts/layers.mjs';
import { bundlePage, packageFolder } from './bundle.ts';

/**
 * What pages load at most, minified and gzipped, WebAssembly aside and what is loaded only to draw a model; `page` is where
 * the page's own code would stand. Raise them on purpose alone. All of the package is all of Keras's layers, losses, metrics,
 * optimizers and callbacks, and what changes pictures at random: its layers (6.4 kB) and `imageDataGenerator` (6.1 kB). A
 * page that trains has the table of layers, since any of them may be in a saved model; one that asks for a part has that part.
 */
const pages = [
  { page: "export * from 'cajal';", kilobytes: 115 },
  { page: "export { layers, sequential } from 'cajal';", kilobytes: 84 },
  { page: "export { augment } from 'cajal';", kilobytes: 57 },
  { page: "export { imageDataGenerator } from 'cajal';", kilobytes: 41 },
  { page: "export { kFold } from 'cajal';", kilobytes: 3 },
];

/** The compiled kernels, gzipped; those that move pixels, change colours and equalize histograms are about 50 kB of it. */
const kernelKilobytes = 205;

/** The package that lays out drawings of models, in a part that a page loads when it draws one. */
const drawing = 'node_modules/@dagrejs/dagre/';

for (const { page, kilobytes: budget } of pages) {
  it(`${page} is small`, async (context) => {
    const { files, loaded } = await bundlePage({ code: page });
    const parts = loaded.filter((name) => !name.startsWith('dagre'));
    const kilobytes = parts.reduce((sum, name) => sum + gzipSync(files.get(name)!, { level: 9 }).length, 0) / 1000;
    context.diagnostic(`a page loads ${kilobytes.toFixed(1)} kB of at most ${budget} kB (gzip)`);
    assert.ok(kilobytes > 0.3, 'the package is in the bundle');
    assert.ok(kilobytes <= budget, `${kilobytes.toFixed(1)} kB`);
  });
}

it('the compiled kernels are small', (context) => {
  const wasm = readFileSync(path.join(packageFolder, 'build', 'wasm', 'cajal-threads.wasm'));
  const kilobytes = gzipSync(wasm, { level: 9 }).length / 1000;
  context.diagnostic(`${kilobytes.toFixed(1)} kB of WebAssembly of at most ${kernelKilobytes} kB (gzip)`);
  assert.ok(kilobytes <= kernelKilobytes, `${kilobytes.toFixed(1)} kB`);
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
