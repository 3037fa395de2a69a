// Protects the memory of decoded pictures: what is kept comes back unchanged from any block, and the budget holds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultCacheBytes, PictureCache } from '../../../src/data/node/picture-cache.ts';

test('pictures of several blocks come back, and no more than the budget are kept', () => {
  const pictureBytes = 12 * 2 ** 20;
  const cache = new PictureCache(pictureBytes, 5.5 * pictureBytes);
  assert.deepEqual([cache.capacity, cache.usedBytes], [5, 0]);
  for (let index = 0; index < 7; index++) {
    const pixels = new Uint8Array(pictureBytes);
    pixels[0] = index + 1;
    pixels[pictureBytes - 1] = 100 + index;
    cache.add(`${index}`, pixels);
    cache.add('0', pixels);
  }
  const kept = Array.from({ length: 7 }, (_, index) => cache.get(`${index}`));
  assert.deepEqual(
    kept.map((pixels) => pixels && [pixels.length, pixels[0], pixels[pictureBytes - 1]]),
    [...[0, 1, 2, 3, 4].map((index) => [pictureBytes, index + 1, 100 + index]), undefined, undefined],
  );
  assert.deepEqual([cache.size, cache.usedBytes <= 5.5 * pictureBytes], [5, true]);
  cache.clear();
  assert.deepEqual([cache.size, cache.usedBytes, cache.get('0')], [0, 0, undefined]);
});

test('nothing is kept where nothing fits', () => {
  const cache = new PictureCache(10, 9);
  cache.add('a', new Uint8Array(10));
  assert.deepEqual([cache.capacity, cache.size], [0, 0]);
});

test('the default budget is at most 2 GiB, and more than nothing', () => {
  assert.ok(defaultCacheBytes() > 0 && defaultCacheBytes() <= 2 * 2 ** 30);
});
