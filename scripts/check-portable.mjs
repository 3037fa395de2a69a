/** Checks that no file names the machine that it was written on: its folders, its host, its package registry. */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isMain, listFiles, report, root } from './project.mjs';

const textFile =
  /(^|\/)(\.[a-z-]+|LICENSE|run)$|\.(ts|mjs|js|json|md|yml|yaml|cc|h|gyp|gypi|py|sh|html|css|svg|csv|txt)$/;

/** Absolute paths of people's machines; the lookbehind spares addresses such as https://example.org/work/x. */
const machinePath = /(?<![\w.:/-])\/(?:work|tmp|root|home|Users|var\/folders|mnt|workspace)\/|\b[A-Z]:\\Users\\/;

/** Addresses that only one network knows. */
const privateHost =
  /https?:\/\/(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|[\w-]+:\d|[\w.-]+\.(?:local|internal|lan|corp|intranet)\b)/;

/** Hosts that machines use for themselves. */
const ownHost = /https?:\/\/localhost\b/;

/** What this very machine would leave behind: where the project lies, whose home it is in, its name where that is not a
 * common word, and a registry that is not the public one. */
function machineWords() {
  const registry = process.env.npm_config_registry ?? '';
  const hosts = URL.canParse(registry) ? [new URL(registry).hostname] : [];
  const folders = [path.resolve(root), os.homedir()].filter((folder) => folder.split(path.sep).length > 2);
  const names = [os.hostname()].filter((name) => name.length >= 8 && /\d/.test(name));
  return [...folders, ...names, ...hosts.filter((host) => host !== 'registry.npmjs.org')];
}

/**
 * What in a text belongs to one machine, one line each.
 * @param {string} file
 * @param {string} text
 * @param {string[]} [words]
 */
export function findMachineTraces(file, text, words = machineWords()) {
  const problems = [];
  for (const [index, line] of text.split('\n').entries()) {
    const hosts = line.replaceAll(new RegExp(ownHost, 'g'), '');
    const found =
      machinePath.exec(line)?.[0] ?? privateHost.exec(hosts)?.[0] ?? words.find((word) => line.includes(word));
    if (found !== undefined) problems.push(`${file}:${index + 1}: "${found}" belongs to one machine.`);
  }
  if (file === 'package-lock.json' && text.includes('"resolved":')) {
    problems.push(`${file}: names a registry; write it again with the settings of .npmrc.`);
  }
  return problems;
}

/** @returns {string[]} */
export function checkPortable() {
  const words = machineWords();
  const files = listFiles().filter((file) => textFile.test(file) && file !== 'scripts/check-portable.mjs');
  return files.flatMap((file) => findMachineTraces(file, readFileSync(path.join(root, file), 'utf8'), words));
}

if (isMain(import.meta.url)) report('no file names the machine that it was written on', checkPortable());
