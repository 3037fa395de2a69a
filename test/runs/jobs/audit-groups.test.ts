// Protects who names something else than an audit by --audit: the message is about reading it.
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { readAuditGroups } from '../../../src/runs/jobs/audit-groups.ts';

test('a folder in place of an audit is named as one', async () => {
  const listing = { folder: 'cells', classNames: ['a'], files: [], skipped: [], warnings: [] };
  await assert.rejects(
    readAuditGroups(listing, tmpdir()),
    /^DataError: .*: expected the audit\.json of cells, received a folder\. Name the file itself by --audit/,
  );
});
