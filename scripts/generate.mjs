/** `npm run generate`: runs every scripts/generate-*.mjs, which write the files that are derived from others. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { root, run } from './project.mjs';

const generators = readdirSync(path.join(root, 'scripts')).filter((name) => /^generate-.*\.(mjs|ts)$/.test(name));
for (const name of generators.sort()) {
  console.log(`     ${name}`);
  run(process.execPath, ['--import', 'tsx', path.join('scripts', name)]);
}
