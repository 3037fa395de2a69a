/** Checks that every error message of src/ is met by a test: three words in a row of its fixed text stand in a test, words
 * that no other message has where there are such. It reads texts, not code: a message that is built elsewhere and passed on
 * as a variable is looked for where it is built. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isMain, listFiles, report, root } from './project.mjs';

/**
 * The fixed parts of the strings in a piece of code, without what is filled in.
 * @param {string} code
 * @returns {string[]}
 */
export function fixedTexts(code) {
  const parts = [];
  let position = 0;
  while (position < code.length) {
    const quote = code[position];
    if (quote !== "'" && quote !== '"' && quote !== '`') {
      position++;
      continue;
    }
    let text = '';
    for (position++; position < code.length && code[position] !== quote; position++) {
      if (code[position] === '\\') text += escaped(code[++position] ?? '');
      else if (quote === '`' && code.startsWith('${', position)) {
        const end = closingOf(code, position + 1);
        parts.push(text, ...fixedTexts(code.slice(position + 2, end)));
        text = '';
        position = end;
      } else text += code[position];
    }
    parts.push(text);
    position++;
  }
  return parts.filter((text) => text.trim() !== '');
}

/**
 * Where the bracket that opens at `start` closes; brackets inside strings count, which is right wherever they pair.
 * @param {string} code
 * @param {number} start
 */
function closingOf(code, start) {
  let depth = 0;
  for (let position = start; position < code.length; position++) {
    if ('({['.includes(code[position] ?? '')) depth++;
    if (')}]'.includes(code[position] ?? '') && --depth === 0) return position;
  }
  return code.length;
}

/**
 * What a backslash and a letter stand for, with a space for every kind of white space.
 * @param {string} letter
 */
const escaped = (letter) => ('nrt'.includes(letter) ? ' ' : letter);

/** @param {string} text */
const plain = (text) =>
  text
    .replaceAll(/\\[nrt]/g, ' ')
    .replaceAll('\\', '')
    .replaceAll(/\s+/g, ' ')
    .toLowerCase();

/**
 * Runs of three words of a message, or whole parts that are shorter.
 * @param {string[]} parts
 * @returns {string[]}
 */
function runsOf(parts) {
  return parts.flatMap((part) => {
    const words = plain(part).trim().split(' ');
    if (words.length < 3) return part.trim().length >= 6 ? [words.join(' ')] : [];
    return words.slice(2).map((_, index) => words.slice(index, index + 3).join(' '));
  });
}

/**
 * The messages that errors are made with in a source file.
 * @param {string} file
 * @param {string} text
 */
export function messagesOf(file, text) {
  return [...text.matchAll(/\bnew (?:[A-Z]\w*)?Error\(/g)].map((match) => {
    const opening = match.index + match[0].length - 1;
    const parts = fixedTexts(text.slice(opening + 1, closingOf(text, opening)));
    const line = text.slice(0, match.index).split('\n').length;
    return { place: `${file}:${line}`, parts, runs: runsOf(parts) };
  });
}

/**
 * The messages that no test meets, one line each.
 * @param {ReturnType<typeof messagesOf>} messages
 * @param {string} tests the text of all tests
 */
export function findUntested(messages, tests) {
  const text = plain(tests);
  /** @type {Map<string, number>} */
  const uses = new Map();
  for (const run of messages.flatMap(({ runs }) => [...new Set(runs)])) uses.set(run, (uses.get(run) ?? 0) + 1);
  const untested = messages.filter(({ runs }) => {
    const own = runs.filter((run) => uses.get(run) === 1);
    const telling = own.length > 0 ? own : runs;
    return telling.length > 0 && !telling.some((run) => text.includes(run));
  });
  return untested.map(({ place, parts }) => `${place}: no test meets "${parts.join('…')}".`);
}

/** @returns {string[]} */
export function checkErrors() {
  /** @param {string} file */
  const read = (file) => readFileSync(path.join(root, file), 'utf8');
  const sources = listFiles('src').filter((file) => file.endsWith('.ts'));
  const tests = listFiles('test').filter((file) => file.endsWith('.ts'));
  return findUntested(
    sources.flatMap((file) => messagesOf(file, read(file))),
    tests.map(read).join('\n'),
  );
}

if (isMain(import.meta.url)) report('every error message is met by a test', checkErrors());
