/** Protects exp, log, tanh, sigmoid and their neighbours in the kernels: how far they are from the true values over all
 * magnitudes, what they do at the edges, and that results do not depend on where in memory a number lies. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { Backend } from '../../src/backends/backend.ts';
import { erf } from '../../src/backends/reference/erf.ts';
import type { ElementwiseName } from '../../src/ops/elementwise.ts';
import { listTargets } from '../support/backends-under-test.ts';
import { elementwiseProgram, prepare, type ShortStep } from './programs.ts';

/** Applies one step to numbers, each of which is also the second operand where `others` are not given. */
async function apply(
  backend: Backend,
  step: Omit<ShortStep, 'target'>,
  values: ArrayLike<number>,
  others = values,
): Promise<number[]> {
  const shape = [values.length];
  const prepared = prepare(
    backend,
    elementwiseProgram([{ a: 0, b: 1, ...step, target: 2 }], [[shape], [shape]], [[shape]]),
  );
  prepared.write(0, Float32Array.from(values));
  prepared.write(1, Float32Array.from(others));
  await prepared.run();
  return [...(await prepared.read(0))];
}

/** The distance of two numbers in units of the last place of the true one, as float32 has it. */
function unitsApart(value: number, truth: number): number {
  if (Object.is(value, Math.fround(truth)) || value === Math.fround(truth)) return 0;
  const unit = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(truth))), -126) - 23);
  return Math.abs(value - truth) / unit;
}

/** Numbers of all magnitudes between two powers of two, of both signs where asked. */
function sweep(lowest: number, highest: number, isSigned: boolean): Float32Array {
  const values: number[] = [];
  for (let power = lowest; power <= highest; power += 0.005)
    values.push(2 ** power, ...(isSigned ? [-(2 ** power)] : []));
  return Float32Array.from(values);
}

const functions: [op: ElementwiseName, truth: (x: number) => number, values: Float32Array, mostUnits: number][] = [
  ['exp', Math.exp, sweep(-30, 6.47, true), 3],
  ['log', Math.log, sweep(-149, 127.9, false), 3],
  ['log', Math.log, Float32Array.from({ length: 4000 }, (_, index) => 0.5 + index / 2500), 3],
  ['tanh', Math.tanh, sweep(-40, 5, true), 3],
  ['sigmoid', (x) => 1 / (1 + Math.exp(-x)), sweep(-30, 6.3, true), 4],
  ['sqrt', Math.sqrt, sweep(-126, 127.9, false), 0.51],
  ['expm1', Math.expm1, sweep(-30, 6.4, true), 4],
  ['log1p', Math.log1p, sweep(-30, 126, false), 3],
  ['log1p', Math.log1p, Float32Array.from({ length: 4000 }, (_, index) => -index / 4001), 3],
  ['erf', erf, sweep(-30, 3, true), 3],
  ['sin', Math.sin, sweep(-30, 0.6, true), 3],
  ['cos', Math.cos, sweep(-30, 0.4, true), 3],
];

/** Numbers up to 10,000, where sines are compared by their difference: near their zeros units are as small as one likes. */
const farAngles: Float32Array = Float32Array.from({ length: 20_000 }, (_, index) => (index - 10_000) * 0.99991);

const edges: [step: Omit<ShortStep, 'target'>, values: number[], expected: number[]][] = [
  [
    { op: 'exp' },
    [0, 89, 1e30, Infinity, -104, -1e30, -Infinity, NaN],
    [1, Infinity, Infinity, Infinity, 0, 0, 0, NaN],
  ],
  [{ op: 'log' }, [1, 0, -0, -1, -Infinity, Infinity, NaN], [0, -Infinity, -Infinity, NaN, NaN, Infinity, NaN]],
  [
    { op: 'expm1' },
    [0, 1e-20, 89, Infinity, -104, -Infinity, NaN],
    [0, Math.fround(1e-20), Infinity, Infinity, -1, -1, NaN],
  ],
  [{ op: 'log1p' }, [0, -1, -2, Infinity, -Infinity, NaN], [0, -Infinity, NaN, Infinity, NaN, NaN]],
  [{ op: 'erf' }, [0, 4, -5, Infinity, -Infinity, NaN], [0, 1, -1, 1, -1, NaN]],
  [{ op: 'sin' }, [0, Infinity, -Infinity, NaN], [0, NaN, NaN, NaN]],
  [{ op: 'cos' }, [0, Infinity, -Infinity, NaN], [1, NaN, NaN, NaN]],
  [
    { op: 'floor' },
    [-1.5, 1.5, -2, 0.99, 8388609, -4e9, 3e38, Infinity, -Infinity, NaN],
    [-2, 1, -2, 0, 8388609, -4e9, Math.fround(3e38), Infinity, -Infinity, NaN],
  ],
  [{ op: 'power', first: 3 }, [-2, 0, Infinity, -Infinity, NaN], [-8, 0, Infinity, -Infinity, NaN]],
  [{ op: 'power', first: -1 }, [-2, 0, Infinity, -Infinity, NaN], [-0.5, Infinity, 0, 0, NaN]],
  [{ op: 'power', first: 0.25 }, [16, 0, Infinity, -1, NaN], [2, 0, Infinity, NaN, NaN]],
  [{ op: 'power', first: 0 }, [-2, 0, Infinity, NaN], [1, 1, 1, 1]],
  [{ op: 'tanh' }, [0, 20, -20, Infinity, -Infinity, NaN], [0, 1, -1, 1, -1, NaN]],
  [{ op: 'sigmoid' }, [0, 100, -200, Infinity, -Infinity, NaN], [0.5, 1, 0, 1, 0, NaN]],
  [{ op: 'relu' }, [-1, 0, 2, -Infinity, Infinity, NaN], [0, 0, 2, 0, Infinity, NaN]],
  [{ op: 'sign' }, [-3, 0, 5, NaN], [-1, 0, 1, NaN]],
  [{ op: 'abs' }, [-3, 5, -Infinity, NaN], [3, 5, Infinity, NaN]],
  [{ op: 'clip', first: -1, second: 2 }, [-5, 0.5, 5, -Infinity, NaN], [-1, 0.5, 2, -1, NaN]],
];

const pairs: [op: ElementwiseName, a: number[], b: number[], expected: number[]][] = [
  ['maximum', [1, 3, NaN, 1], [2, 2, 1, NaN], [2, 3, NaN, NaN]],
  ['minimum', [1, 3, NaN, 1], [2, 2, 1, NaN], [1, 2, NaN, NaN]],
  ['greater', [1, 2, 3, NaN], [2, 2, 2, 1], [0, 0, 1, 0]],
  ['greaterEqual', [1, 2, 3, NaN], [2, 2, 2, 1], [0, 1, 1, 0]],
  ['equal', [1, 2, NaN], [2, 2, NaN], [0, 1, 0]],
  ['reluGradient', [5, 5, 5, NaN, 5], [1, 0, -1, -1, NaN], [5, 0, 0, 0, 0]],
  ['keepWhere', [5, 5, NaN, 5, NaN], [1, 0, 0, NaN, -1], [5, 0, 0, 5, NaN]],
  ['dropWhere', [5, 5, NaN, 5, NaN], [1, 0, 1, NaN, 0], [0, 5, 0, 0, NaN]],
  ['divide', [1, -1, 0], [0, 0, 0], [Infinity, -Infinity, NaN]],
];

const targets = (await listTargets()).filter(({ missing }) => missing === undefined);

it('is there to be tested', { skip: targets.length > 0 ? false : 'neither native nor WebAssembly kernels' }, () => {});

for (const { instructionSet, open } of targets) {
  describe(`elementwise functions on ${instructionSet}`, () => {
    const backend = open(1);
    after(async () => (await backend).close());

    it('are near the true values', async () => {
      for (const [op, truth, values, mostUnits] of functions) {
        const results = await apply(await backend, { op }, values);
        let worst = 0;
        let worstAt = 0;
        for (const [index, value] of results.entries()) {
          const apart = unitsApart(value, truth(values[index]!));
          if (apart > worst || Number.isNaN(apart)) [worst, worstAt] = [apart, values[index]!];
        }
        assert.ok(worst <= mostUnits, `${op}(${worstAt}) is ${worst} units from the true value`);
      }
    });

    it('know the sine of large angles', async () => {
      for (const op of ['sin', 'cos'] as const) {
        const results = await apply(await backend, { op }, farAngles);
        const worst = Math.max(...results.map((value, index) => Math.abs(value - Math[op](farAngles[index]!))));
        assert.ok(worst <= 1.5e-7, `${op} is ${worst} off`);
        const [huge] = await apply(await backend, { op }, [3e38]);
        assert.ok(Math.abs(huge!) <= 1, `${op}(3e38) is ${huge}`);
      }
    });

    it('do at the edges what JavaScript does', async () => {
      for (const [step, values, expected] of edges) {
        const results = await apply(await backend, step, values);
        assert.deepEqual(
          results.map((value) => value + 0),
          expected,
          step.op,
        );
      }
      for (const [op, a, b, expected] of pairs)
        assert.deepEqual(await apply(await backend, { op }, a, b), expected, op);
    });

    it('give the same bits at any place of a tile', async () => {
      const values = Float32Array.from({ length: 1100 }, (_, index) => Math.sin(index % 7) * 3);
      for (const op of ['exp', 'tanh', 'sigmoid', 'erf', 'sin', 'expm1', 'log1p'] as const) {
        const results = await apply(await backend, { op }, values);
        assert.ok(
          results.every((value, index) => Object.is(value, results[index % 7])),
          op,
        );
      }
    });
  });
}
