/** Bundles for pages, made of the built package as its users' bundlers would. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';

/** The built package, which lies at the root of the project. */
export const packageFolder = fileURLToPath(new URL('../..', import.meta.url));

/** Files by name, and which ones went in. */
export interface Bundle {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Paths from the root of the project. */
  readonly sources: readonly string[];
  /** Names of the files that the page may load: what it imports at once, or later. */
  readonly loaded: readonly string[];
}

/** A module of a page. */
export interface PageModule {
  readonly code: string;
  /** `iife` is a script without modules, which knows no address of its own. */
  readonly format?: 'esm' | 'iife';
  readonly minify?: boolean;
  /** False leaves the import of the package as it stands, for the page to resolve. */
  readonly isWhole?: boolean;
}

/** Bundles a module as `page.js` and its parts. @throws Error where an import has no place in a page */
export async function bundlePage({ code, format = 'esm', minify = true, isWhole = true }: PageModule): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: code,
      resolveDir: path.join(packageFolder, 'test', 'browser'),
      sourcefile: 'page.ts',
      loader: 'ts',
    },
    bundle: true,
    minify,
    format,
    splitting: format === 'esm',
    platform: 'browser',
    target: 'es2022',
    external: isWhole ? [] : ['cajal'],
    absWorkingDir: packageFolder,
    outdir: 'bundle',
    entryNames: 'page',
    metafile: true,
    write: false,
    logLevel: 'error',
  });
  const files = new Map(outputFiles.map((file) => [path.basename(file.path), file.contents]));
  return { files, sources: sourcesOf(metafile), loaded: loadedBy('bundle/page.js', metafile) };
}

/** A file and all that it imports. Bundlers also write parts that nothing imports any more. */
function loadedBy(page: string, { outputs }: Metafile): string[] {
  const found = new Set([page]);
  for (const file of found) for (const { path: part } of outputs[file]?.imports ?? []) found.add(part);
  return [...found].map((file) => path.basename(file));
}

/** What `"browser"` in package.json turns off comes with this mark, and is empty. */
function sourcesOf({ inputs }: Metafile): string[] {
  return Object.keys(inputs).filter((source) => !source.startsWith('(disabled):'));
}
