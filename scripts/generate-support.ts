/** Writes docs/reference/ops.md, the table of ops and the backends that run them. It asks the C++ backends themselves, so
 * one of them must have been built. */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Backend } from '../src/backends/backend.ts';
import { openReferenceBackend } from '../src/backends/reference/index.ts';
import { BackendError } from '../src/core/errors.ts';
import { chooseBackend } from '../src/engine/choose-backend.ts';
import { supportPage } from '../test/support/support-table.ts';

async function openCompiled(): Promise<Backend> {
  const reasons: string[] = [];
  for (const backend of ['wasm', 'native'] as const) {
    try {
      return (await chooseBackend({ backend })).backend;
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      reasons.push(error.message);
    }
  }
  throw new BackendError(`generate-support: expected a backend in C++, received none. ${reasons.join(' ')}`);
}

const target = new URL('../docs/reference/ops.md', import.meta.url);
const compiled = await openCompiled();
mkdirSync(new URL('.', target), { recursive: true });
writeFileSync(target, supportPage(openReferenceBackend(), compiled));
await compiled.close();
