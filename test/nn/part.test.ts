/** Protects how parts are given and checked: by name, with options, as a function; wrong ones are told apart by message. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OptionError } from '../../src/core/errors.ts';
import { partTable } from '../../src/nn/part.ts';

type Scale = (x: number) => number;
const rows = {
  twice: { defaults: {}, make: (): Scale => (x) => 2 * x },
  power: {
    defaults: { exponent: 2, absolute: false },
    make: ({ exponent, absolute }: { exponent: number; absolute: boolean }): Scale => {
      return (x) => (absolute ? Math.abs(x) : x) ** exponent;
    },
  },
};
const table = partTable<Scale, typeof rows>('scale', rows);

test('a part is a name, a name with options or a function', () => {
  const cube = table.factories.power({ exponent: 3 });
  assert.deepEqual(cube, { name: 'power', config: { exponent: 3 } });
  assert.equal(table.make(cube)(-2), -8);
  assert.equal(table.make('power')(-2), 4);
  assert.equal(table.make(table.check('here', (x: number) => x + 1))(1), 2);
  assert.deepEqual(table.check('here', { name: 'twice' }), { name: 'twice', config: {} });
});

test('a saved part is the same after JSON', () => {
  const saved = JSON.parse(JSON.stringify(table.factories.power({ absolute: true })));
  assert.equal(table.make(table.check('here', saved))(-2), 4);
});

test('wrong parts say what would do', () => {
  const refuses = (body: () => unknown, message: RegExp) =>
    assert.throws(body, (error) => error instanceof OptionError && message.test(error.message));
  refuses(() => table.check('Dense', 'twcie'), /Dense: unknown scale "twcie"\. Did you mean "twice"\?/);
  refuses(
    () => table.check('Dense', 3),
    /Dense: expected scale as a name, a name with options or a function, received 3/,
  );
  refuses(
    () => table.check('Dense', { name: 'power', config: { exponnet: 2 } }),
    /Dense: power: unknown option "exponnet"\. Did you mean "exponent"/,
  );
  refuses(() => table.factories.power({ exponent: Number.NaN }), /power: exponent must be a number, received NaN/);
  refuses(
    () => table.factories.power({ absolute: 1 as unknown as boolean }),
    /power: absolute must be true or false, received 1/,
  );
});
