// Protects: new weights are spread as Keras spreads them, for dense, convolution and depthwise kernels and biases; orthogonal
// ones are orthogonal; a seed decides the numbers.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random } from '../../src/core/random.ts';
import { elementCount } from '../../src/core/shape.ts';
import {
  checkInitializer,
  type InitializerPart,
  initializer,
  initializerNames,
  initializers,
} from '../../src/nn/initializers/table.ts';
import { describePart, golden } from './part-golden.ts';

/** The numbers that an initializer gives a weight. */
function numbersOf(part: InitializerPart, shape: readonly number[], random = new Random(1, 'test')): Float32Array {
  const fill = initializer(part)(shape, random);
  return Float32Array.from({ length: elementCount(shape) }, () => (typeof fill === 'number' ? fill : fill()));
}

function spreadOf(values: Float32Array) {
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length;
  const [least, most] = values.reduce(
    ([low, high], value) => [Math.min(low!, value), Math.max(high!, value)],
    [Infinity, -Infinity],
  );
  return { mean, deviation: Math.sqrt(variance), least: least!, most: most! };
}

/** Cosines between all vectors, and their squares. */
function products(vectors: readonly (readonly number[])[]): number[][] {
  return vectors.map((a) => vectors.map((b) => a.reduce((total, number, place) => total + number * b[place]!, 0)));
}

describe('initializers', () => {
  for (const expected of golden.initializers) {
    it(`${describePart(expected)} is spread as ${expected.keras}`, () => {
      const drawn = spreadOf(
        numbersOf({ name: expected.name, config: expected.options } as InitializerPart, expected.shape),
      );
      const { deviation } = expected;
      // Five deviations of the mean and of the deviation of so many numbers, on both sides.
      const count = elementCount(expected.shape);
      assert.ok(Math.abs(drawn.mean - expected.mean) <= (5 * Math.SQRT2 * deviation) / Math.sqrt(count) + 1e-7, 'mean');
      assert.ok(Math.abs(drawn.deviation - deviation) <= (5 * deviation) / Math.sqrt(count) + 1e-7, 'deviation');
      // Bounded ones come near their bounds; the largest of some thousand normal numbers differ.
      const isBounded =
        !/randomNormal|orthogonal/i.test(expected.name) && expected.options['distribution'] !== 'untruncatedNormal';
      const allowed = isBounded ? 0.05 * deviation : 1.2 * deviation;
      assert.ok(Math.abs(drawn.least - expected.least) <= allowed, `least ${drawn.least}, ${expected.least}`);
      assert.ok(Math.abs(drawn.most - expected.most) <= allowed, `most ${drawn.most}, ${expected.most}`);
    });
  }

  it('orthogonal makes rows or columns orthonormal, whichever are fewer', () => {
    for (const [shape, gain] of [
      [[7, 4], 1],
      [[4, 7], 2],
      [[3, 3, 2, 5], 1],
      [[6, 6], 0.5],
    ] as const) {
      const columns = shape.at(-1)!;
      const numbers = numbersOf(initializers.orthogonal({ gain }), shape);
      const rows = Array.from({ length: numbers.length / columns }, (_, row) => [
        ...numbers.subarray(row * columns, (row + 1) * columns),
      ]);
      const vectors = rows.length < columns ? rows : rows[0]!.map((_, column) => rows.map((row) => row[column]!));
      products(vectors).forEach((line, a) => {
        line.forEach((product, b) => {
          assert.ok(Math.abs(product - (a === b ? gain ** 2 : 0)) < 1e-6, `${shape}: ${a} and ${b}: ${product}`);
        });
      });
    }
  });

  it('identity has its gain on the diagonal', () => {
    assert.deepEqual([...numbersOf(initializers.identity({ gain: 2 }), [2, 3])], [2, 0, 0, 0, 2, 0]);
  });

  it('with a seed give the same numbers whatever the model’s; without, others for each weight', () => {
    for (const name of ['randomNormal', 'randomUniform', 'truncatedNormal', 'heNormal', 'orthogonal'] as const) {
      const numbers = (part: InitializerPart, stream: string) => [...numbersOf(part, [3, 4], new Random(1, stream))];
      const seeded = initializers[name]({ seed: 7 });
      assert.deepEqual(numbers(seeded, 'a'), numbers(seeded, 'b'));
      assert.notDeepEqual(numbers(seeded, 'a'), numbers(initializers[name]({ seed: 8 }), 'a'));
      assert.notDeepEqual(numbers(name, 'a'), numbers(name, 'b'));
    }
  });

  it('of one’s own are functions from the shape and random numbers', () => {
    const own = checkInitializer('Dense', (shape: readonly number[], random: Random) => {
      const limit = 1 / shape[0]!;
      return () => random.uniform(0, limit);
    });
    const numbers = numbersOf(own, [4, 100]);
    assert.ok(numbers.every((number) => number >= 0 && number < 0.25) && Math.max(...numbers) > 0.24);
  });

  it('are all tested, and refuse wrong arguments', () => {
    assert.deepEqual([...new Set(golden.initializers.map(({ name }) => name))].sort(), [...initializerNames].sort());
    const wrong: [() => unknown, RegExp][] = [
      [
        () => checkInitializer('Dense', 'heUnifrom'),
        /^OptionError: Dense: unknown initializer "heUnifrom"\. Did you mean "heUniform"\?/,
      ],
      [
        () => initializers.varianceScaling({ scale: 0 }),
        /^OptionError: varianceScaling: scale must be a number above 0, received 0/,
      ],
      [
        () => initializers.varianceScaling({ mode: 'fan_in' as never }),
        /^OptionError: varianceScaling: unknown mode "fan_in"\. Did you mean "fanIn"\?/,
      ],
      [
        () => initializers.varianceScaling({ distribution: 'normal' as never }),
        /^OptionError: varianceScaling: unknown distribution "normal"\./,
      ],
      [
        () => initializers.randomUniform({ minval: 1, maxval: 0 }),
        /^OptionError: randomUniform: maxval must be a number of at least 1, received 0/,
      ],
      [
        () => initializers.randomNormal({ stddev: -1 }),
        /^OptionError: randomNormal: stddev must be a number of at least 0/,
      ],
      [
        () => initializers.heNormal({ seed: 0.5 }),
        /^OptionError: heNormal: seed must be a whole number, received 0\.5/,
      ],
      [
        () => numbersOf('orthogonal', [3]),
        /^ShapeError: orthogonal: expected a weight of two axes or more, received \[3\]\. Choose another initializer\./,
      ],
      [
        () => numbersOf('identity', [3, 3, 1, 1]),
        /^ShapeError: identity: expected a weight of two axes, received \[3, 3, 1, 1\]\. Choose another initializer\./,
      ],
    ];
    for (const [make, message] of wrong) assert.throws(make, message);
  });
});
