/** Checks imports that the compiler lets pass: packages in folders that run in a browser, Node-only folders that are loaded
 * there before anyone asked for them or that a bundler would follow, and packages that are not declared. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { layers } from './layers.mjs';
import { isMain, listFiles, report, root } from './project.mjs';

/** `from 'x'`, `import 'x'` and `import('x')`; the groups are what stands before and the specifier. */
const importPattern = /(^|[\s;}])((?:import|export)\s[^'";]*?from\s*|import\s*|import\s*\(\s*)'([^']+)'/g;

/** Packages without a word of Node's, which pages may load when they need them. */
const portablePackages = new Set(['@dagrejs/dagre']);

/**
 * The folder of the table in which a file below src/ lies; undefined for src/ itself.
 * @param {string} file path from the root of the project
 */
export function layerOf(file) {
  const below = path.posix.relative('src', file);
  const owners = layers.filter(({ folder }) => below.startsWith(`${folder}/`));
  return owners.sort((a, b) => b.folder.length - a.folder.length)[0];
}

/**
 * What is wrong with the imports of a file, one line each.
 * @param {string} file path from the root of the project
 * @param {string} text
 * @param {{ dependencies: Record<string, string>, browser: Record<string, false> }} manifest package.json: the packages
 *   that users get, and the files that bundlers leave out of a page
 */
export function findImportProblems(file, text, { dependencies, browser }) {
  const problems = [];
  const layer = layerOf(file);
  const isNodeOnly = layer?.isNodeOnly ?? false;
  for (const [, , keyword = '', specifier = ''] of text.matchAll(importPattern)) {
    const isDynamic = keyword.includes('(');
    const isTypeOnly = /^(import|export)\s+type\s/.test(keyword);
    if (specifier.startsWith('.')) {
      const imported = path.posix.join(path.posix.dirname(file), specifier);
      const target = layerOf(imported);
      const isAllowed = !layer || !target || target === layer || layer.imports.includes(target.folder);
      if (!isAllowed) problems.push(`${file}: src/${layer.folder} may not import from src/${target.folder}.`);
      if (target?.isNodeOnly && !isNodeOnly && !isDynamic && !isTypeOnly) {
        problems.push(`${file}: runs in a browser, so it may load "${specifier}" by await import() alone.`);
      }
      const output = path.posix.join('dist', path.posix.relative('src', imported)).replace(/\.ts$/, '.js');
      if (target?.isNodeOnly && !isNodeOnly && isDynamic && browser[`./${output}`] !== false) {
        problems.push(`${file}: "browser" in package.json must leave out "./${output}".`);
      }
    } else if (!isNodeOnly && !(isDynamic && portablePackages.has(specifier))) {
      problems.push(`${file}: runs in a browser, so it may not import "${specifier}".`);
    } else if (!specifier.startsWith('node:')) {
      const name = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');
      if (!(name in dependencies)) problems.push(`${file}: "${name}" is not among the dependencies.`);
    }
  }
  return problems;
}

/** @returns {string[]} */
export function checkLayers() {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const files = listFiles('src').filter((file) => file.endsWith('.ts'));
  const strays = files.filter((file) => !layerOf(file) && path.posix.dirname(file) !== 'src');
  return [
    ...strays.map((file) => `${file}: its folder is not in scripts/layers.mjs.`),
    ...files.flatMap((file) => findImportProblems(file, readFileSync(path.join(root, file), 'utf8'), manifest)),
  ];
}

if (isMain(import.meta.url)) report('folders import only from folders left of them', checkLayers());
