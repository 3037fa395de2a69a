/** Protects the oracle itself: results worked out by hand, what NaN does, its exact reads, and its place beside other
 * work of the thread. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BackendMemory } from '../../src/backends/backend.ts';
import { openReferenceBackend } from '../../src/backends/reference/index.ts';
import { BackendError } from '../../src/core/errors.ts';
import { Random } from '../../src/core/random.ts';
import type { Program } from '../../src/graph/program.ts';
import type { AttributesFor, OpName } from '../../src/ops/table.ts';
import { arena, type CaseInput, exact, listed, type OpCase, scalar } from '../cases/case.ts';
import { programOf } from '../support/case-program.ts';
import { runCase } from '../support/run-case.ts';

/** Runs one op and returns its outputs as lists. */
async function results<Name extends OpName>(op: Name, inputs: readonly CaseInput[], attributes: AttributesFor<Name>) {
  const testCase: OpCase<Name> = { name: op, op, inputs, attributes, tolerance: exact };
  const { outputs } = await runCase(openReferenceBackend(), testCase as unknown as OpCase);
  return Object.values(outputs).map((numbers) => [...numbers]);
}

function given(shape: readonly number[], ...numbers: number[]): CaseInput {
  return arena(shape, listed(...numbers));
}

const still = { strideHeight: 1, strideWidth: 1, paddingTop: 0, paddingBottom: 0, paddingLeft: 0, paddingRight: 0 };
const plain = { ...still, dilationHeight: 1, dilationWidth: 1, groups: 1 };
const nine = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const { NaN: nan } = Number;

describe('reference conv2d', () => {
  it('multiplies without turning the kernel', async () => {
    const inputs = [given([1, 3, 3, 1], ...nine), given([2, 2, 1, 1], 1, 10, 100, 1000)];
    const attributes = { ...plain, activation: 'linear' as const };
    assert.deepEqual(await results('conv2d', inputs, attributes), [[5421, 6532, 8754, 9865]]);
  });

  it('adds zeros at the edges, steps and dilates', async () => {
    const picture = given([1, 3, 3, 1], ...nine);
    const kernel = given([2, 2, 1, 1], 1, 10, 100, 1000);
    const padded = {
      ...plain,
      paddingTop: 1,
      paddingLeft: 1,
      strideHeight: 2,
      strideWidth: 2,
      activation: 'linear' as const,
    };
    assert.deepEqual(await results('conv2d', [picture, kernel], padded), [[1000, 3200, 7040, 9865]]);
    const dilated = { ...plain, dilationHeight: 2, dilationWidth: 2, activation: 'linear' as const };
    assert.deepEqual(await results('conv2d', [picture, kernel], dilated), [[9731]]);
  });

  it('sums over channels, adds the bias and cuts below zero', async () => {
    const inputs = [given([1, 1, 1, 2], 2, 3), given([1, 1, 2, 3], 1, 0, -1, 0, 1, -1), given([3], 10, -20, 4)];
    assert.deepEqual(await results('conv2d', inputs, { ...plain, activation: 'linear' }), [[12, -17, -1]]);
    assert.deepEqual(await results('conv2d', inputs, { ...plain, activation: 'relu' }), [[12, 0, 0]]);
  });

  it('sends gradients back along the same products', async () => {
    const dy = given([1, 2, 2, 1], 1, 10, 100, 1000);
    const kernel = given([2, 2, 1, 1], 1, 2, 3, 4);
    const back = await results('conv2dInputGradient', [dy, kernel], { ...plain, height: 3, width: 3 });
    assert.deepEqual(back, [[1, 12, 20, 103, 1234, 2040, 300, 3400, 4000]]);
    const picture = given([1, 3, 3, 1], ...nine);
    const slopes = await results('conv2dKernelGradient', [picture, dy], { ...plain, kernelHeight: 2, kernelWidth: 2 });
    assert.deepEqual(slopes, [[5421, 6532, 8754, 9865]]);
  });
});

describe('reference matMul', () => {
  const expected = [[58, 64, 139, 154]];
  const rows = { a: given([2, 3], 1, 2, 3, 4, 5, 6), b: given([3, 2], 7, 8, 9, 10, 11, 12) };
  const columns = { a: given([3, 2], 1, 4, 2, 5, 3, 6), b: given([2, 3], 7, 9, 11, 8, 10, 12) };
  for (const transposeA of ['no', 'yes'] as const) {
    for (const transposeB of ['no', 'yes'] as const) {
      it(`multiplies with transposes ${transposeA} and ${transposeB}`, async () => {
        const inputs = [(transposeA === 'yes' ? columns : rows).a, (transposeB === 'yes' ? columns : rows).b];
        assert.deepEqual(await results('matMul', inputs, { transposeA, transposeB, activation: 'linear' }), expected);
      });
    }
  }

  it('adds the bias and cuts below zero', async () => {
    const inputs = [rows.a, rows.b, given([2], -100, 1)];
    const attributes = { transposeA: 'no', transposeB: 'no', activation: 'relu' } as const;
    assert.deepEqual(await results('matMul', inputs, attributes), [[0, 65, 39, 155]]);
  });
});

describe('reference maxPool2d', () => {
  const pool = { ...still, strideHeight: 2, strideWidth: 2, poolHeight: 2, poolWidth: 2 };

  it('gives the largest values and their places, the first of equal ones', async () => {
    const inputs = [given([1, 2, 6, 1], 1, 5, 3, 3, -1, -2, 7, 2, 3, 3, -3, -4)];
    assert.deepEqual(await results('maxPool2d', inputs, pool), [
      [7, 3, -1],
      [2, 0, 0],
    ]);
  });

  it('lets NaN win, and padding never', async () => {
    const same = { ...pool, paddingBottom: 1, paddingRight: 1 };
    assert.deepEqual(
      await results('maxPool2d', [given([1, 3, 3, 1], nan, 2, -3, 4, nan, -6, -7, -8, -Infinity)], same),
      [
        [nan, -3, -7, -Infinity],
        [0, 0, 0, 0],
      ],
    );
    // A window of nothing but padding on its first row: the place is the first one inside.
    const top = { ...pool, paddingTop: 1 };
    assert.deepEqual(await results('maxPool2d', [given([1, 1, 2, 1], -5, -5)], top), [[-5], [2]]);
  });

  it('adds up gradients where windows overlap', async () => {
    const overlapping = { ...still, poolHeight: 1, poolWidth: 2, height: 1, width: 3 };
    const inputs = [given([1, 1, 2, 1], 10, 1), arena([1, 1, 2, 1], listed(1, 0), 'uint8')];
    assert.deepEqual(await results('maxPool2dGradient', inputs, overlapping), [[0, 11, 0]]);
  });
});

describe('reference reductions and softmax', () => {
  it('reduces a run of axes', async () => {
    const x = given([2, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8);
    const middle = { firstAxis: 1, lastAxis: 1, keepAxes: 'no' } as const;
    assert.deepEqual(await results('reduceSum', [x], middle), [[4, 6, 12, 14]]);
    assert.deepEqual(await results('reduceMax', [x], { ...middle, firstAxis: 0 }), [[7, 8]]);
    assert.deepEqual(await results('reduceMax', [given([3], 1, nan, 2)], { ...middle, firstAxis: 0, lastAxis: 0 }), [
      [nan],
    ]);
  });

  it('normalises without overflow', async () => {
    const [even] = await results('softmax', [given([1, 2], 1000, 1000)], {});
    assert.deepEqual(even, [0.5, 0.5]);
    const [thirds] = await results('softmax', [given([2, 2], Math.log(1), Math.log(2), 0, -Infinity)], {});
    assert.deepEqual(
      thirds!.map((value) => Number(value.toFixed(6))),
      [0.333333, 0.666667, 1, 0],
    );
  });
});

describe('reference elementwise ops', () => {
  it('pass NaN on, and compare it as false', async () => {
    const pair = [given([3], nan, 1, 2), given([3], 1, nan, 2)];
    assert.deepEqual(await results('maximum', pair, {}), [[nan, nan, 2]]);
    assert.deepEqual(await results('minimum', pair, {}), [[nan, nan, 2]]);
    assert.deepEqual(await results('equal', pair, {}), [[0, 0, 1]]);
    assert.deepEqual(await results('greaterEqual', pair, {}), [[0, 0, 1]]);
    assert.deepEqual(await results('greater', pair, {}), [[0, 0, 0]]);
    assert.deepEqual(await results('relu', [given([3], nan, -1, 2)], {}), [[nan, 0, 2]]);
    assert.deepEqual(await results('reluGradient', [given([3], 5, 6, 7), given([3], nan, 0, 1)], {}), [[0, 0, 7]]);
  });

  it('repeat smaller operands as NumPy does', async () => {
    const inputs = [given([2, 1], 10, 20), given([3], 1, 2, 3)];
    assert.deepEqual(await results('add', inputs, {}), [[11, 12, 13, 21, 22, 23]]);
    assert.deepEqual(await results('broadcast', [given([2, 1], 1, 2)], { shape: [2, 2, 2] }), [
      [1, 1, 2, 2, 1, 1, 2, 2],
    ]);
  });

  it('draw the numbers of Random', async () => {
    const drawn = await results('randomUniform', [scalar(-7, 'int32'), scalar(3, 'int32')], {
      shape: [1500],
      stream: 12_345,
    });
    const random = new Random(-7, 12_345, 3);
    assert.deepEqual(drawn, [Array.from({ length: 1500 }, () => random.next())]);
  });
});

describe('reference memory', () => {
  it('keeps float64 exactly and rounds on read', async () => {
    const backend = openReferenceBackend();
    const memory = backend.allocate(64);
    backend.writeExact(memory, 8, new Float64Array([0.1]));
    assert.equal(backend.readExact(memory, 8, 1)[0], 0.1);
    assert.deepEqual(await backend.read(memory, 8, 1, 'float32'), new Float32Array([0.1]));
  });

  it('reads each dtype as it was written, from any place of a buffer', async () => {
    const backend = openReferenceBackend();
    const memory = backend.allocate(256);
    for (const array of [new Float32Array([1.5, -2]), new Uint8Array([0, 255]), new Int32Array([-5, 7])]) {
      const dtype = array instanceof Float32Array ? 'float32' : array instanceof Uint8Array ? 'uint8' : 'int32';
      const bytes = new Uint8Array(array.byteLength + 1);
      bytes.set(new Uint8Array(array.buffer), 1);
      backend.write(memory, 64, bytes.subarray(1), dtype);
      assert.deepEqual(await backend.read(memory, 64, 2, dtype), array);
    }
  });

  it('says so where there is not enough', () => {
    assert.throws(() => openReferenceBackend().allocate(2 ** 45), {
      constructor: BackendError,
      message:
        /^reference backend: expected to get memory for 35184372088832 numbers, and there is not enough\. Use a smaller batch/,
    });
  });
});

describe('reference programs', () => {
  const testCase = {
    name: 'softmax',
    op: 'softmax',
    inputs: [given([300, 1000], 1, 2, 3)],
    attributes: {},
    tolerance: exact,
  } as const satisfies OpCase<'softmax'>;

  function repeated(times: number) {
    const guarded = programOf(testCase as unknown as OpCase);
    const [instruction] = guarded.program.instructions;
    const program: Program = { ...guarded.program, instructions: new Array(times).fill(instruction) };
    const backend = openReferenceBackend();
    const arenaMemory: BackendMemory = backend.allocate(guarded.plan.bytes);
    const memory = { arena: arenaMemory, variables: backend.allocate(64), scalars: backend.allocate(64) };
    const loaded = backend.load(program, guarded.plan, guarded.variableOffsets);
    return { run: (options?: { profile?: boolean }) => backend.run(loaded, memory, 1, options) };
  }

  it('refuse ops without a kernel', () => {
    const { program, plan, variableOffsets } = programOf(testCase as unknown as OpCase);
    const foreign = {
      ...program.instructions[0]!,
      op: 'reshape',
      label: 'flatten',
    } as unknown as Program['instructions'][number];
    assert.throws(() => openReferenceBackend().load({ ...program, instructions: [foreign] }, plan, variableOffsets), {
      constructor: BackendError,
      message:
        'reference backend: expected an op with a kernel, received "reshape" (flatten). ' +
        'Elementwise ops run inside elementwise instructions; leaves and aliases are no instructions.',
    });
  });

  it('time each instruction where asked to', async () => {
    const { run } = repeated(3);
    assert.deepEqual(await run(), {});
    const { instructionMs } = await run({ profile: true });
    assert.equal(instructionMs!.length, 3);
    assert.ok(instructionMs!.every((ms) => ms > 0));
  });

  it('let other work of the thread run in between', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await repeated(20).run();
    clearInterval(timer);
    assert.ok(turns >= 2, `expected other work to get turns, received ${turns}`);
  });

  it('close without anything to stop', async () => {
    await openReferenceBackend().close();
  });
});
