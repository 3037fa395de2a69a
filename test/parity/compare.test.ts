/** Protects the comparison itself: what it lets pass and what it does not. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exact, ofEach, ofLargest } from '../cases/case.ts';
import { describeDifference } from '../support/compare.ts';

const { NaN: nan } = Number;

describe('describeDifference', () => {
  it('passes equal numbers, NaN and infinities among them', () => {
    const numbers = [1, -0, nan, Infinity, -Infinity];
    assert.equal(describeDifference(numbers, [1, 0, nan, Infinity, -Infinity], exact), undefined);
  });

  it('refuses NaN or infinity where a number is expected, and the other way round', () => {
    for (const [actual, expected] of [
      [nan, 1],
      [1, nan],
      [Infinity, 1],
      [1, Infinity],
      [-Infinity, Infinity],
    ] as const) {
      assert.match(describeDifference([0, actual], [0, expected], ofLargest(0.5)) ?? '', /^error Infinity/);
    }
  });

  it('refuses results of another length', () => {
    assert.match(describeDifference([1, 2], [1, 2, 3], ofLargest(0.5)) ?? '', /error Infinity/);
    assert.match(describeDifference([], [1], ofLargest(0.5)) ?? '', /error Infinity/);
  });

  it('measures against the largest number expected', () => {
    assert.equal(describeDifference([100, 0.0009], [100, 0], ofLargest(1e-5)), undefined);
    assert.match(
      describeDifference([100, 0.002], [100, 0], ofLargest(1e-5)) ?? '',
      /^error 2\.0e-5 .* worst at 1 of 2: 0\.002 instead of 0$/,
    );
  });

  it('measures against each number expected', () => {
    assert.equal(describeDifference([100, 1.0000001], [100, 1], ofEach(1e-6)), undefined);
    assert.match(describeDifference([100, 1.0001], [100, 1], ofEach(1e-6)) ?? '', /^error 1\.0e-4/);
    assert.equal(describeDifference([1e-9], [0], ofEach(1e-6, 0.1)), undefined);
  });

  it('refuses many errors that are each just small enough', () => {
    const expected = [1, ...new Array<number>(99).fill(0)];
    const actual = expected.map((number) => number + 0.9e-5);
    assert.match(describeDifference(actual, expected, ofLargest(1e-5)) ?? '', /mean square 8\.1e-9/);
  });

  it('asks for equality where the tolerance is 0', () => {
    assert.notEqual(describeDifference([1 + 2 ** -23], [1], exact), undefined);
  });
});
