/** What is compiled and how, read from the lists that node-gyp reads, for builds without node-gyp: the WASM and the
 * programs that test kernels. All paths are from this folder. */
import { readFileSync } from 'node:fs';

/** @param {string} file */
const read = (file) => readFileSync(new URL(file, import.meta.url), 'utf8');

/** The strings between quotes. @param {string} text @returns {string[]} */
const quoted = (text) => [...text.matchAll(/'([^']*)'/g)].map(([, item]) => /** @type {string} */ (item));

/** The strings of a list in kernels.gypi. @param {string} name @returns {string[]} */
function gypList(name) {
  const list = new RegExp(`'${name}': \\[([^\\]]*)\\]`).exec(read('kernels/kernels.gypi'))?.[1];
  if (list === undefined) throw new Error(`source-lists.mjs: expected a list ${name} in kernels.gypi, received none.`);
  return quoted(list);
}

/** The files that are compiled once for each instruction set. */
export const kernelSources = gypList('kernel_sources');

/** The flags of all of them. */
export const kernelFlags = gypList('kernel_flags');

/** The files that are compiled once and need no library. */
export const runtimeSources = ['cpu_features', 'dispatch', 'peak', 'program', 'thread_pool', 'wait'].map(
  (name) => `runtime/${name}.cc`,
);

/** The flags that each instruction set of binding.gyp adds. @returns {Map<string, string[]>} */
export function instructionSetFlags() {
  const targets = read('binding.gyp').matchAll(/'CAJAL_ISA=(\w+)'\],\s*'cflags_cc': \[([^\]]*)\]/g);
  return new Map(
    [...targets].map(([, name = '', flags = '']) => [name, quoted(flags).filter((flag) => flag.startsWith('-'))]),
  );
}
