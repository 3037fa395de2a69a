/** Protects the promise that every op is tested and that docs/reference/ops.md tells the truth about it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { openReferenceBackend } from '../../src/backends/reference/index.ts';
import { listTargets } from '../support/backends-under-test.ts';
import { casesOf, computingOps, isSupported, supportPage } from '../support/support-table.ts';

it('every op has cases', () => {
  assert.deepEqual(
    computingOps.filter((op) => casesOf(op).length === 0),
    [],
  );
});

it('the reference runs every op', () => {
  const reference = openReferenceBackend();
  assert.deepEqual(
    computingOps.filter((op) => !isSupported(reference, op)),
    [],
  );
});

const target = (await listTargets()).find(({ missing }) => missing === undefined);

it('docs/reference/ops.md is fresh', { skip: target ? false : 'no backend in C++ is built' }, async () => {
  const compiled = await target!.open(1);
  const page = readFileSync(new URL('../../docs/reference/ops.md', import.meta.url), 'utf8');
  const expected = supportPage(openReferenceBackend(), compiled);
  await compiled.close();
  assert.equal(page, expected, 'run `npm run generate`');
});
