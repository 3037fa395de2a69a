/** The version of this package, as its package.json says. */
import { readFileSync } from 'node:fs';

let known: string | undefined;

/** As `0.1.0`. */
export function cajalVersion(): string {
  // The same number of folders up from src/runs/jobs and from dist/runs/jobs.
  known ??= (JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string })
    .version;
  return known;
}
