// Protects the process from pictures over thousands of damaged files: no crash, no hang, and no memory that stays.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDamaged } from '../data/node/damaged-pictures.ts';

test('3,000 damaged files are read, and memory stays flat', async () => {
  await readDamaged(1_000, 2);
  const before = process.memoryUsage().rss;
  await readDamaged(2_000, 3);
  const grown = (process.memoryUsage().rss - before) / 1e6;
  assert.ok(grown < 150, `${grown} MB more`);
});
