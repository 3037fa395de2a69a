/** Protects the rules of `npm run check`: each finds what it is there to find, and leaves what is right alone. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findUntested, fixedTexts, messagesOf } from '../../scripts/check-errors.mjs';
import { findFileProblems } from '../../scripts/check-files.mjs';
import { anchorsOf, linksOf } from '../../scripts/check-links.mjs';
import { findMachineTraces } from '../../scripts/check-portable.mjs';

const opening = '/** What it is. */\n';

describe('check-files', () => {
  it('counts lines, each kind of file against its own cap', () => {
    const body = opening + 'let a = 1;\n'.repeat(399);
    assert.deepEqual(findFileProblems('src/core/a.ts', body), []);
    assert.match(findFileProblems('src/core/a.ts', `${body}\n`)[0] ?? '', /401 lines, at most 400/);
    assert.deepEqual(findFileProblems('native/a.cc', `${body}\n`), []);
  });

  it('lets exceptions shrink only', () => {
    const body = opening + 'let a = 1;\n'.repeat(449);
    const withLimit = (limit: number): string[] => findFileProblems('a.ts', body, new Map([['a.ts', limit]]));
    assert.deepEqual(withLimit(450), []);
    assert.match(withLimit(440)[0] ?? '', /grew from 440 to 450/);
    assert.match(withLimit(460)[0] ?? '', /lower its exception to 450/);
    assert.match(findFileProblems('a.ts', opening, new Map([['a.ts', 450]]))[0] ?? '', /remove its exception/);
  });

  it('refuses names that say nothing and files that do not say what they are', () => {
    assert.match(findFileProblems('src/utils/a.ts', opening)[0] ?? '', /"utils" does not say/);
    assert.match(findFileProblems('src/core/shape-helpers.ts', opening)[0] ?? '', /"shape-helpers" does not say/);
    assert.match(findFileProblems('src/core/a.ts', 'let a = 1;\n')[0] ?? '', /does not begin by saying/);
    assert.deepEqual(findFileProblems('src/core/types-of-cells.ts', opening), []);
  });
});

describe('check-links', () => {
  it('reads links, pictures and HTML, and skips code and other places', () => {
    const text =
      '[a](b.md#c) ![p](p.png) <img src="q.png"> `[no](no.md)` [web](https://example.org)\n```\n[no](no.md)\n```\n';
    assert.deepEqual(linksOf(text), ['b.md#c', 'p.png', 'q.png']);
  });

  it('makes anchors as GitHub does', () => {
    const anchors = anchorsOf('# The `run` folder, in short\n## Año 2\n## Año 2\n');
    assert.deepEqual([...anchors], ['the-run-folder-in-short', 'año-2', 'año-2-1']);
  });
});

describe('check-portable', () => {
  it('finds folders, hosts and words of one machine', () => {
    const slash = '/';
    assert.match(findMachineTraces('a.md', `x\nsee ${slash}root${slash}a`)[0] ?? '', /a\.md:2/);
    assert.equal(findMachineTraces('a.md', `http:/${slash}10.0.0.7/npm`).length, 1);
    assert.equal(findMachineTraces('a.md', 'built on hal9000', ['hal9000']).length, 1);
    assert.equal(findMachineTraces('package-lock.json', '"resolved": "x"', []).length, 1);
    assert.deepEqual(findMachineTraces('a.md', 'https://example.org/work/a http://localhost:8080', []), []);
  });
});

describe('check-errors', () => {
  it('reads the fixed parts of a message', () => {
    const code = '`$' + '{where}: no $' + '{names.map((n) => `"$' + "{n}\"`).join(', ')} here.` + ' Try it\\'s twin.'";
    assert.deepEqual(fixedTexts(code), [': no ', '"', '"', ', ', ' here.', " Try it's twin."]);
  });

  it('finds messages that no test meets, by words of their own', () => {
    const source =
      "throw new OptionError('fit: expected a whole number of epochs');\nthrow new Error(`fit: expected a whole day`);";
    const messages = messagesOf('a.ts', source);
    assert.equal(findUntested(messages, '').length, 2);
    assert.equal(findUntested(messages, 'expected a whole').length, 2);
    const untested = findUntested(messages, '/whole number\nof epochs/');
    assert.equal(untested.length, 1);
    assert.match(untested[0] ?? '', /a\.ts:2: no test meets/);
  });
});
