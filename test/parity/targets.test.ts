/** Protects what parity runs on: what the environment names and is not there must be an error, never a silent skip. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { OptionError } from '../../src/core/errors.ts';
import { listTargets } from '../support/backends-under-test.ts';

const names = ['CAJAL_BACKEND', 'CAJAL_ISA', 'CAJAL_THREADS'] as const;
const before = names.map((name) => process.env[name]);

function force(values: Partial<Record<(typeof names)[number], string>>): void {
  for (const name of names) {
    const value = values[name];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

describe('targets of parity', () => {
  afterEach(() => {
    names.forEach((name, index) => {
      const value = before[index];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    });
  });

  it('are every backend and instruction set, with a reason where one is missing', async () => {
    force({});
    const targets = await listTargets();
    assert.deepEqual(
      targets.map(({ backend, instructionSet }) => `${backend} ${instructionSet}`),
      ['native baseline', 'native avx2', 'native avx512', 'native neon', 'wasm simd128'],
    );
    for (const { missing } of targets) assert.notEqual(missing, '');
    // No processor has the instructions of two families.
    assert.ok(targets.some(({ missing }) => missing !== undefined));
  });

  it('are an error where a forced instruction set does not exist', async () => {
    force({ CAJAL_ISA: 'altivec' });
    await assert.rejects(listTargets(), {
      constructor: OptionError,
      message:
        /^CAJAL_ISA: unknown instruction set "altivec"\. Choose from baseline, avx2, avx512, neon, simd128, float64\.$/,
    });
  });

  it('are an error where a forced backend lacks the instruction set', async () => {
    force({ CAJAL_BACKEND: 'wasm', CAJAL_ISA: 'avx2' });
    await assert.rejects(listTargets(), /^BackendError: parity: expected wasm avx2 as the environment names it/);
  });

  it('are an error where the forced backend is unknown', async () => {
    force({ CAJAL_BACKEND: 'wasn' });
    await assert.rejects(listTargets(), {
      constructor: OptionError,
      message: /unknown backend "wasn"\. Did you mean "wasm"\?/,
    });
  });

  it('are none but the forced one', async () => {
    force({ CAJAL_BACKEND: 'reference' });
    assert.deepEqual(await listTargets(), []);
  });
});
