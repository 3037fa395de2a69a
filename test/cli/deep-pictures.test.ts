// Protects the microscope's case end to end: a folder of 16-bit, four-channel TIFFs trains, evaluates and predicts from the
// command line, with the depth and the channels of the files and a scaling from the training pictures alone.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import type { Preprocessing } from '../../src/data/index.ts';
import { temporaryFolder } from '../data/node/picture-folder.ts';
import { writeTiff } from '../data/node/write-tiff.ts';
import { run as runLine } from './command-line.ts';

/** Stains of 100 to 140, with a brighter second one in one class and a brighter fourth one in the other: as bytes, all are 0. */
function stains(label: number, number: number): Buffer {
  const data = new Uint16Array(16 * 16 * 4);
  for (let at = 0; at < data.length; at++) {
    const isBright = at % 4 === (label === 0 ? 1 : 3);
    data[at] = 100 + ((at * 7 + number * 13) % 40) + (isBright ? 90 : 0);
  }
  return writeTiff({ data, height: 16, width: 16, channels: 4, compression: 'deflate' });
}

/** Class folders of such pictures. @param bright of which the class and number are, far brighter than all others */
function writeStains(root: string, count: number, bright?: readonly [label: number, number: number]): string {
  for (const [label, name] of ['edge', 'inner'].entries()) {
    mkdirSync(join(root, name), { recursive: true });
    for (let number = 0; number < count; number++) {
      const isBright = bright?.[0] === label && bright[1] === number;
      writeFileSync(join(root, name, `${number}.tif`), isBright ? brightStain : stains(label, number));
    }
  }
  return root;
}

const brightStain = writeTiff({
  data: new Uint16Array(16 * 16 * 4).fill(60_000),
  height: 16,
  width: 16,
  channels: 4,
  compression: 'deflate',
});

const options = '--size 16 --filters 4 --units 8 --batch-size 8'.split(' ');

function preprocessingOf(run: string): Preprocessing {
  const text = readFileSync(join(run, 'weights', 'best', 'model.json'), 'utf8');
  return (JSON.parse(text) as { preprocessing: Preprocessing }).preprocessing;
}

test('16-bit TIFFs of four channels train, evaluate and predict', async () => {
  const folder = temporaryFolder();
  const cells = writeStains(join(folder, 'cells'), 12);
  const run = join(folder, 'run');
  const trained = await runLine(['train', cells, ...options, '--epochs', '6', '--out', run]);
  assert.equal(trained.code, 0, trained.notes);
  const said = 'Pictures are 16-bit TIFF: the network sees 4 channels of uint16 samples.';
  assert.ok((trained.out + trained.notes).includes(said));
  assert.match(
    trained.out + trained.notes,
    /by the percentiles 0\.1 and 99\.9 of the training pictures: 10\d to 1\d\d, /,
  );
  const { colorMode, channels, sampleType, scaling } = preprocessingOf(run);
  assert.deepEqual([colorMode, channels, sampleType], ['channels', 4, 'uint16']);
  for (const channel of [0, 1, 2, 3]) {
    assert.ok(scaling!.low[channel]! >= 100 && scaling!.low[channel]! < 105, `low ${scaling!.low}`);
    assert.ok(scaling!.high[channel]! <= 230 && scaling!.high[channel]! > 130, `high ${scaling!.high}`);
  }
  await checkPage(readFileSync(join(run, 'report.html'), 'utf8'), said);
  const evaluated = await runLine(['evaluate', run, cells, '--json']);
  assert.equal(evaluated.code, 0, evaluated.notes);
  const predicted = await runLine(['predict', run, join(cells, 'edge', '0.tif'), join(cells, 'inner', '0.tif')]);
  assert.equal(predicted.code, 0, predicted.notes);
  assert.match(predicted.out, /0\.tif.*edge[\s\S]*0\.tif.*inner/);
});

/** Pictures of a page say how they are shown, and are not dark, as upper bytes of such samples would be. */
async function checkPage(page: string, said: string): Promise<void> {
  assert.ok(page.includes(said), 'the page says what was chosen');
  assert.match(page, /shown with its first three channels as red, green and blue/);
  const pictures = [...page.matchAll(/src="data:image\/\w+;base64,([^"]+)"/g)].map(([, text]) => text!);
  assert.ok(pictures.length >= 12, `${pictures.length} pictures`);
  for (const text of pictures.slice(0, 12)) {
    const { channels } = await sharp(Buffer.from(text, 'base64')).stats();
    assert.ok(channels[0]!.mean > 40 && channels[0]!.stdev > 20, JSON.stringify(channels[0]));
  }
}

test('colours, depth and percentiles are what the command line says, and are recorded', async () => {
  const folder = temporaryFolder();
  const cells = writeStains(join(folder, 'cells'), 6);
  const run = join(folder, 'run');
  const asked = '--color-mode channels --sample-type float32 --percentiles 5,95 --pixel-limit 256'.split(' ');
  const trained = await runLine(['train', cells, ...options, '--epochs', '1', '--out', run, ...asked]);
  assert.equal(trained.code, 0, trained.notes);
  const { colorMode, channels, sampleType, scaling } = preprocessingOf(run);
  assert.deepEqual([colorMode, channels, sampleType], ['channels', 4, 'float32']);
  assert.ok(scaling!.low[0]! > 100 && scaling!.high[0]! < 139, JSON.stringify(scaling));
  const recorded = JSON.parse(readFileSync(join(run, 'args.json'), 'utf8')) as Record<string, unknown>;
  const { colorMode: mode, sampleType: type, percentiles, pixelLimit } = recorded;
  assert.deepEqual([mode, type, percentiles, pixelLimit], ['channels', 'float32', [5, 95], 256]);

  const dry = await runLine(['train', cells, ...options, '--dry-run', ...asked]);
  assert.equal(dry.code, 0, dry.notes);
  assert.match(dry.out, /inputs \[8, 16, 16, 4\] float32/);

  const fails = async (words: string, expected: RegExp) => {
    const { code, notes } = await runLine([
      'train',
      cells,
      ...options,
      '--out',
      join(folder, 'no'),
      ...words.split(' '),
    ]);
    assert.notEqual(code, 0);
    assert.match(notes, expected);
  };
  await fails('--color-mode rgb', /4 channel\(s\) that are no colours|colours \(rgb\)/);
  await fails(
    '--percentiles 99,1',
    /percentiles must be two numbers of 0 to 100, the lower one first, received \[99,1\]/,
  );
  await fails('--pixel-limit 255', /16 × 16 pixels, which is over the limit of 255/);
  await fails('--sample-type int8', /unknown .*"int8"/);
});

test('each fold is scaled by its own training pictures', async () => {
  const folder = temporaryFolder();
  const cells = writeStains(join(folder, 'cells'), 6, [0, 2]);
  const run = join(folder, 'cv');
  const trained = await runLine(['train', cells, ...options, '--epochs', '1', '--cv', '3', '--out', run]);
  assert.equal(trained.code, 0, trained.notes);
  const highest = [1, 2, 3].map((fold) => {
    const text = readFileSync(join(run, `fold-${fold}`, 'split.json'), 'utf8');
    const { files } = JSON.parse(text) as { files: { path: string; subset: string }[] };
    const { subset } = files.find(({ path }) => path === 'edge/2.tif')!;
    return [subset, preprocessingOf(join(run, `fold-${fold}`)).scaling!.high[0]! > 1000];
  });
  assert.equal(highest.filter(([subset]) => subset === 'validation').length, 1);
  for (const [subset, isHigh] of highest) assert.equal(isHigh, subset === 'training');
});

test('folders to validate and to test on are scaled as the training pictures', async () => {
  const folder = temporaryFolder();
  const cells = writeStains(join(folder, 'cells'), 6);
  const others = writeStains(join(folder, 'others'), 4, [1, 1]);
  for (const option of ['--val-folder', '--test-folder']) {
    const run = join(folder, option);
    const trained = await runLine(['train', cells, ...options, '--epochs', '2', '--out', run, option, others]);
    assert.equal(trained.code, 0, trained.notes);
    assert.ok(preprocessingOf(run).scaling!.high[0]! < 1000);
    const { evaluation } = JSON.parse(readFileSync(join(run, 'report.json'), 'utf8')) as {
      evaluation: { values: { loss: number } };
    };
    // The model alone knows the scaling there.
    const evaluated = await runLine(['evaluate', run, others, '--json', '--batch-size', '8']);
    const { values } = JSON.parse(evaluated.out) as { values: { loss: number } };
    assert.equal(evaluation.values.loss, values.loss, option);
  }
});
