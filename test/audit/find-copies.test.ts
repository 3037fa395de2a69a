/** Protects the search for copies: turned, mirrored, sheared and shifted pictures are found, different ones are not joined. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describePicture, findCopies } from '../../src/audit/index.ts';
import { adjustedRandIndex, changedCopy, groupNumbers, numbersFrom, smear, turned } from './changed-copies.ts';

const sources = 24;
const copiesOfEach = 4;

test('changed copies are found, and pictures of other sources are not joined', async () => {
  const random = numbersFrom(3);
  const pictures = [];
  const truth: number[] = [];
  for (let copy = 0; copy < copiesOfEach; copy++) {
    for (let source = 0; source < sources; source++) {
      const picture = smear(source);
      pictures.push(describePicture(copy === 0 ? picture : changedCopy(picture, random)));
      truth.push(source);
    }
  }
  let last = 0;
  const found = await findCopies(pictures, { onProgress: (done, total) => (last = done / total) });
  const agreement = adjustedRandIndex(truth, groupNumbers(found.groups, pictures.length));
  assert.ok(agreement > 0.95, `adjusted Rand index ${agreement}`);
  for (const group of found.groups) assert.equal(new Set(group.map((member) => truth[member])).size, 1);
  assert.ok(found.confidence > 0.9, `confidence ${found.confidence}`);
  assert.equal(last, 1);
  const again = await findCopies(pictures);
  assert.deepEqual(again.groups, found.groups);
});

test('different pictures of one slide are no copies', async () => {
  const pictures = Array.from({ length: 40 }, (_, index) => describePicture(smear(7 * index)));
  assert.deepEqual((await findCopies(pictures)).groups, []);
});

test('flips and quarter turns of pictures without any detail are found by their hashes', async () => {
  const random = numbersFrom(8);
  const waves = Array.from({ length: 6 }, () => {
    const parts = Array.from({ length: 4 }, () => [random() * 3, random() * 3, random() * 6, random()] as const);
    const data = Uint8Array.from({ length: 128 * 128 * 3 }, (_, at) => {
      const x = Math.floor(at / 3) % 128;
      const y = Math.floor(at / 3 / 128);
      const wave = (u: number, v: number, phase: number) => Math.sin((u * x + v * y) / 30 + phase);
      return 120 + 25 * parts.reduce((sum, [u, v, phase, size]) => sum + size * wave(u, v, phase), 0);
    });
    return { data, height: 128, width: 128 };
  });
  const pictures = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((form) => waves.map((wave) => describePicture(turned(wave, form))));
  const { groups } = await findCopies(pictures);
  assert.deepEqual(
    groups.map((group) => group.map((member) => member % 6)),
    [0, 1, 2, 3, 4, 5].map((source) => new Array(8).fill(source)),
  );
});

test('a signal stops the search', async () => {
  const controller = new AbortController();
  controller.abort();
  const pictures = [describePicture(smear(1)), describePicture(smear(2))];
  await assert.rejects(
    findCopies(pictures, { signal: controller.signal }),
    /findCopies: stopped by the signal that was given/,
  );
});
