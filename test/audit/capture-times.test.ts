/** Protects bursts: which times make one, what has no usable time, and what is left aside. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBursts } from '../../src/audit/capture-times.ts';

const taken = (time: string, camera: string | null = 'Acme One') => ({
  takenAt: `2024:05:17 ${time}`,
  ...(camera !== null && { camera }),
});

test('pictures of one camera, each at most five seconds after the one before', () => {
  const pictures = [
    taken('09:30:04'),
    taken('12:00:00'),
    taken('09:30:00'),
    taken('09:30:09'),
    taken('09:30:15'),
    taken('09:30:02', 'Other'),
    taken('12:00:05'),
    taken('23:59:59'),
    {},
    taken('09:30:01', null),
    { takenAt: '0000:00:00 00:00:00', camera: 'Acme One' },
    { takenAt: '2024:05:18 00:00:02', camera: 'Acme One' },
  ];
  assert.deepEqual(findBursts(pictures), [
    [0, 2, 3],
    [1, 6],
    [7, 11],
  ]);
});

test('one time in most of the files is that of a program', () => {
  const same = new Array(6).fill(taken('10:00:00'));
  assert.deepEqual(findBursts([...same, {}, {}]), []);
  assert.deepEqual(findBursts([...same, ...new Array(6).fill({})]), [[0, 1, 2, 3, 4, 5]]);
});
