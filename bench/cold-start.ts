/** `npm run bench:cold-start`: how long new processes of the built package take: one that imports it, and one that
 * predicts one picture with the 13-layer network (`cajal predict`). Medians and extremes of ten, in milliseconds, with a
 * process that does nothing beside them. Needs dist/ (`npm run build`). */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { createPreprocessing } from '../src/data/index.ts';
import { sequential } from '../src/model/model.ts';
import { architecture } from '../src/zoo/table.ts';

const rounds = 10;
const side = 150;
const classNames = ['a', 'b', 'c', 'd'];
const dist = fileURLToPath(new URL('../dist/', import.meta.url));

if (!existsSync(path.join(dist, 'index.js'))) {
  console.error('cold-start: expected dist/index.js, received nothing. Run `npm run build` first.');
  process.exit(2);
}

/** Starts Node and waits for its end. */
function timeProcess(args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`cold-start: expected that node ${args.join(' ')} ends well, received: ${stderr}`);
  return performance.now() - start;
}

/** The same, for a script that prints milliseconds itself. */
function readTime(script: string): number {
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
  return Number(stdout);
}

function report(what: string, measure: () => number): void {
  measure(); // files into the system's cache
  const times = Array.from({ length: rounds }, measure).sort((a, b) => a - b);
  const median = (times[(rounds >> 1) - 1]! + times[rounds >> 1]!) / 2;
  const numbers = [median, times[0]!, times.at(-1)!].map((ms) => ms.toFixed(0).padStart(5));
  console.log(`${what.padEnd(50)}${numbers.join('')}`);
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'cajal-cold-start-'));
try {
  const [model, picture] = [path.join(folder, 'model'), path.join(folder, 'picture.jpg')];
  await sequential(architecture('cnn', { inputShape: [side, side, 3], classes: classNames.length })).save(model, {
    classNames,
    preprocessing: createPreprocessing({ size: side }),
  });
  await sharp({ create: { width: 320, height: 240, channels: 3, background: '#c86432' } })
    .jpeg()
    .toFile(picture);

  console.log(`${'milliseconds'.padEnd(50)} median  min  max`);
  report('node that does nothing', () => timeProcess(['--eval', '']));
  report("import 'cajal', as the process sees it", () =>
    readTime(
      `const start = performance.now(); await import(${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)}); console.log(performance.now() - start);`,
    ),
  );
  const run = `const { main } = await import(${JSON.stringify(new URL('../dist/cli/main.js', import.meta.url).href)}); process.exitCode = await main(process.argv.slice(1));`;
  report('cajal --version, whole process', () =>
    timeProcess(['--input-type=module', '--eval', run, '--', '--version']),
  );
  report('cajal predict, 13 layers, whole process', () =>
    timeProcess(['--input-type=module', '--eval', run, '--', 'predict', model, picture]),
  );
} finally {
  rmSync(folder, { recursive: true });
}
