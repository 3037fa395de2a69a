// Protects the bound on work in flight: never more than the capacity, heavy jobs alone, and nobody starves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as later } from 'node:timers/promises';
import { forEachAtOnce, Slots } from '../../../src/data/node/slots.ts';

test('jobs never take more places than there are, and start in order', async () => {
  const slots = new Slots(4);
  let taken = 0;
  let most = 0;
  const started: number[] = [];
  const weights = [1, 1, 1, 9, 1, 4, 1, 1, 1, 1, 2, 3];
  await Promise.all(
    weights.map((weight, index) =>
      slots.run(weight, async () => {
        started.push(index);
        taken += Math.min(weight, 4);
        most = Math.max(most, taken);
        await later();
        taken -= Math.min(weight, 4);
      }),
    ),
  );
  assert.equal(most, 4);
  assert.deepEqual(
    started,
    weights.map((_, index) => index),
  );
});

test('a job that fails gives its places back', async () => {
  const slots = new Slots(1);
  await assert.rejects(
    slots.run(1, async () => Promise.reject(new Error('broken'))),
    /broken/,
  );
  assert.equal(await slots.run(1, async () => 'next'), 'next');
});

test('forEachAtOnce bounds its work and stops at an error', async () => {
  let running = 0;
  let most = 0;
  const done: number[] = [];
  const work = async (item: number) => {
    most = Math.max(most, ++running);
    await later();
    running--;
    if (item === 6) throw new Error('item 6');
    done.push(item);
  };
  await forEachAtOnce([0, 1, 2, 3, 4], 2, work);
  assert.deepEqual([most, done], [2, [0, 1, 2, 3, 4]]);
  await assert.rejects(forEachAtOnce([5, 6, 7, 8, 9, 10, 11, 12], 2, work), /item 6/);
  await later();
  assert.ok(!done.includes(12));
});
