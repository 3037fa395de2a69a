// Where real data sets lie beside the project (or under CAJAL_DATA); tests that need one are skipped where it is absent.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Options of a test that needs this data set, and its path. */
export function realData(name: string): { path: string; skip: string | false } {
  const root = process.env['CAJAL_DATA'] ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
  const path = `${root}/${name}`;
  return { path, skip: existsSync(path) ? false : `${path} is not there` };
}
