// Protects where option values come from, and what is said of wrong ones.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { commands } from '../../src/cli/commands/table.ts';
import { type AnyTable, checkValue, flagOf, parseText, variableOf } from '../../src/cli/options/option.ts';
import { misspelledVariables, readConfig, resolveOptions } from '../../src/cli/options/resolve-options.ts';
import { trainOptions, trainRunOptions } from '../../src/cli/options/train-options.ts';

const table: AnyTable = { ...trainOptions, ...trainRunOptions };
const resolve = (given: {
  flags?: Record<string, string | true>;
  environment?: Record<string, string>;
  config?: object;
}) =>
  resolveOptions({
    command: 'train',
    table,
    flags: given.flags ?? {},
    environment: given.environment ?? {},
    config: (given.config ?? {}) as Record<string, unknown>,
  });

test('a flag comes before the environment, that before the config file, that before the default', () => {
  const flags = { epochs: '1' };
  const environment = { CAJAL_EPOCHS: '2' };
  const config = { epochs: 3 };
  assert.equal(resolve({ flags, environment, config })['epochs'], 1);
  assert.equal(resolve({ environment, config })['epochs'], 2);
  assert.equal(resolve({ config })['epochs'], 3);
  assert.equal(resolve({})['epochs'], 10);
});

test('all kinds of values are read from text', () => {
  const { filters, strict, metrics, colorMode } = resolve({
    flags: { filters: '8, 16', colorMode: 'grayscale' },
    environment: { CAJAL_STRICT: '1', CAJAL_METRICS: 'accuracy,binaryAccuracy' },
  });
  assert.deepEqual(
    { filters, strict, metrics, colorMode },
    { filters: [8, 16], strict: true, metrics: ['accuracy', 'binaryAccuracy'], colorMode: 'grayscale' },
  );
  assert.equal(resolve({ environment: { CAJAL_STRICT: '0' }, config: { strict: true } })['strict'], false);
  assert.deepEqual(resolve({ environment: { CAJAL_METRICS: '' } })['metrics'], []);
});

test('a wrong value names its flag, its variable or its key', () => {
  assert.throws(
    () => resolve({ flags: { epochs: 'many' } }),
    /train: --epochs must be a whole number of at least 1, received "many"/,
  );
  assert.throws(
    () => resolve({ environment: { CAJAL_EPOCHS: '0' } }),
    /train: CAJAL_EPOCHS must be a whole number of at least 1, received 0/,
  );
  assert.throws(
    () => resolve({ flags: { fraction: '0' } }),
    /--fraction must be a number above 0 and of at most 1, received 0/,
  );
  assert.throws(
    () => resolve({ flags: { dropout: '1' } }),
    /--dropout must be a number of at least 0 and below 1, rec/,
  );
  assert.throws(() => resolve({ config: { epochs: '3' } }), /"epochs" in the config file must be a whole number/);
  assert.throws(
    () => resolve({ flags: { filters: '8,x' } }),
    /--filters must be a whole number of at least 1, received "x"/,
  );
  assert.throws(
    () => resolve({ config: { filters: 8 } }),
    /must be a list of numbers, received 8\. See "cajal train --help"\./,
  );
  assert.throws(() => resolve({ config: { metrics: 'accuracy' } }), /must be a list of names/);
  assert.throws(() => resolve({ config: { strict: 'yes' } }), /must be true or false, received "yes"/);
  assert.throws(() => resolve({ flags: { name: '' } }), /--name must be a text, received ""/);
  assert.throws(() => resolve({ flags: { optimizer: 'adm' } }), /unknown --optimizer "adm"\. Did you mean "adam"\?/);
});

test('flags, variables and keys of an option follow from its name', () => {
  assert.equal(flagOf('stepsPerEpoch'), '--steps-per-epoch');
  assert.equal(variableOf('stepsPerEpoch'), 'CAJAL_STEPS_PER_EPOCH');
});

test('every default is a value that its own option takes', () => {
  for (const command of commands) {
    for (const [key, spec] of Object.entries(command.table)) {
      if (spec.default === undefined) continue;
      assert.deepEqual(checkValue(command.name, key, spec, spec.default), spec.default);
      assert.deepEqual(parseText(command.name, key, spec, String(spec.default)), spec.default);
    }
  }
});

test('a config file is checked', async (context) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cajal-config-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const write = (text: string) => {
    const file = path.join(folder, 'config.json');
    writeFileSync(file, text);
    return file;
  };
  const known = Object.keys(table);
  assert.deepEqual(await readConfig('train', write('{"command": "train", "epochs": 3}'), known), { epochs: 3 });
  await assert.rejects(
    readConfig('train', write('{"epoch": 3}'), known),
    /unknown option "epoch"\. Did you mean "epochs"\?/,
  );
  await assert.rejects(
    readConfig('train', write('{'), known),
    /expected JSON, received something else \(.*\)\. Correct the file\./,
  );
  await assert.rejects(
    readConfig('train', write('[1]'), known),
    /expected an object such as \{"epochs": 10\}, received \[1\]/,
  );
  await assert.rejects(
    readConfig('train', write('{"command": "tune"}'), known),
    /expected the arguments of train, received those of "tune"/,
  );
  await assert.rejects(
    readConfig('train', path.join(folder, 'none.json'), known),
    /expected a config file, received "ENOENT/,
  );
});

test('a variable that looks like a misspelled option is named; foreign ones are not', () => {
  const found = misspelledVariables({ CAJAL_EPOCS: '3', CAJAL_THREADS: '2', CAJAL_SOMETHING_ELSE: '1', PATH: '' }, [
    'epochs',
  ]);
  assert.deepEqual(found, ['the environment variable CAJAL_EPOCS is not known. Did you mean CAJAL_EPOCHS?']);
});
