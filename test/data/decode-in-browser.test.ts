// Protects the word for those who decode in Node with what is for pages; test/browser decodes in one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DataError } from '../../src/core/errors.ts';
import { decodeInBrowser } from '../../src/data/browser/decode-picture.ts';

test('Node has another decoder', async () => {
  await assert.rejects(
    decodeInBrowser(new Blob([])),
    (error) =>
      error instanceof DataError &&
      /received a place without createImageBitmap.*decodePicture of cajal\/data\/node/.test(error.message),
  );
});
