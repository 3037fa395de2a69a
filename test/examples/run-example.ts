// Runs an example as a reader would, and compares what it prints with what is expected of it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from '../../scripts/project.mjs';

/** Runs `examples/NAME.ts`. @returns what it printed. @throws AssertionError where it failed or complained */
export async function runExample(
  name: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const child = spawn(process.execPath, ['--import=tsx', `examples/${name}.ts`, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
  });
  const [output, complaints, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  assert.equal(complaints, '', `${name} complained`);
  assert.equal(status, 0, `${name} ended with ${status}`);
  return output;
}

/** What `test/examples/expected/NAME.txt` says. */
export function expectedOutput(name: string): string {
  return readFileSync(path.join(root, 'test/examples/expected', `${name}.txt`), 'utf8');
}

/**
 * Compares line by line. In what is expected, `{0.9..1}` stands for a number from 0.9 to 1, `{*}` for any text, and a line `{**}`
 * for any lines: trained numbers differ in their last digits from one instruction set to another.
 */
export function checkOutput(received: string, expected: string): void {
  const lines = received.trimEnd().split('\n');
  const templates = expected.trimEnd().split('\n');
  let at = 0;
  for (const [index, template] of templates.entries()) {
    if (template === '{**}') continue;
    if (templates[index - 1] === '{**}') while (at < lines.length - 1 && !matches(lines[at]!, template)) at++;
    const line = lines[at++];
    const isExpected = line !== undefined && matches(line, template);
    assert.ok(isExpected, `line ${at}: expected\n${template}\nreceived\n${line}`);
  }
  const rest = templates.at(-1) === '{**}' ? [] : lines.slice(at);
  assert.deepEqual(rest, [], `lines after the expected ones:\n${rest.join('\n')}`);
}

function matches(line: string, template: string): boolean {
  const ranges: [low: number, high: number][] = [];
  const pattern = template
    .trimEnd()
    .replaceAll(/\{\*\}|\{(-?[\d.]+?)\.\.(-?[\d.]+)\}|[$()*+.?[\\\]^{|}]/g, (part, low, high) => {
      if (part === '{*}') return '.*';
      if (low === undefined) return `\\${part}`;
      ranges.push([Number(low), Number(high)]);
      return ' *(-?[\\d.]+)';
    });
  const found = new RegExp(`^${pattern}$`, 'u').exec(line.trimEnd());
  return (
    found !== null &&
    ranges.every(([low, high], index) => low <= Number(found[index + 1]) && Number(found[index + 1]) <= high)
  );
}
