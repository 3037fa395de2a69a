/** Protects that augmentation in a page gives what Node's WebAssembly gives, to the bit: each picture draws the same numbers,
 * and the same kernels change it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as cajal from 'cajal';
import type { Browser } from 'playwright-core';
import { augmentWaves } from './augmented-waves.ts';
import { bundlePage } from './bundle.ts';
import { startChromium, whyNoChromium } from './chromium.ts';
import { type PageServer, pageOf, servePages } from './page-server.ts';

const code = `import * as cajal from 'cajal';
import { augmentWaves } from './augmented-waves.ts';
globalThis.cajalTest = { augment: (options) => augmentWaves(cajal, options) };`;

describe('augmentation in a page', { skip: whyNoChromium }, () => {
  let server: PageServer;
  let browser: Browser;

  before(async () => {
    const { files } = await bundlePage({ code });
    const named = [...files].map(([name, content]) => [`augmentation/${name}`, content] as const);
    const page = ['augmentation/index.html', pageOf('page.js')] as const;
    server = await servePages(new Map<string, string | Uint8Array>([...named, page]));
    browser = await startChromium();
  });

  after(async () => {
    await browser?.close();
    await server?.close();
  });

  for (const way of ['isolated', 'plain']) {
    it(`gives the same bits as in Node (${way})`, async () => {
      const expected = await augmentWaves(cajal, { backend: 'wasm', threads: 1 });
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${server.port}/${way}/augmentation/index.html`, { waitUntil: 'load' });
      await page.waitForFunction('globalThis.cajalTest !== undefined', undefined, { timeout: 20_000 });
      const options = { backend: 'wasm', wasmUrl: '/package/build/wasm' };
      const received = await page.evaluate(`cajalTest.augment(${JSON.stringify(options)})`);
      await page.close();
      assert.deepEqual(Object.keys(expected), ['layers', 'randAugment', 'mixUp', 'cutMix', 'generator']);
      assert.deepEqual(received, expected);
    });
  }
});
