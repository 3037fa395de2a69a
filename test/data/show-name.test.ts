// Protects what messages print of names: nothing in a name may break the line or move the cursor of a terminal.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameSome } from '../../src/data/picture-file.ts';
import { sameButForCase } from '../../src/data/same-but-for-case.ts';
import { showName } from '../../src/data/show-name.ts';

test('showName escapes what a terminal would act on, and nothing else', () => {
  assert.equal(showName('a b (1) [x] ñ 猫 🐈.png'), 'a b (1) [x] ñ 猫 🐈.png');
  assert.equal(
    showName('a\nb\r\t\x1b[31m\x07\x9b\u2028\u202e.png'),
    'a\\nb\\r\\t\\x1b[31m\\x07\\x9b\\u2028\\u202e.png',
  );
  assert.equal(nameSome(['a\nb', 'c']), 'a\\nb, c');
});

test('sameButForCase finds names that other systems take for one', () => {
  assert.deepEqual(sameButForCase(['Cat', 'dog', 'cat', 'é', 'e\u0301', 'DOGS']), [
    ['Cat', 'cat'],
    ['é', 'e\u0301'],
  ]);
});
