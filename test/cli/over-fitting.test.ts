// Protects that over-fitting is named where a person looks, with what to try: at the end of `train` and of `compare`.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { Random } from '../../src/core/random.ts';
import { run } from './command-line.ts';

let folder = '';
let formerFolder = '';
const at = (...parts: string[]) => path.join(folder, ...parts);

before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cajal-over-fitting-'));
  formerFolder = process.cwd();
  process.chdir(folder);
});

after(() => {
  process.chdir(formerFolder);
  rmSync(folder, { recursive: true, force: true });
});

test('over-fitting is named at the end of a training and of a comparison, with what to try', async () => {
  // Noise has nothing to learn but itself.
  const random = new Random(1, 'noise');
  for (const className of ['a', 'b']) {
    mkdirSync(at('noise', className), { recursive: true });
    for (let index = 0; index < 20; index++) {
      const pixels = Uint8Array.from({ length: 12 * 12 * 3 }, () => random.integer(256));
      const picture = sharp(pixels, { raw: { width: 12, height: 12, channels: 3 } });
      await picture.png().toFile(at('noise', className, `${index}.png`));
    }
  }
  const flags = '--size 12 --filters 8 --units 32 --dropout 0 --optimizer adam --learning-rate 0.005 --epochs 30'.split(
    ' ',
  );
  const trained = await run(['train', 'noise', ...flags, '--val', '0.4', '--quiet', '--name', 'noise']);
  assert.equal(trained.code, 0, trained.notes);
  assert.match(
    trained.out,
    /\nOver-fitting: the validation loss .* while the training loss went on falling.*From epoch \d+ on/,
  );
  assert.match(
    trained.out,
    /earlyStopping with restoreBestWeights.*--dropout.*L2.*max-norm.*augmentation.*smaller network/,
  );
  const vary = ['--vary', 'units=16,32', '--seeds', '2', '--val', '0.4', '--quiet', '--name', 'over'];
  const compared = await run(['compare', 'noise', ...flags, ...vary]);
  assert.match(
    compared.out,
    /units=32 over-fits in 2 of 2 runs, from about epoch \d+ on: .*\n.*Against it: stop at the best epoch/s,
  );
  assert.match(readFileSync(at('runs/over/comparison.html'), 'utf8'), /<h2>Over-fitting<\/h2>/);
});
