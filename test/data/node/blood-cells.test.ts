// Protects the reading of the real blood-cell set: 9,957 JPEGs, split by the first number of their names. That makes 277 groups,
// as many as there are source pictures; the pictures themselves show that it does not name the sources (docs/results).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPictures } from '../../../src/data/node/open-pictures.ts';
import { scanFolder } from '../../../src/data/node/scan-folder.ts';
import { countByClass } from '../../../src/data/picture-file.ts';
import { createPreprocessing } from '../../../src/data/pictures/preprocessing.ts';
import { splitByGroup } from '../../../src/data/splits/split.ts';
import { realData } from './real-data.ts';

const data = realData('blood-cells/TRAIN');

test('the names of the blood cells make 277 groups, of which a fifth is held out', data, async () => {
  const { files, classNames, skipped } = await scanFolder(data.path);
  assert.deepEqual(classNames, ['EOSINOPHIL', 'LYMPHOCYTE', 'MONOCYTE', 'NEUTROPHIL']);
  const counts = countByClass(files, 4);
  assert.deepEqual([counts, skipped], [[2497, 2483, 2478, 2499], []]);
  const { training, validation, groups, warnings } = splitByGroup(files, classNames, '^_(\\d+)_', {
    fraction: 0.2,
    seed: 7,
  });
  const groupsOf = (label: number) =>
    new Set(files.filter((file) => file.label === label).map(({ path }) => groups!.get(path))).size;
  assert.deepEqual([0, 1, 2, 3].map(groupsOf), [75, 27, 16, 159]);
  const held = new Set(validation.map(({ path }) => groups!.get(path)));
  assert.ok(training.every(({ path }) => !held.has(groups!.get(path))));
  // Groups of MONOCYTE have about 155 pictures each: a share is within half a group of a fifth.
  for (const [label, count] of countByClass(validation, 4).entries())
    assert.ok(Math.abs(count - counts[label]! / 5) <= 78);
  assert.deepEqual(warnings, []);
});

test('a batch of blood cells is decoded', data, async () => {
  const listing = await scanFolder(data.path);
  const dataset = openPictures(listing, { preprocessing: createPreprocessing({ size: 150 }), seed: 1, prefetch: 0 });
  for await (const { inputs, targets } of dataset) {
    assert.deepEqual([inputs.shape, inputs.dtype, targets.shape], [[32, 150, 150, 3], 'uint8', [32, 4]]);
    const mean = Array.from(inputs.data).reduce((sum, value) => sum + value, 0) / inputs.data.length;
    assert.ok(mean > 100 && mean < 230, `${mean}`);
    break;
  }
});
