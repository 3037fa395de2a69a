/** What `npm test` prints: one line per file as it ends, what tests print, failures in full at the end, then the closing
 * counts of node's test runner. A run has thousands of cases, so tests that pass are counted and not listed. */

import path from 'node:path';
import { inspect } from 'node:util';

/**
 * The part of an event that a report needs; `file` is missing for what concerns the whole run.
 * @typedef {object} EventData
 * @property {string} name
 * @property {number} nesting
 * @property {string} [file]
 * @property {string} message
 * @property {string | boolean} [skip]
 * @property {{ duration_ms: number, type?: string, error?: FailedTest }} details
 */

/** @typedef {Error & { failureType?: string, exitCode?: number, signal?: string }} FailedTest */

/** @param {string | undefined} file */
const shorten = (file) => (file ? path.relative(process.cwd(), file) : '');

/**
 * What went wrong, indented. A file that ended badly has no more than its exit code or signal.
 * @param {FailedTest | undefined} error
 */
function describe(error) {
  if (error?.cause instanceof Error) {
    const lines = (error.cause.stack ?? error.cause.message).split('\n');
    const telling = lines.filter((line) => !/^ +at .*(node:|node_modules)/.test(line));
    return telling.map((line) => `    ${line}`).join('\n');
  }
  const ending = error?.signal ? `, signal ${error.signal}` : error?.exitCode ? `, exit code ${error.exitCode}` : '';
  const cause = error?.cause ?? error?.message;
  return `    ${typeof cause === 'object' ? inspect(cause) : cause}${ending}`;
}

/** @param {AsyncIterable<{ type: string, data: EventData }>} events */
// biome-ignore lint/style/noDefaultExport: node's test runner takes the default export of a reporter
export default async function* report(events) {
  /** @type {string[]} */
  const failures = [];
  /** @type {string[]} */
  const closing = [];
  let current = newCounts('');

  for await (const { type, data } of events) {
    const isClosing = type === 'test:diagnostic' && data.nesting === 0 && closingLine.test(data.message);
    if (isClosing) closing.push(`# ${data.message}\n`);
    else if (type === 'test:diagnostic') yield `     ${data.message}\n`;
    if (type === 'test:stdout' || type === 'test:stderr') yield data.message;
    if (type !== 'test:pass' && type !== 'test:fail') continue;

    const file = shorten(data.file);
    if (file !== current.file) {
      yield summarize(current);
      current = newCounts(file);
    }
    count(current, type === 'test:pass', data);
    if (type === 'test:pass' || data.details.error?.failureType === 'subtestsFailed') continue;
    failures.push(`${file}: ${data.name}\n${describe(data.details.error)}\n`);
    yield `FAIL ${file}: ${data.name}\n`;
  }
  yield summarize(current);
  if (failures.length > 0) yield `\n${failures.join('\n')}`;
  yield `\n${closing.join('')}`;
}

const closingLine = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /;

/**
 * @typedef {{ file: string, passed: number, failed: number, skipped: Set<string>, durationMs: number }} Counts
 * @param {string} file
 * @returns {Counts}
 */
function newCounts(file) {
  return { file, passed: 0, failed: 0, skipped: new Set(), durationMs: 0 };
}

/**
 * @param {Counts} counts
 * @param {boolean} isPass
 * @param {EventData} data
 */
function count(counts, isPass, { nesting, skip, details }) {
  if (nesting === 0) counts.durationMs += details.duration_ms;
  if (skip !== undefined) counts.skipped.add(typeof skip === 'string' && skip !== '' ? skip : 'no reason given');
  else if (details.type !== 'suite') counts[isPass ? 'passed' : 'failed']++;
}

/** @param {Counts} counts */
function summarize({ file, passed, failed, skipped, durationMs }) {
  if (file === '') return '';
  const failing = failed === 0 ? '' : `, ${failed} failed`;
  const line = `${failed === 0 ? 'ok  ' : 'FAIL'} ${file}: ${passed} passed${failing} in ${(durationMs / 1000).toFixed(1)} s\n`;
  return line + [...skipped].map((reason) => `     skipped: ${reason}\n`).join('');
}
