/** Checks imports that the compiler lets pass: packages in folders that run in a browser, Node-only folders that are loaded
 * there before anyone asked for them, and packages that are not declared. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { layers } from './layers.mjs';
import { isMain, listFiles, report, root } from './project.mjs';

/** `from 'x'`, `import 'x'` and `import('x')`; the groups are what stands before and the specifier. */
const importPattern = /(^|[\s;}])((?:import|export)\s[^'";]*?from\s*|import\s*|import\s*\(\s*)'([^']+)'/g;

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
 * @param {string[]} dependencies packages that the project declares for users
 */
export function findImportProblems(file, text, dependencies) {
  const problems = [];
  const layer = layerOf(file);
  const isNodeOnly = layer?.isNodeOnly ?? false;
  for (const [, , keyword = '', specifier = ''] of text.matchAll(importPattern)) {
    const isDynamic = keyword.includes('(');
    const isTypeOnly = /^(import|export)\s+type\s/.test(keyword);
    const target = specifier.startsWith('.')
      ? layerOf(path.posix.join(path.posix.dirname(file), specifier))
      : undefined;
    if (specifier.startsWith('.')) {
      const isAllowed = !layer || !target || target === layer || layer.imports.includes(target.folder);
      if (!isAllowed) problems.push(`${file}: src/${layer.folder} may not import from src/${target.folder}.`);
      if (target?.isNodeOnly && !isNodeOnly && !isDynamic && !isTypeOnly) {
        problems.push(`${file}: runs in a browser, so it may load "${specifier}" by await import() alone.`);
      }
    } else if (!isNodeOnly) {
      problems.push(`${file}: runs in a browser, so it may not import "${specifier}".`);
    } else if (!specifier.startsWith('node:')) {
      const name = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');
      if (!dependencies.includes(name)) problems.push(`${file}: "${name}" is not among the dependencies.`);
    }
  }
  return problems;
}

/** @returns {string[]} */
export function checkLayers() {
  const { dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const files = listFiles('src').filter((file) => file.endsWith('.ts'));
  const strays = files.filter((file) => !layerOf(file) && path.posix.dirname(file) !== 'src');
  return [
    ...strays.map((file) => `${file}: its folder is not in scripts/layers.mjs.`),
    ...files.flatMap((file) =>
      findImportProblems(file, readFileSync(path.join(root, file), 'utf8'), Object.keys(dependencies)),
    ),
  ];
}

if (isMain(import.meta.url)) report('folders import only from folders left of them', checkLayers());
