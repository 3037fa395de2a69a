// Protects: on compiled backends, predictions do not depend on their batch, to the bit.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../src/core/random.ts';
import { tensor } from '../../src/core/tensor.ts';
import { sequential } from '../../src/model/model.ts';
import { cnn } from '../../src/zoo/cnn.ts';
import { listTargets } from '../support/backends-under-test.ts';

const size = 34;
const random = new Random(13);
const pictures = (count: number, side: number) =>
  tensor(
    Uint8Array.from({ length: count * side * side * 3 }, () => random.integer(256)),
    [count, side, side, 3],
  );
for (const { backend, instructionSet, missing } of await listTargets()) {
  const here = { skip: missing ?? false };
  const options = { backend, instructionSet };

  test(`${backend} ${instructionSet}: a picture's prediction does not depend on its batch`, here, async () => {
    const model = sequential(
      cnn({ inputShape: [size, size, 3], classes: 4, filters: [8, 16, 16], units: 48 }),
      options,
    );
    const x = pictures(37, size);
    const expected = await model.predict(x, { batchSize: 37 });
    for (const batchSize of [1, 2, 5, 32]) assert.deepEqual(await model.predict(x, { batchSize }), expected);
  });
}
