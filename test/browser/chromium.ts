/** Finds a Chromium on this machine and starts it. None is ever downloaded. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** The browser's path: CAJAL_CHROMIUM, or the first of the usual names in PATH. */
export function findChromium(): string | undefined {
  const named = process.env['CAJAL_CHROMIUM'];
  if (named) return named;
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find((file) => existsSync(file));
}

/** False, or why the tests that need a browser are left out. */
export const whyNoChromium: string | false =
  findChromium() === undefined && `no browser: ${names.join(', ')} not in PATH, CAJAL_CHROMIUM not set`;

/** The name under which the server is reached as a site that is neither local nor HTTPS. */
export const insecureHost = 'pages.test';

/** Starts the browser without a window. It ends with `close()`, and with this process at the latest. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium()!,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--host-resolver-rules=MAP ${insecureHost} 127.0.0.1`,
    ],
  });
}
