// Protects: new weights are spread as Keras spreads them: limits, deviations and fans of dense and convolution kernels.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random } from '../../src/core/random.ts';
import { elementCount } from '../../src/core/shape.ts';
import {
  checkInitializer,
  type InitializerName,
  initializer,
  initializerNames,
} from '../../src/nn/initializers/table.ts';

const dense = [300, 200];
const convolution = [3, 5, 20, 40];

/** The numbers that an initializer gives a weight. */
function numbersOf(name: InitializerName, shape: readonly number[], random: Random): Float32Array {
  const fill = initializer(name)(shape, random);
  return Float32Array.from({ length: elementCount(shape) }, () => (typeof fill === 'number' ? fill : fill()));
}

/** The variance that each initializer gives a kernel, from its inputs and outputs. */
const variances: Partial<Record<InitializerName, (fanIn: number, fanOut: number) => number>> = {
  glorotUniform: (fanIn, fanOut) => 2 / (fanIn + fanOut),
  glorotNormal: (fanIn, fanOut) => 2 / (fanIn + fanOut),
  heUniform: (fanIn) => 2 / fanIn,
  heNormal: (fanIn) => 2 / fanIn,
};

function moments(values: Float32Array): { mean: number; variance: number; largest: number } {
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length;
  return { mean, variance, largest: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) };
}

describe('initializers', () => {
  for (const [name, variance] of Object.entries(variances)) {
    it(`${name} has mean 0, its variance and its limit`, () => {
      for (const [shape, fanIn, fanOut] of [
        [dense, 300, 200],
        [convolution, 15 * 20, 15 * 40],
      ] as const) {
        const drawn = moments(numbersOf(name as InitializerName, shape, new Random(1, name)));
        const expected = variance(fanIn, fanOut);
        const deviation = Math.sqrt(expected);
        assert.ok(Math.abs(drawn.mean) < deviation / 20, `mean ${drawn.mean}`);
        assert.ok(Math.abs(drawn.variance / expected - 1) < 0.05, `variance ${drawn.variance}, expected ${expected}`);
        const limit = name.endsWith('Uniform') ? Math.sqrt(3) * deviation : (2 * deviation) / 0.87962566;
        assert.ok(
          drawn.largest <= limit * 1.000001 && drawn.largest > limit * 0.95,
          `largest ${drawn.largest} of ${limit}`,
        );
      }
    });
  }

  it('fill with zeros and ones', () => {
    assert.deepEqual([...numbersOf('zeros', [2, 2], new Random(0))], [0, 0, 0, 0]);
    assert.deepEqual([...numbersOf('ones', [3], new Random(0))], [1, 1, 1]);
  });

  it('take a bias’s length as its fans', () => {
    const values = numbersOf('heUniform', [600], new Random(3));
    assert.ok(moments(values).largest <= Math.sqrt(6 / 600));
  });

  it('are all tested, and found by name', () => {
    assert.deepEqual([...initializerNames].sort(), [...Object.keys(variances), 'ones', 'zeros'].sort());
    assert.throws(
      () => checkInitializer('Dense', 'heUnifrom'),
      /^OptionError: Dense: unknown initializer "heUnifrom"\. Did you mean "heUniform"\?/,
    );
  });
});
