// Runs an example as a reader would, and compares what it prints with what is expected of it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from '../../scripts/project.mjs';

/** Runs `examples/NAME.ts`. @returns what it printed. @throws AssertionError where it failed or complained */
export async function runExample(name: string, args: readonly string[] = []): Promise<string> {
  const child = spawn(process.execPath, ['--import=tsx', `examples/${name}.ts`, ...args], { cwd: root });
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
 * Compares line by line. In what is expected, `{0.9..1}` stands for a number from 0.9 to 1, and `{*}` for any text: trained
 * numbers differ in their last digits from one instruction set to another.
 */
export function checkOutput(received: string, expected: string): void {
  const lines = received.trimEnd().split('\n');
  const templates = expected.trimEnd().split('\n');
  for (const [index, template] of templates.entries()) {
    const line = lines[index];
    assert.ok(
      line !== undefined && matches(line, template),
      `line ${index + 1}: expected\n${template}\nreceived\n${line}`,
    );
  }
  assert.equal(
    lines.length,
    templates.length,
    `lines after the expected ones:\n${lines.slice(templates.length).join('\n')}`,
  );
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
