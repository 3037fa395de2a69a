// Protects: every lesson in examples/ runs as it stands and prints what it promises.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import sharp from 'sharp';
import { listFiles, root } from '../../scripts/project.mjs';
import { realData } from '../data/node/real-data.ts';
import { temporaryFolder } from '../runs/temporary-folder.ts';
import { checkOutput, expectedOutput, runExample } from './run-example.ts';

/** What examples import from each other. */
const shared = new Set(['data', 'draw-cells', 'plane']);

/** Lessons on real data: what they need, and arguments for a quick look. */
const onRealData: Record<string, { data: string; args?: readonly string[] }> = {
  iris: { data: 'iris/Iris.csv' },
  cats: { data: 'catvnoncat/train_catvnoncat.h5' },
  mnist: { data: 'mnist', args: ['3000', '2'] },
  cifar10: { data: 'cifar10', args: ['128', '1'] },
};

/** Lessons that draw pictures where real ones are not there: arguments for a quick look at the drawn ones. */
const onDrawn: Record<string, readonly string[]> = { cells: ['3', '1', '56'] };

const names = listFiles('examples')
  .filter((file) => file.endsWith('.ts'))
  .map((file) => path.basename(file, '.ts'))
  .filter((name) => !shared.has(name));

describe('examples', { concurrency: 2 }, () => {
  for (const name of names) {
    const { data, args = [] } = onRealData[name] ?? {};
    it(`${name} prints what it promises`, { skip: data !== undefined && realData(data).skip }, async () => {
      const drawn = onDrawn[name];
      const output = drawn ? runExample(name, drawn, { CAJAL_DATA: 'nowhere' }) : runExample(name, args);
      checkOutput(await output, expectedOutput(name));
    });
  }
});

it('a lesson whose data are not there says so', async () => {
  const output = await runExample('iris', [], { CAJAL_DATA: 'nowhere' });
  assert.match(
    output,
    /^This lesson needs iris\/Iris\.csv, and nowhere.iris.Iris\.csv is not there\. See examples\/README\.md/,
  );
});

it('classic-kernels filters a picture', async (context) => {
  const file = path.join(temporaryFolder(context), 'picture.png');
  await sharp({ create: { width: 20, height: 10, channels: 3, background: '#345' } }).toFile(file);
  await runExample('classic-kernels', [file]);
  const { width, height } = await sharp(path.join(root, 'build/examples/identity.png')).metadata();
  assert.deepEqual([width, height], [20, 10]);
});

it('every expected output belongs to an example', () => {
  for (const file of listFiles('test/examples/expected')) {
    assert.ok(existsSync(path.join(root, 'examples', `${path.basename(file, '.txt')}.ts`)), file);
  }
});

it('an output is compared with its expected one by ranges, any text and words', () => {
  checkOutput('loss  0.512 (good)\nseconds 12.3\n', 'loss  {0.5..0.6} (good)\nseconds {*}\n');
  assert.throws(
    () => checkOutput('loss 0.7', 'loss {0.5..0.6}'),
    /line 1: expected\nloss \{0.5..0.6\}\nreceived\nloss 0.7/,
  );
  assert.throws(() => checkOutput('loss 0.5x', 'loss {0.5..0.6}'), /line 1/);
  assert.throws(() => checkOutput('one', 'one\ntwo'), /line 2/);
  assert.throws(() => checkOutput('one\ntwo', 'one'), /lines after the expected ones:\ntwo/);
});
