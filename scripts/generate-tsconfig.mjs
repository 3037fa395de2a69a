/** Writes src/FOLDER/tsconfig.json for every row of the table in layers.mjs, src/tsconfig.json for the public entry, and
 * tsconfig.json for all of them together. */
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
 * The settings of one folder of src/: `folder` is '' for src/ itself.
 * @param {string} folder
 * @param {string[]} imports
 * @param {{ infersExports: boolean, isNodeOnly: boolean, include: string[], exclude: string[] }} rest
 */
function folderSettings(folder, imports, { infersExports, isNodeOnly, include, exclude }) {
  const here = path.posix.join('src', folder);
  return {
    extends: relative(here, 'tsconfig.base.json'),
    compilerOptions: {
      composite: true,
      isolatedDeclarations: !infersExports,
      sourceMap: true,
      inlineSources: true,
      rootDir: '.',
      outDir: relative(here, path.posix.join('dist', folder)),
      ...(isNodeOnly ? { lib: ['ES2023'], types: ['node'] } : {}),
    },
    include,
    ...(exclude.length > 0 ? { exclude } : {}),
    references: imports.map((other) => ({ path: relative(here, path.posix.join('src', other)) })),
  };
}

for (const { folder, imports, ...kind } of layers) {
  const nested = layers.map((other) => other.folder).filter((other) => other.startsWith(`${folder}/`));
  const exclude = nested.map((other) => path.posix.relative(folder, other));
  write(`src/${folder}`, folderSettings(folder, imports, { ...kind, include: ['**/*.ts'], exclude }));
}

const library = layers.map(({ folder }) => folder).filter((folder) => !['runs', 'cli', 'server'].includes(folder));
write('src', folderSettings('', library, { infersExports: false, isNodeOnly: false, include: ['*.ts'], exclude: [] }));

const folders = [...layers.map(({ folder }) => `./src/${folder}`), './src'];
write('.', { files: [], references: folders.map((folder) => ({ path: folder })) });
runPackage('@biomejs/biome/bin/biome', ['format', '--write', '--log-level=error', ...written]);
