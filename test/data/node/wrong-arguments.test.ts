// Protects whoever gives a reader something that is no path or no list of names, as a variable that nobody filled.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imageDataGenerator } from '../../../src/augmentation/image-data-generator.ts';
import { readHdf5 } from '../../../src/data/node/arrays/read-hdf5.ts';
import { readIdx } from '../../../src/data/node/arrays/read-idx.ts';
import { readNpz } from '../../../src/data/node/arrays/read-npy.ts';
import { flowFromDirectory } from '../../../src/data/node/flow-from-directory.ts';
import { folder } from '../../../src/data/node/folder.ts';
import { fromCsv } from '../../../src/data/node/from-csv.ts';
import { imageDatasetFromDirectory } from '../../../src/data/node/image-dataset-from-directory.ts';
import { twoClasses } from './picture-folder.ts';

test('what is no path is refused in words', async () => {
  for (const wrong of [undefined, null, 3, {}] as unknown as string[]) {
    await assert.rejects(folder(wrong, { size: 4 }), /^OptionError: scanFolder: folder must be a text, received/);
    await assert.rejects(fromCsv(wrong, { size: 4 }), /^OptionError: scanCsv: path must be a text, received/);
    await assert.rejects(imageDatasetFromDirectory(wrong), /imageDatasetFromDirectory: directory must be a text/);
    await assert.rejects(flowFromDirectory(wrong), /flowFromDirectory: directory must be a text/);
    await assert.rejects(readIdx(wrong), /^OptionError: readIdx: expected the path of a file, or its bytes, received/);
    await assert.rejects(readHdf5(wrong, 'x'), /^OptionError: readHdf5: expected the path of a file, or its bytes/);
    await assert.rejects(readNpz(wrong), /^OptionError: readNpz: expected the path of a file, or its bytes/);
  }
});

test('classes that are no list, and a shuffle that is no switch, are refused', async () => {
  const pictures = await twoClasses();
  for (const wrong of ['cats', 3, {}, [1]] as unknown as string[][]) {
    await assert.rejects(flowFromDirectory(pictures, { classes: wrong }), /classes must be a list of texts, received/);
    await assert.rejects(
      imageDatasetFromDirectory(pictures, { classNames: wrong }),
      /classNames must be a list of texts, received/,
    );
  }
  await assert.rejects(
    flowFromDirectory(pictures, { shuffle: 'no' as unknown as boolean }),
    /shuffle must be true or false, received "no"/,
  );
});

test('a brightness range that is no pair is refused, whatever it is', () => {
  for (const wrong of [Number.NaN, 0, '', false] as unknown as [number, number][]) {
    assert.throws(() => imageDataGenerator({ brightnessRange: wrong }), /brightnessRange/);
  }
});
