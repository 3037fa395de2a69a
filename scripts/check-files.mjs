/** Checks the size, the name and the first line of every source file. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isMain, listFiles, report, root } from './project.mjs';

/** The most lines of a file, by the end of its name. */
const caps = new Map([
  ['.ts', 400],
  ['.mjs', 400],
  ['.py', 400],
  ['.cc', 500],
  ['.h', 500],
]);

/**
 * Files that may be longer for now, with their length. The list only shrinks: a file that got shorter lowers its number
 * here, and leaves the list when it is below the cap.
 * @type {Map<string, number>}
 */
const exceptions = new Map();

/** Names that say nothing of what is inside. */
const emptyNames = /(^|-)(utils?|helpers?|common|misc|types|base|manager)$/;

/**
 * What is wrong with a file, one line each.
 * @param {string} file
 * @param {string} text
 * @param {Map<string, number>} [longer]
 */
export function findFileProblems(file, text, longer = exceptions) {
  const problems = [];
  const cap = caps.get(path.extname(file));
  if (cap === undefined) return [];

  const lines = text.split('\n').length - 1;
  const allowed = longer.get(file);
  if (allowed === undefined && lines > cap) problems.push(`${file}: ${lines} lines, at most ${cap}. Split it.`);
  if (allowed !== undefined && lines > allowed) problems.push(`${file}: grew from ${allowed} to ${lines} lines.`);
  if (allowed !== undefined && lines < allowed) {
    const advice = lines > cap ? `lower its exception to ${lines}` : 'remove its exception';
    problems.push(`${file}: shrank from ${allowed} to ${lines} lines; ${advice}.`);
  }

  for (const part of file.replace(/(\.test)?\.\w+$/, '').split('/')) {
    if (emptyNames.test(part)) problems.push(`${file}: "${part}" does not say what is inside.`);
  }

  const opening = path.extname(file) === '.py' ? /^("""|#)/ : /^(\/\*|\/\/)/;
  if (!opening.test(text.replace(/^#!.*\n/, ''))) problems.push(`${file}: does not begin by saying what it is.`);
  return problems;
}

/** @returns {string[]} */
export function checkFiles() {
  const files = listFiles();
  const gone = [...exceptions.keys()].filter((file) => !files.includes(file));
  return [
    ...files.flatMap((file) =>
      caps.has(path.extname(file)) ? findFileProblems(file, readFileSync(path.join(root, file), 'utf8')) : [],
    ),
    ...gone.map((file) => `${file}: has an exception but is gone.`),
  ];
}

if (isMain(import.meta.url)) report('files are short, named for what they hold and say what they are', checkFiles());
