// Protects: the backend, instruction set and threads that are named are the ones that open; what is not there is an error
// and never replaced in silence.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { backendNames } from '../../src/backends/backend.ts';
import {
  type BackendOptions,
  chooseBackend,
  defaultBackend,
  resolveBackendOptions,
} from '../../src/engine/choose-backend.ts';

describe('resolveBackendOptions', () => {
  it('takes options first, then the environment', () => {
    const environment = { CAJAL_BACKEND: 'wasm', CAJAL_ISA: 'simd128', CAJAL_THREADS: '3' };
    assert.deepEqual(resolveBackendOptions({}, {}), {});
    assert.deepEqual(resolveBackendOptions({}, environment), {
      backend: 'wasm',
      instructionSet: 'simd128',
      threads: 3,
    });
    assert.deepEqual(resolveBackendOptions({ backend: 'native', instructionSet: 'avx2', threads: 2 }, environment), {
      backend: 'native',
      instructionSet: 'avx2',
      threads: 2,
    });
    assert.deepEqual(resolveBackendOptions({}, { CAJAL_BACKEND: '', CAJAL_ISA: '', CAJAL_THREADS: '' }), {});
  });

  it('says where a wrong name or number came from', () => {
    const wrong =
      (options: object, environment = {}) =>
      () =>
        resolveBackendOptions(options as BackendOptions, environment);
    assert.throws(
      wrong({ backend: 'nativ' }),
      /^OptionError: backend: unknown backend "nativ"\. Did you mean "native"\?/,
    );
    assert.throws(wrong({}, { CAJAL_BACKEND: 'gpu' }), /^OptionError: CAJAL_BACKEND: unknown backend "gpu"\./);
    assert.throws(wrong({}, { CAJAL_ISA: 'avx' }), /^OptionError: CAJAL_ISA: unknown instruction set "avx"\./);
    assert.throws(wrong({ threads: 0 }), /^OptionError: backend: threads must be a whole number of at least 1 and/);
    assert.throws(wrong({}, { CAJAL_THREADS: 'two' }), /^OptionError: CAJAL_THREADS: threads must be a whole number/);
    assert.throws(wrong({ thread: 1 }), /^OptionError: backend: unknown option "thread"\. Did you mean "threads"\?/);
  });
});

describe('chooseBackend', () => {
  it('opens the one that is named', async () => {
    const { backend, missing } = await chooseBackend({ backend: 'reference' });
    assert.equal(backend.name, 'reference');
    assert.deepEqual(missing, []);
  });

  it('never falls back from an instruction set that is not there', async () => {
    await assert.rejects(chooseBackend({ backend: 'reference', instructionSet: 'avx2' }), {
      name: 'BackendError',
      message:
        'reference backend: expected the instruction set float64, received "avx2". Leave it out, or choose another backend.',
    });
    const environment = process.env['CAJAL_BACKEND'];
    delete process.env['CAJAL_BACKEND'];
    try {
      await assert.rejects(chooseBackend({ instructionSet: 'mmx' }), (error: Error) => {
        assert.match(error.message, /^backend: expected one that opens, received none\.\n/);
        for (const name of backendNames) assert.match(error.message, new RegExp(`^${name}: `, 'm'));
        assert.match(error.message, /Run "cajal doctor" for what to do\.$/);
        return true;
      });
    } finally {
      if (environment !== undefined) process.env['CAJAL_BACKEND'] = environment;
    }
  });

  it('opens the fastest one where none is named, and says why not a faster one', async () => {
    const { backend, missing } = await chooseBackend();
    const tried = [...missing.map((one) => one.backend), backend.name];
    if (!process.env['CAJAL_BACKEND']) assert.deepEqual(tried, backendNames.slice(0, tried.length));
    for (const { reason } of missing) assert.ok(reason.length > 0);
    await backend.close();
  });

  it('is done once for models that name none', async () => {
    assert.equal(await defaultBackend(), await defaultBackend());
  });
});
