/** The table of allowed imports between the folders of src/. `npm run generate` writes one tsconfig.json per row, whose
 * references are the row, so that an import which is not in the table does not compile. */

/**
 * One folder of src/.
 * @typedef {object} Layer
 * @property {string} folder its path below src/
 * @property {boolean} isNodeOnly may import `node:*` and packages that need Node
 * @property {string[]} imports the folders it may import from
 */

/** Each folder imports only from the lines above its own; folders of one line do not know each other. */
const order = [
  ['core'],
  ['ops'],
  ['graph'],
  ['backends'],
  ['backends/native', 'backends/wasm/node'],
  ['engine'],
  ['nn', 'data'],
  ['data/node', 'data/synthetic/node'],
  ['augmentation', 'audit'],
  ['audit/node'],
  ['formats'],
  ['formats/node'],
  ['training'],
  ['model'],
  ['zoo'],
  ['tuning', 'compression', 'explain', 'comparison'],
  ['runs'],
  ['cli', 'server'],
];

/** Folders whose code needs Node; everything else runs in a browser too. */
const nodeOnly = new Set([
  'audit/node',
  'backends/native',
  'backends/wasm/node',
  'data/node',
  'data/synthetic/node',
  'formats/node',
  'runs',
  'cli',
  'server',
]);

/** @returns {Layer[]} */
function tabulate() {
  /** @type {Layer[]} */
  const table = [];
  /** @type {string[]} */
  const above = [];
  for (const line of order) {
    for (const folder of line) {
      const imports = above.filter((other) => !folder.startsWith('data/') || other !== 'nn');
      table.push({ folder, isNodeOnly: nodeOnly.has(folder), imports });
    }
    above.push(...line);
  }
  return table;
}

/** All folders, from the one that imports nothing to the ones that may import everything. */
export const layers = tabulate();
