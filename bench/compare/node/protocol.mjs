/** What all Node contestants share: the workload from the command line and its numbers, which are those of protocol.py.
 * `node CONTESTANT.mjs WORKLOAD THREADS VARIANT [FOLDER [FILE]]`; FOLDER holds the peers' packages. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const table = JSON.parse(readFileSync(new URL('../workloads.json', import.meta.url), 'utf8'));
const [name = '', threadCount = '2', givenVariant = '', folder = '.', givenFile = ''] = process.argv.slice(2);

export const workload = table.workloads[name];
export const network = table.networks[workload.network];
export const threads = Number(threadCount);
export const variant = givenVariant;
export const file = givenFile;

/** Examples in the inputs: a batch, or all that a fit goes through. @type {number} */
export const examples = workload.examples ?? workload.batch;

/** Where the peers' packages are. */
export const packages = path.join(folder, 'node_modules');

/** A package of the peers' folder. @param {string} specifier */
export function load(specifier) {
  const found = createRequire(pathToFileURL(path.join(path.resolve(folder), 'package.json'))).resolve(specifier);
  return import(pathToFileURL(found).href);
}

/** The version of a package of the peers' folder. @param {string} specifier */
export function versionOf(specifier) {
  return JSON.parse(readFileSync(path.join(packages, specifier, 'package.json'), 'utf8')).version;
}

/** Inputs `[examples, …]` as bytes, each a hash of its place. The second half repeats the first. */
export function inputBytes() {
  const size = network.input.reduce(
    (/** @type {number} */ product, /** @type {number} */ length) => product * length,
    1,
  );
  const distinct = Math.max(1, examples >> 1);
  const bytes = new Uint8Array(examples * size);
  for (let place = 0; place < bytes.length; place++) {
    let hash = Math.imul(place % (distinct * size), 0x9e3779b1);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x85ebca77);
    hash ^= hash >>> 13;
    bytes[place] = hash >>> 24;
  }
  return bytes;
}

/** The same inputs in 0…1. */
export function inputs() {
  return Float32Array.from(inputBytes(), (byte) => byte / 255);
}

/** Class numbers. Equal examples differ in them, so that no gradient fades away however long a contestant is timed. */
export function labels() {
  const second = examples >> 1;
  return Int32Array.from({ length: examples }, (_, place) => (place + (place >= second ? 1 : 0)) % workload.classes);
}

/** The class numbers as rows `[examples, classes]`. */
export function oneHot() {
  const rows = new Float32Array(examples * workload.classes);
  labels().forEach((label, place) => {
    rows[place * workload.classes + label] = 1;
  });
  return rows;
}
