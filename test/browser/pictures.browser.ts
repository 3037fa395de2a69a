/** Protects that a page prepares pictures to the same bytes as Node where the decoded pixels are the same, and says how far
 * decoders of lossy pictures differ. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createPreprocessing, interpolations, type PreprocessingOptions, resizeFits } from 'cajal/data';
import { decodePicture } from 'cajal/data/node';
import type { Browser, Page } from 'playwright-core';
import sharp, { type Sharp } from 'sharp';
import { bundlePage } from './bundle.ts';
import { startChromium, whyNoChromium } from './chromium.ts';
import { type PageServer, pageOf, servePages } from './page-server.ts';

const code = `import { createPreprocessing, decodePicture } from 'cajal/data';
globalThis.cajalTest = {
  async prepare({ base64, options }) {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    try {
      return Array.from(await decodePicture(new Blob([bytes]), createPreprocessing(options)));
    } catch (error) {
      return String(error);
    }
  },
};`;

/** Waves with some noise, as photographs have. */
function waves(width: number, height: number, channels: 1 | 3): Sharp {
  const pixels = Uint8Array.from({ length: width * height * channels }, (_, at) => {
    const [x, y] = [Math.floor(at / channels) % width, Math.floor(at / channels / width)];
    return 128 + 80 * Math.sin(x / 9 + (at % channels)) * Math.cos(y / 7) + ((at * 7919) % 41) - 20;
  });
  return sharp(pixels, { raw: { width, height, channels } });
}

describe('pictures in a page', { skip: whyNoChromium }, () => {
  let server: PageServer;
  let browser: Browser;
  let page: Page;

  before(async () => {
    const { files } = await bundlePage({ code });
    const named = [...files].map(([name, content]) => [`pictures/${name}`, content] as const);
    server = await servePages(
      new Map<string, string | Uint8Array>([...named, ['pictures/index.html', pageOf('page.js')]]),
    );
    browser = await startChromium();
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.port}/pictures/index.html`, { waitUntil: 'load' });
    await page.waitForFunction('globalThis.cajalTest !== undefined', undefined, { timeout: 20_000 });
  });

  after(async () => {
    await browser?.close();
    await server?.close();
  });

  const inPage = async (file: Uint8Array, options: PreprocessingOptions): Promise<number[] | string> => {
    const order = JSON.stringify({ base64: Buffer.from(file).toString('base64'), options });
    return (await page.evaluate(`cajalTest.prepare(${order})`)) as number[] | string;
  };

  it('lossless pictures give the same bytes as in Node, by every fit and filter', async () => {
    const files = [
      await waves(61, 43, 3).png().toBuffer(),
      await waves(43, 61, 1).toColourspace('b-w').png().toBuffer(),
    ];
    for (const file of files) {
      for (const fit of resizeFits) {
        for (const interpolation of interpolations) {
          for (const colorMode of ['rgb', 'grayscale', 'rgba'] as const) {
            const options = { height: 24, width: 31, fit, interpolation, colorMode };
            const expected = Array.from(await decodePicture(file, createPreprocessing(options)));
            assert.deepEqual(await inPage(file, options), expected, `${fit} ${interpolation} ${colorMode}`);
          }
        }
      }
    }
  });

  it('EXIF orientation is honoured', async () => {
    const file = await waves(20, 12, 3).withMetadata({ orientation: 6 }).png().toBuffer();
    const options = { height: 20, width: 12 };
    assert.deepEqual(await inPage(file, options), Array.from(await decodePicture(file, createPreprocessing(options))));
  });

  it('decoders of lossy pictures differ little', async (context) => {
    const drawn = waves(321, 241, 3);
    const files: Record<string, Promise<Buffer>> = {
      'JPEG 95 4:4:4': drawn.clone().jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer(),
      'JPEG 75 4:2:0': drawn.clone().jpeg({ quality: 75, chromaSubsampling: '4:2:0' }).toBuffer(),
      'JPEG 75 progressive': drawn.clone().jpeg({ quality: 75, progressive: true }).toBuffer(),
      'WebP 75': drawn.clone().webp({ quality: 75 }).toBuffer(),
    };
    for (const [name, file] of Object.entries(files)) {
      const bytes = await file;
      for (const [height, width] of [
        [241, 321],
        [150, 150],
      ] as const) {
        const options = { height, width };
        const expected = await decodePicture(bytes, createPreprocessing(options));
        const seen = await inPage(bytes, options);
        assert.ok(Array.isArray(seen) && seen.length === expected.length, String(seen));
        const differences = seen.map((sample, at) => Math.abs(sample - expected[at]!));
        const most = differences.reduce((a, b) => Math.max(a, b));
        const mean = differences.reduce((a, b) => a + b) / differences.length;
        context.diagnostic(`${name} at ${height}×${width}: mean ${mean.toFixed(3)}, most ${most} of 255`);
        assert.ok(mean < 2 && most <= 32, `${name}: mean ${mean}, most ${most}`);
      }
    }
  });

  it('what is no picture is said', async () => {
    const said = await inPage(Buffer.from('words'), { size: 4 });
    assert.match(String(said), /decodeInBrowser: expected a picture, received what the browser does not decode \(/);
  });
});
