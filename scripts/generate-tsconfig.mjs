/** Writes tsconfig.json for every row of the table in layers.mjs, for the public entry in src/, for the code around src/,
 * and for all of src/ together. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { layers } from './layers.mjs';
import { root, runPackage } from './project.mjs';

/** @type {string[]} */
const written = [];

/**
 * @param {string} folder where the file goes, relative to the root of the project
 * @param {object} settings
 */
function write(folder, settings) {
  const file = path.join(root, folder, 'tsconfig.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(settings, null, 2));
  written.push(file);
}

/**
 * @param {string} from
 * @param {string} to
 */
function relative(from, to) {
  const way = path.posix.relative(from, to);
  return way.startsWith('.') ? way : `./${way}`;
}

/**
 * @param {string} here
 * @param {string[]} folders below src/
 */
function references(here, folders) {
  return folders.map((folder) => ({ path: relative(here, path.posix.join('src', folder)) }));
}

/** Node 20 has these two parts of ES2024 and not the others. */
const language = ['ES2023', 'ES2024.String', 'ES2024.SharedMemory'];
const forNode = { lib: language, types: ['node'] };
const forBrowser = { lib: [...language, 'WebWorker'], types: [] };

/**
 * Writes the settings of one folder of src/, or of src/ itself where `folder` is ''. Output keeps the layout of src/, or
 * the compiler would refuse to rewrite imports between folders (TS2878).
 * @param {string} folder
 * @param {string[]} imports
 * @param {boolean} isNodeOnly
 * @param {{ include: string[], exclude?: string[] }} files
 */
function writeLayer(folder, imports, isNodeOnly, files) {
  const here = path.posix.join('src', folder);
  write(here, {
    extends: relative(here, 'tsconfig.base.json'),
    compilerOptions: {
      composite: true,
      sourceMap: true,
      inlineSources: true,
      rootDir: '.',
      outDir: relative(here, path.posix.join('dist', folder)),
      ...(isNodeOnly ? forNode : forBrowser),
    },
    ...files,
    references: references(here, imports),
  });
}

const folders = layers.map(({ folder }) => folder);
for (const { folder, imports, isNodeOnly } of layers) {
  const nested = folders.filter((other) => other.startsWith(`${folder}/`));
  const exclude = nested.map((other) => path.posix.relative(folder, other));
  writeLayer(folder, imports, isNodeOnly, { include: ['**/*.ts'], ...(exclude.length > 0 ? { exclude } : {}) });
}

const library = folders.filter((folder) => !['runs', 'cli', 'server'].includes(folder));
writeLayer('', library, false, { include: ['*.ts'] });

/** What tsx takes `import 'cajal'` for in a clone, so that the examples run what src/ says now and not what dist/ said. */
const paths = {
  cajal: ['./src/index.ts'],
  'cajal/ops': ['./src/ops/index.ts'],
  'cajal/data/node': ['./src/data/node/index.ts'],
};
write('.', { compilerOptions: { paths }, files: [], references: [...references('.', folders), { path: './src' }] });

/** The code around src/: it runs as it stands, so it is only checked. */
const around = {
  test: ['**/*.ts'],
  bench: ['**/*.ts'],
  examples: ['**/*.ts'],
  scripts: ['**/*.mjs', '**/*.ts', '../bin/*.mjs'],
};
for (const [here, include] of Object.entries(around)) {
  write(here, {
    extends: '../tsconfig.base.json',
    compilerOptions: { noEmit: true, rewriteRelativeImportExtensions: false, allowJs: true, checkJs: true, ...forNode },
    include,
    references: [...references(here, folders), { path: '../src' }],
  });
}

runPackage('@biomejs/biome/bin/biome', ['format', '--write', '--log-level=error', ...written]);
