// Protects: a model's variables keep their numbers when others are added, and a refused change changes nothing.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openReferenceBackend } from '../../src/backends/reference/index.ts';
import { chooseBackend } from '../../src/engine/choose-backend.ts';
import { ModelMemory } from '../../src/engine/model-memory.ts';
import { memoryType, variableType } from '../../src/engine/variable-store.ts';

const open = () => new ModelMemory(openReferenceBackend());
const numbers = (...values: readonly number[]) => Float32Array.from(values);

describe('ModelMemory', () => {
  it('keeps what it holds when it grows', async () => {
    const memory = open();
    await memory.add([{ type: variableType('a', [3]), data: numbers(1, 2, 3) }]);
    await memory.write('a', numbers(4, 5, 6));
    await memory.add([
      { type: variableType('b', [20]), data: new Float32Array(20).fill(7) },
      { type: variableType('c', []), data: numbers(8) },
    ]);
    assert.deepEqual([...(await memory.read('a'))], [4, 5, 6]);
    assert.deepEqual([...(await memory.read('b'))], new Array(20).fill(7));
    assert.deepEqual([...(await memory.read('c'))], [8]);
    assert.deepEqual(
      memory.types.map(({ name }) => name),
      ['a', 'b', 'c'],
    );
    assert.deepEqual(memory.offsetsOf(memory.types), [0, 64, 192]);
  });

  it('refuses names twice, wrong counts and foreign names, and stays as it was', async () => {
    const memory = open();
    await memory.add([{ type: variableType('a', [2]), data: numbers(1, 2) }]);
    const b = { type: variableType('b', [2]), data: numbers(3, 4) };
    await assert.rejects(memory.add([b, { type: variableType('a', [2]), data: numbers(5, 6) }]), {
      name: 'OptionError',
      message: 'variable "a": expected a new name, received one that exists.',
    });
    await assert.rejects(memory.add([b, b]), /variable "b": expected a new name/);
    await assert.rejects(memory.add([b, { type: variableType('c', [3]), data: numbers(5) }]), {
      name: 'ShapeError',
      message: 'variable "c": expected 3 numbers for [3], received 1.',
    });
    assert.equal(memory.has('b'), false);
    await memory.add([b]);
    assert.deepEqual([...(await memory.read('b'))], [3, 4]);
    await assert.rejects(memory.write('a', numbers(1)), /variable "a": expected 2 numbers for \[2\], received 1\./);
    await assert.rejects(memory.read('z'), {
      name: 'BackendError',
      message: 'variable "z": expected one of the model\'s variables, received a foreign one.',
    });
    assert.deepEqual([...(await memory.read('a'))], [1, 2]);
  });

  it('writes numbers of another type as the variable’s own', async () => {
    const memory = open();
    await memory.add([{ type: variableType('a', [2]), data: Uint8Array.of(1, 2) }]);
    assert.deepEqual([...(await memory.read('a'))], [1, 2]);
  });

  it('fills with one number, or from a source in pieces, whatever lay there', async () => {
    for (const backend of [openReferenceBackend(), (await chooseBackend({ backend: 'wasm', threads: 1 })).backend]) {
      const memory = new ModelMemory(backend);
      const count = 1_100_003;
      let drawn = 0;
      await memory.add([
        { type: variableType('zeros', [3]), data: 0 },
        { type: variableType('drawn', [count]), data: () => drawn++ },
        { type: variableType('ones', [5]), data: 1 },
      ]);
      assert.equal(drawn, count);
      const numbersDrawn = await memory.read('drawn');
      assert.ok(numbersDrawn.every((value, place) => value === place));
      assert.deepEqual([...(await memory.read('ones'))], [1, 1, 1, 1, 1]);
      await memory.write('zeros', 4);
      await memory.write('ones', 0);
      assert.deepEqual(
        [[...(await memory.read('zeros'))], [...(await memory.read('ones'))]],
        [
          [4, 4, 4],
          [0, 0, 0, 0, 0],
        ],
      );
      await backend.close();
    }
  });

  it('does one thing after another', async () => {
    const memory = open();
    const order: number[] = [];
    const slow = memory.exclusive(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      order.push(1);
      throw new Error('the next one runs all the same');
    });
    const fast = memory.exclusive(async () => order.push(2));
    await assert.rejects(slow);
    await fast;
    assert.deepEqual(order, [1, 2]);
  });

  it('grows its arena and never shrinks it', () => {
    const memory = open();
    const large = memory.arena(640);
    assert.equal(memory.arena(64), large);
    assert.equal(memory.arena(1280).bytes, 1280);
  });
});

describe('memoryType', () => {
  it('refuses types without kernels', () => {
    assert.equal(memoryType('uint8'), 'uint8');
    assert.throws(() => memoryType('float16'), {
      name: 'BackendError',
      message: 'memory: expected float32, uint8 or int32, received float16. Other types have no kernels yet.',
    });
  });
});
