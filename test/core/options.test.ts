/** Protects the messages about wrong options: they name the place, the nearest known name and the choices. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CajalError, OptionError } from '../../src/core/errors.ts';
import { checkKeys, checkName, checkNumber, didYouMean, nearestName } from '../../src/core/options.ts';

const optimizers = ['sgd', 'rmsprop', 'adam', 'adagrad', 'adadelta'] as const;

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof OptionError && error instanceof CajalError);
    assert.equal(error.code, 'option');
    assert.equal(error.name, 'OptionError');
    return error.message;
  }
  return assert.fail('expected an error, received none');
}

describe('nearestName', () => {
  it('finds a name one slip away', () => {
    assert.equal(nearestName('adm', optimizers), 'adam');
    assert.equal(nearestName('adma', optimizers), 'adam');
    assert.equal(nearestName('rms-prop', optimizers), 'rmsprop');
    assert.equal(nearestName('RMSProp', optimizers), 'rmsprop');
  });

  it('finds nothing where nothing is near', () => {
    assert.equal(nearestName('banana', optimizers), undefined);
    assert.equal(didYouMean('banana', optimizers), '');
  });
});

describe('checkName', () => {
  it('returns a known name', () => {
    assert.equal(checkName('train', 'optimizer', 'adam', optimizers), 'adam');
  });

  it('names the nearest one', () => {
    assert.equal(
      messageOf(() => checkName('train', 'optimizer', 'adma', optimizers)),
      'train: unknown optimizer "adma". Did you mean "adam"? Choose from sgd, rmsprop, adam, adagrad, adadelta.',
    );
  });

  it('lists the choices where none is near', () => {
    assert.equal(
      messageOf(() => checkName('train', 'optimizer', 'banana', optimizers)),
      'train: unknown optimizer "banana". Choose from sgd, rmsprop, adam, adagrad, adadelta.',
    );
  });
});

describe('checkKeys', () => {
  it('accepts known keys', () => {
    checkKeys('conv2d', { filters: 3 }, ['filters', 'kernelSize']);
  });

  it('names the nearest key', () => {
    assert.equal(
      messageOf(() => checkKeys('conv2d', { filter: 3 }, ['filters', 'kernelSize'])),
      'conv2d: unknown option "filter". Did you mean "filters"? Choose from filters, kernelSize.',
    );
  });

  it('says so where there are no options', () => {
    assert.equal(
      messageOf(() => checkKeys('flatten', { size: 3 }, [])),
      'flatten: unknown option "size". It takes no options.',
    );
  });
});

describe('checkNumber', () => {
  it('returns a number that follows the rule', () => {
    assert.equal(checkNumber('fit', 'epochs', 3, { integer: true, min: 1 }), 3);
    assert.equal(checkNumber('dropout', 'rate', 0, { min: 0, max: 1 }), 0);
    assert.equal(checkNumber('folder', 'fraction', 1, { min: 0, max: 1, exclusive: 'min' }), 1);
  });

  const wrong: readonly (readonly [unknown, Parameters<typeof checkNumber>[3], string])[] = [
    [2.5, { integer: true, min: 1 }, 'a whole number of at least 1, received 2.5.'],
    [0, { min: 0, max: 1, exclusive: true }, 'a number above 0 and below 1, received 0.'],
    [2, { min: 0, max: 1 }, 'a number of at least 0 and of at most 1, received 2.'],
    [9, { max: 8 }, 'a number of at most 8, received 9.'],
    [0, { min: 0, max: 1, exclusive: 'min' }, 'a number above 0 and of at most 1, received 0.'],
    [1, { min: 0, max: 1, exclusive: 'max' }, 'a number of at least 0 and below 1, received 1.'],
    [Number.NaN, {}, 'a number, received NaN.'],
    [Number.NEGATIVE_INFINITY, {}, 'a number, received -Infinity.'],
    [null, {}, 'a number, received null.'],
    ['3', {}, 'a number, received "3".'],
    [undefined, {}, 'a number, received undefined.'],
  ];
  for (const [value, rule, expected] of wrong) {
    it(`refuses ${String(value)}: ${expected}`, () => {
      assert.equal(
        messageOf(() => checkNumber('fit', 'epochs', value, rule)),
        `fit: epochs must be ${expected}`,
      );
    });
  }
});
