/** Serves the test's pages from this machine to this machine. A page's first folder says how it is served. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { packageFolder } from './bundle.ts';

const isolation = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
const strictPolicy = (script: string) => ({
  'content-security-policy': `default-src 'self'; script-src 'self' ${script}`,
});

/** The headers of each way of serving. */
const headersOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  isolated: isolation,
  plain: {},
  'no-blobs': strictPolicy("'wasm-unsafe-eval'"),
  'no-wasm': strictPolicy(''),
};

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
};

const importMap = '<script type="importmap">{ "imports": { "cajal": "/package/dist/index.js" } }</script>';

/** A page whose whole content is one script. */
export function pageOf(script: string, kind: 'module' | 'script' | 'unbundled' = 'module'): string {
  const tag =
    kind === 'script' ? `<script src="${script}"></script>` : `<script type="module" src="${script}"></script>`;
  return `<!doctype html><title>cajal</title><link rel="icon" href="data:,">${kind === 'unbundled' ? importMap : ''}${tag}`;
}

/** A running server. */
export interface PageServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves each file as `/WAY/NAME`, and `dist` and `build/wasm` of the built package below `/package/`.
 *
 * @param files by name, without the way of serving
 */
export async function servePages(files: ReadonlyMap<string, string | Uint8Array>): Promise<PageServer> {
  const find = async (name: string): Promise<string | Uint8Array | undefined> => {
    if (files.has(name)) return files.get(name);
    const inPackage = /^package\/((?:dist|build\/wasm)\/[\w./-]+)$/.exec(name)?.[1];
    return inPackage && !inPackage.includes('..')
      ? readFile(path.join(packageFolder, inPackage)).catch(() => undefined)
      : undefined;
  };
  const server = createServer(async ({ url = '/' }, response) => {
    const [, way = '', ...rest] = new URL(url, 'http://page').pathname.split('/');
    const name = way in headersOf ? rest.join('/') : [way, ...rest].join('/');
    const content = await find(name);
    const contentType = contentTypes[path.extname(name)] ?? 'text/plain';
    response.writeHead(content === undefined ? 404 : 200, {
      'content-type': contentType,
      'cache-control': 'no-store',
      ...headersOf[way],
    });
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
