// Protects the microscope's case end to end: a folder of 16-bit, four-channel TIFFs trains, evaluates and predicts from the
// command line, with the depth and the channels of the files and a scaling from the training pictures alone.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
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

test('16-bit TIFFs of four channels train, evaluate and predict', async () => {
  const folder = temporaryFolder();
  const cells = join(folder, 'cells');
  for (const [label, name] of ['edge', 'inner'].entries()) {
    mkdirSync(join(cells, name), { recursive: true });
    for (let number = 0; number < 12; number++) {
      writeFileSync(join(cells, name, `${number}.tif`), stains(label, number));
    }
  }
  const run = join(folder, 'run');
  const options = [
    '--size',
    '16',
    '--filters',
    '4',
    '--units',
    '8',
    '--epochs',
    '6',
    '--batch-size',
    '8',
    '--out',
    run,
  ];
  const trained = await runLine(['train', cells, ...options]);
  assert.equal(trained.code, 0, trained.notes);
  assert.match(
    trained.out + trained.notes,
    /Pictures are 16-bit TIFF: the network sees 4 channels of uint16 samples, scaled for each channel by percentiles/,
  );
  const description = JSON.parse(readFileSync(join(run, 'weights', 'best', 'model.json'), 'utf8')) as {
    preprocessing: Preprocessing;
  };
  const { colorMode, channels, sampleType, scaling } = description.preprocessing;
  assert.deepEqual([colorMode, channels, sampleType], ['channels', 4, 'uint16']);
  for (const channel of [0, 1, 2, 3]) {
    assert.ok(scaling!.low[channel]! >= 100 && scaling!.low[channel]! < 105, `low ${scaling!.low}`);
    assert.ok(scaling!.high[channel]! <= 230 && scaling!.high[channel]! > 130, `high ${scaling!.high}`);
  }
  const evaluated = await runLine(['evaluate', run, cells, '--json']);
  assert.equal(evaluated.code, 0, evaluated.notes);
  const predicted = await runLine(['predict', run, join(cells, 'edge', '0.tif'), join(cells, 'inner', '0.tif')]);
  assert.equal(predicted.code, 0, predicted.notes);
  assert.match(predicted.out, /0\.tif.*edge[\s\S]*0\.tif.*inner/);
});
