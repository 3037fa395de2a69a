// Protects: a compiled graph runs for any batch, larger ones after smaller ones, and says what a run lacks.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openReferenceBackend } from '../../src/backends/reference/index.ts';
import { batchAxis } from '../../src/core/shape.ts';
import { Executable } from '../../src/engine/executable.ts';
import { ModelMemory } from '../../src/engine/model-memory.ts';
import { variableType } from '../../src/engine/variable-store.ts';
import { Graph } from '../../src/graph/graph.ts';
import { add, divide, multiply } from '../../src/ops/elementwise.ts';
import { sum } from '../../src/ops/reduce.ts';

async function compiled(): Promise<Executable> {
  const memory = new ModelMemory(openReferenceBackend());
  await memory.add([{ type: variableType('w', [2]), data: Float32Array.of(1, 2) }]);
  const graph = new Graph();
  const x = graph.input('x', [batchAxis, 2]);
  const w = graph.variable('w', [2]);
  const y = multiply(x, w);
  graph.output('y', y);
  graph.output('mean', divide(sum(y), graph.scalar('batchSize')));
  graph.output('before', w);
  graph.assign(w, add(w, graph.scalar('rate')));
  return Executable.compile(memory, graph);
}

const scalars = { rate: 0.5 };

describe('Executable', () => {
  it('runs batches of any size on one program', async () => {
    const executable = await compiled();
    for (const batch of [1, 7, 3, 40]) {
      const before = await executable.memory.read('w');
      const x = Float32Array.from({ length: batch * 2 }, (_, index) => index);
      const { outputs } = await executable.run({ batch, inputs: { x }, scalars });
      const expected = [...x].map((value, index) => value * before[index % 2]!);
      assert.deepEqual(outputs['y']!.shape, [batch, 2]);
      assert.deepEqual([...outputs['y']!.data], expected);
      assert.equal(outputs['mean']!.data[0], Math.fround(expected.reduce((total, value) => total + value) / batch));
      assert.deepEqual([...outputs['before']!.data], [...before]);
      assert.deepEqual(
        [...(await executable.memory.read('w'))],
        [...before].map((value) => value + 0.5),
      );
    }
    assert.ok(executable.arenaBytes(40) > executable.arenaBytes(1));
  });

  it('reads only the outputs that are asked for, and times instructions', async () => {
    const executable = await compiled();
    const run = { batch: 1, inputs: { x: Float32Array.of(1, 1) }, scalars };
    const { outputs, report } = await executable.run({ ...run, read: ['y'], profile: true });
    assert.deepEqual(Object.keys(outputs), ['y']);
    assert.equal(report.instructionMs!.length, executable.program.instructions.length);
  });

  it('says what a run lacks', async () => {
    const executable = await compiled();
    const x = Float32Array.of(1, 1);
    const fails = (run: object, message: string | RegExp) =>
      assert.rejects(executable.run({ batch: 1, inputs: { x }, scalars, ...run }), { message });
    await fails({ inputs: {} }, 'run: expected numbers for the input "x", received none.');
    await fails({ batch: 2 }, 'run: expected 4 numbers for the input "x" of shape [2, 2], received 2.');
    await fails({ scalars: {} }, 'run: expected a value for the scalar "rate", received none.');
    await fails({ read: ['z'] }, 'run: expected an output of the program, received "z".');
    await fails({ batch: 0, inputs: { x: new Float32Array() } }, /^run: batch must be a whole number of at least 1/);
  });

  it('runs again after a failure', async () => {
    const executable = await compiled();
    const inputs = { x: Float32Array.of(1, 1) };
    await assert.rejects(executable.run({ batch: 1, inputs, scalars: {} }));
    const { outputs } = await executable.run({ batch: 1, inputs, scalars });
    assert.deepEqual([...outputs['y']!.data], [1, 2]);
  });
});
