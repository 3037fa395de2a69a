// Protects the process from pictures: three hundred damaged files of all formats are read without a crash or a hang.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDamaged } from './damaged-pictures.ts';

test('300 damaged files give a raster or one message each', async () => {
  const read = await readDamaged(300, 1);
  assert.ok(read > 10 && read < 290, `${read} of 300 were read`);
});
