// Protects how samples deeper than 8 bits become 0…255: NumPy's percentiles for each channel, clipping, and what a folder
// chooses from its files, from its training pictures alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folder } from '../../../src/data/node/folder.ts';
import { percentileScaling, putScaled, sampleOfPicture } from '../../../src/data/pictures/percentile-scaling.ts';
import { plain, temporaryFolder, writeFiles } from '../node/picture-folder.ts';
import { writeTiff } from '../node/write-tiff.ts';

test("low and high are NumPy's percentiles of each channel, of all pictures together", () => {
  const first = Float32Array.from({ length: 60 }, (_, at) => (at % 2 === 0 ? at / 2 : 7));
  const second = Float32Array.of(30, 7, 31, 7, 32, 7, Number.NaN, 7);
  const { low, high } = percentileScaling([first, second], 2, [10, 75]);
  // numpy.percentile(range(33), [10, 75])
  assert.ok(Math.abs(low[0]! - 3.2) < 1e-6 && high[0] === 24, `${low} ${high}`);
  assert.deepEqual([low[1], high[1]], [7, 8]);
});

test('samples are scaled by channel and clipped; without a scaling 16 bits are divided by 257', () => {
  const scaling = { low: [100, 0], high: [300, 2] };
  const record = { channels: 2, sampleType: 'float32', scaling } as const;
  const seen = new Float32Array(6);
  putScaled(Float32Array.of(200, 1, 50, 9, Number.NaN, 0), record, seen, 0);
  assert.deepEqual(Array.from(seen), [127.5, 127.5, 0, 255, 0, 0]);
  putScaled(Uint16Array.of(65535, 257), { channels: 2, sampleType: 'uint16' }, seen, 1);
  assert.deepEqual(Array.from(seen.subarray(1, 3)), [255, 1]);
  assert.equal(sampleOfPicture(new Uint16Array(200 * 200 * 3), 3, 100_000).length % 3, 0);
});

const stack = (value: number, channels = 2) =>
  writeTiff({ data: new Float32Array(8 * 8 * channels).fill(value), height: 8, width: 8, channels });

test('the scaling comes from the training pictures alone, the choice from the files', async () => {
  const training = temporaryFolder();
  const validation = temporaryFolder();
  await writeFiles(training, {
    'a/1.tif': stack(0.5),
    'a/2.tif': stack(1),
    'b/1.tif': stack(2),
    'b/rgb.png': plain(1, 2, 3).png().toBuffer(),
  });
  await writeFiles(validation, { 'a/1.tif': stack(500), 'b/1.tif': stack(-5) });
  const read = await folder(training, { size: 4, validationFolder: validation });
  const { colorMode, channels, sampleType, scaling } = read.preprocessing;
  assert.deepEqual([colorMode, channels, sampleType], ['channels', 2, 'float32']);
  assert.ok(
    scaling!.low.every((low) => low === 0.5) && scaling!.high.every((high) => high === 2),
    JSON.stringify(scaling),
  );
  assert.match(read.notes.join(), /32-bit float TIFF and .*|32-bit float TIFF/);
  assert.equal(read.training.inputType, 'float32');
  const [skipped] = read.listing.skipped;
  assert.deepEqual([skipped!.path, skipped!.reason], ['b/rgb.png', 'unsuitable']);
  assert.match(skipped!.detail!, /^3, where 2 channel\(s\) are expected/);
  for await (const { inputs } of read.validation!.epoch(0)) {
    assert.deepEqual([inputs.data[0], inputs.data.at(-1)], [255, 0]);
  }
});

test('ordinary pictures are read as before, without a word', async () => {
  const ordinary = temporaryFolder();
  await writeFiles(ordinary, {
    'a/1.png': plain(1, 2, 3).png().toBuffer(),
    'b/1.jpg': plain(1, 2, 3).jpeg().toBuffer(),
  });
  const { preprocessing, notes, training } = await folder(ordinary, { size: 4 });
  assert.deepEqual([preprocessing.colorMode, preprocessing.sampleType, notes.length], ['rgb', 'uint8', 0]);
  assert.equal(training.inputType, 'uint8');
});
