/** Protects that cajal runs in a page as it does in Node: trains off the page's thread, to the same bits, isolated or not,
 * bundled or not, and says what is missing where it cannot. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as cajal from 'cajal';
import type { Browser, Page } from 'playwright-core';
import { bundlePage, packageFolder } from './bundle.ts';
import { insecureHost, startChromium, whyNoChromium } from './chromium.ts';
import { type TrainingOrder, type TrainingResult, trainDigitNetwork } from './digit-network.ts';
import { type PageServer, pageOf, servePages } from './page-server.ts';
import type { TimerReport } from './timers.ts';

/** Five batches in each epoch, the last one of 88 pictures: 20 steps. */
const order: TrainingOrder = { backend: 'wasm', examples: 600, epochs: 4 };

/** Where the server has the package's own `build/wasm`. */
const wasmUrl = '/package/build/wasm';

interface PageResult extends Omit<TrainingResult, 'numbers'> {
  readonly bytes: string;
  readonly timers: TimerReport;
}

interface Opened {
  readonly name?: string;
  readonly threads?: number;
  readonly instructionSet?: string;
  readonly binaryHash?: string;
  readonly missing?: readonly { backend: string; reason: string }[];
  readonly error?: string;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;

describe('cajal in a page', { skip: whyNoChromium }, () => {
  let server: PageServer;
  let browser: Browser;
  let expected: Omit<TrainingResult, 'stepMs'> & { hash: string; processorMs: number };

  before(async () => {
    const code = readFileSync(path.join(packageFolder, 'test', 'browser', 'page.ts'), 'utf8');
    const [bundled, unbundled, classic] = await Promise.all([
      bundlePage({ code }),
      bundlePage({ code, isWhole: false }),
      bundlePage({ code, format: 'iife' }),
    ]);
    const named = (folder: string, files: ReadonlyMap<string, Uint8Array>) =>
      [...files].map(([name, content]) => [`${folder}/${name}`, content] as const);
    server = await servePages(
      new Map<string, string | Uint8Array>([
        ...named('bundled', bundled.files),
        ['bundled/index.html', pageOf('page.js')],
        ...named('unbundled', unbundled.files),
        ['unbundled/index.html', pageOf('page.js', 'unbundled')],
        ...named('classic', classic.files),
        ['classic/index.html', pageOf('page.js', 'script')],
        ['page-instead/cajal.wasm', pageOf('page.js')],
        ['damaged/cajal.wasm', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 77)],
      ]),
    );
    browser = await startChromium();
    const earlier = process.cpuUsage();
    const { numbers, ...rest } = await trainDigitNetwork(cajal, { ...order, threads: 1 });
    const { user, system } = process.cpuUsage(earlier);
    const hash = sha256(Buffer.concat(numbers.map((array) => new Uint8Array(array.buffer))));
    expected = { ...rest, numbers, hash, processorMs: (user + system) / 1000 };
  });

  after(async () => {
    await browser?.close();
    await server?.close();
  });

  /** Opens a page, does something in it and closes it; an error that nobody caught in it fails the test. */
  async function inPage<Result>(
    address: string,
    act: (page: Page) => Promise<Result>,
    host = '127.0.0.1',
  ): Promise<Result> {
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      await page.goto(`http://${host}:${server.port}/${address}/index.html`, { waitUntil: 'load' });
      await page.waitForFunction('globalThis.cajalTest !== undefined', undefined, { timeout: 20_000 });
      const result = await act(page);
      assert.deepEqual(errors, []);
      return result;
    } finally {
      await context.close();
    }
  }

  const call = async <Result>(page: Page, name: string, argument: object): Promise<Result> =>
    (await page.evaluate(`cajalTest.${name}(${JSON.stringify(argument)})`)) as Result;

  const open = (address: string, options: object, host?: string): Promise<Opened> =>
    inPage(address, (page) => call<Opened>(page, 'open', options), host);

  /** Seconds of processor time that the page's own thread has worked, whatever else the machine does. */
  async function threadTime(page: Page): Promise<() => Promise<number>> {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    return async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'TaskDuration')!.value;
    };
  }

  /** Trains in a page as Node did, and compares. Returns how free the page's thread was. */
  async function trainsAlike(address: string, options: cajal.BackendOptions, host?: string): Promise<string> {
    const act = async (page: Page) => {
      const measure = await threadTime(page);
      const earlier = await measure();
      const result = await call<PageResult>(page, 'train', { ...order, ...options });
      return { ...result, workedMs: ((await measure()) - earlier) * 1000 };
    };
    const { losses, accuracies, bytes, timers, stepMs, workedMs } = await inPage(address, act, host);
    assert.equal(losses.length, order.epochs);
    assert.deepEqual(losses, expected.losses);
    assert.deepEqual(accuracies, expected.accuracies);
    assert.equal(sha256(Buffer.from(bytes, 'base64')), expected.hash);
    const percent = ((100 * workedMs) / expected.processorMs).toFixed(0);
    assert.ok(workedMs > 1 && workedMs < 0.3 * expected.processorMs, `the page's thread did ${percent} % of the work`);
    const gaps = [timers.medianGapMs, timers.p99GapMs, timers.longestGapMs].map((ms) => ms.toFixed(0));
    return (
      `a step takes ${median(stepMs).toFixed(0)} ms; the page's thread did ${percent} % of the work; ` +
      `gaps of a timer of 4 ms: median ${gaps[0]}, p99 ${gaps[1]}, longest ${gaps[2]} ms`
    );
  }

  it('the training that is compared learns', () => {
    assert.ok(expected.losses.at(-1)! < 0.9 * expected.losses[0]!, expected.losses.join());
    assert.ok(expected.accuracies.at(-1)! > 0.2, expected.accuracies.join());
    assert.ok(expected.numbers.every((array) => array.every(Number.isFinite)));
  });

  it('trains with threads where the page is isolated', async (context) => {
    const threads = Math.max(2, os.availableParallelism());
    const binary = readFileSync(path.join(packageFolder, 'build', 'wasm', 'cajal-threads.wasm'));
    const { missing, ...opened } = await open('isolated/bundled', { wasmUrl, threads });
    assert.deepEqual(opened, { name: 'wasm', instructionSet: 'simd128', threads, binaryHash: sha256(binary) });
    assert.deepEqual(missing, []);
    context.diagnostic(`${threads} threads: ${await trainsAlike('isolated/bundled', { wasmUrl, threads })}`);
  });

  it('takes as many threads as the machine runs at once', async () => {
    assert.equal((await open('isolated/bundled', { wasmUrl })).threads, os.availableParallelism());
  });

  it('trains with one thread where the page is not isolated', async (context) => {
    const binary = readFileSync(path.join(packageFolder, 'build', 'wasm', 'cajal.wasm'));
    const { threads, binaryHash } = await open('plain/bundled', { wasmUrl });
    assert.deepEqual({ threads, binaryHash }, { threads: 1, binaryHash: sha256(binary) });
    context.diagnostic(`1 thread: ${await trainsAlike('plain/bundled', { wasmUrl })}`);
  });

  it('runs without a bundler, and finds its kernels beside its modules', async () => {
    await trainsAlike('plain/unbundled', {});
  });

  it('trains in a page without HTTPS, which has no Web Crypto', async () => {
    const opened = await open('plain/bundled', { wasmUrl }, insecureHost);
    assert.deepEqual([opened.name, opened.binaryHash], ['wasm', undefined]);
    await trainsAlike('plain/bundled', { wasmUrl }, insecureHost);
  });

  const refusals: readonly [name: string, address: string, options: object, message: RegExp][] = [
    [
      'the native backend',
      'plain/bundled',
      { backend: 'native' },
      /^BackendError: native backend: expected Node, received a page\. Use wasm there\.$/,
    ],
    [
      'kernels that are not there',
      'plain/bundled',
      {},
      /^BackendError: wasm backend: expected its kernels at http.*\/build\/wasm\/cajal\.wasm, received status 404\. Serve/,
    ],
    [
      'a server that does not answer',
      'plain/bundled',
      { wasmUrl: 'http://127.0.0.1:9' },
      /expected its kernels at http:\/\/127\.0\.0\.1:9\/cajal\.wasm, received "Failed to fetch"\. .*say by wasmUrl/,
    ],
    [
      'a page in their place',
      'plain/bundled',
      { wasmUrl: '/page-instead/' },
      /expected its kernels at \/page-instead\/cajal\.wasm, received other content \(application\/wasm\)/,
    ],
    [
      'damaged kernels',
      'plain/bundled',
      { wasmUrl: '/damaged' },
      /expected a page that compiles WebAssembly with SIMD, received "WebAssembly\.compile.*"\. Use a newer browser/,
    ],
    [
      'a policy without WebAssembly',
      'no-wasm/bundled',
      { wasmUrl },
      /^BackendError: wasm backend: expected a page that compiles WebAssembly.*Security Policy.*allow "wasm-unsafe-eval"/,
    ],
    [
      'a policy without workers from blobs',
      'no-blobs/bundled',
      { wasmUrl },
      /^BackendError: wasm backend: expected that a worker runs, received .*allow "worker-src blob:"/,
    ],
    [
      'a script that does not know where it lies',
      'plain/classic',
      {},
      /expected a module that knows its address, received a bundle without one\. Say by wasmUrl/,
    ],
    [
      'threads without isolation',
      'plain/bundled',
      { wasmUrl, threads: 2 },
      /^OptionError: wasm backend: expected 1 thread in a page that is not cross-origin isolated, received 2\. Serve it with/,
    ],
    [
      'an instruction set of other machines',
      'plain/bundled',
      { wasmUrl, instructionSet: 'avx2' },
      /expected an instruction set of WebAssembly, received "avx2"\. Choose from simd128\./,
    ],
  ];
  for (const [name, address, options, message] of refusals) {
    it(`refuses ${name}`, async () => {
      assert.match((await open(address, { backend: 'wasm', ...options })).error ?? 'no error', message);
    });
  }

  it('never falls back to the reference, which would hold up the page', async () => {
    assert.match((await open('plain/bundled', {})).error ?? 'no error', /^BackendError: wasm backend: .*status 404/);
    assert.equal((await open('plain/bundled', { backend: 'reference' })).name, 'reference');
  });
});
