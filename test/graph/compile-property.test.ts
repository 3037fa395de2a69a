// Protects: whatever a graph is made of, simplifying, fusing, lowering and planning its memory change no number of it.
// Hundreds of random graphs run compiled and are compared with an evaluation node by node; their programs are checked for
// order, limits and memory.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openReferenceBackend } from '../../src/backends/reference/index.ts';
import { bytesPerElement } from '../../src/core/dtype.ts';
import { elementCount } from '../../src/core/shape.ts';
import { mostValues } from '../../src/graph/fuse.ts';
import { lower } from '../../src/graph/lower.ts';
import { planMemory } from '../../src/graph/memory-plan.ts';
import type { Operand, Program } from '../../src/graph/program.ts';
import { formatProgram } from '../../src/graph/program-text.ts';
import { simplify } from '../../src/graph/simplify.ts';
import { graphRunner } from '../support/run-graph.ts';
import { evaluateNaively } from './naive-evaluation.ts';
import { randomGraph } from './random-graph.ts';

const seeds = Array.from({ length: 400 }, (_, seed) => seed);
const sizeOf = (seed: number) => 4 + (seed % 60);
const programOf = (seed: number): Program => lower(simplify(randomGraph(seed, sizeOf(seed)).graph));

describe('random graphs', () => {
  it('give the same numbers compiled and evaluated node by node', async () => {
    for (const seed of seeds) {
      const { graph, numbers, batch } = randomGraph(seed, sizeOf(seed));
      const expected = evaluateNaively(graph, numbers, batch);
      const actual = await graphRunner(graph, openReferenceBackend(), batch).run(numbers);
      for (const [name, values] of Object.entries(actual)) {
        const difference = worst(values as Float64Array, expected[name]!);
        assert.ok(
          difference <= 1e-12,
          `seed ${seed}, ${name}: differs by ${difference}\n${formatProgram(programOf(seed))}`,
        );
      }
      for (const name of graph.outputs.keys()) assert.ok(name in actual, `seed ${seed}: no ${name}`);
    }
  });

  it('become programs that write before they read, and assign after they read', () => {
    for (const seed of seeds) {
      const program = programOf(seed);
      const written = new Set(Object.values(program.inputs).map(({ buffer }) => buffer));
      const assigned = new Set<number>();
      const read = ({ region, buffer }: Operand) => {
        if (region === 'arena') assert.ok(written.has(buffer), `seed ${seed}: %${buffer} is read before it is written`);
        if (region === 'variables') assert.ok(!assigned.has(buffer), `seed ${seed}: a new value is read`);
      };
      for (const { inputs, outputs } of program.instructions) {
        inputs.forEach(read);
        for (const { region, buffer } of outputs) {
          assert.notEqual(region, 'scalars');
          (region === 'arena' ? written : assigned).add(buffer);
        }
      }
      for (const output of Object.values(program.outputs)) {
        assert.equal(output.region, 'arena');
        read(output);
      }
    }
  });

  it('never grow a fused instruction beyond its limits', () => {
    for (const seed of seeds) {
      for (const instruction of programOf(seed).instructions) {
        if (instruction.kind === 'kernel') continue;
        const { code, inputs, outputs } = instruction;
        assert.ok(code.steps.length <= mostValues, `seed ${seed}: ${code.steps.length} steps`);
        const operands = inputs.length + outputs.length;
        assert.ok(operands <= mostValues, `seed ${seed}: ${operands} operands`);
      }
    }
  });

  it('have buffers that are aligned, inside the arena, and apart while they are alive together', () => {
    for (const seed of seeds) {
      const program = programOf(seed);
      for (const batch of [1, 3, 32]) {
        const { offsets, bytes } = planMemory(program, batch);
        const places = program.buffers.map(({ shape, dtype, firstUse, lastUse }, buffer) => {
          const start = offsets[buffer]!;
          return { start, end: start + elementCount(shape, batch) * bytesPerElement(dtype), firstUse, lastUse };
        });
        places.forEach((one, index) => {
          assert.equal(one.start % 64, 0);
          assert.ok(one.end <= bytes);
          for (const two of places.slice(index + 1)) {
            const isTogether = one.firstUse <= two.lastUse && two.firstUse <= one.lastUse;
            assert.ok(!isTogether || one.end <= two.start || two.end <= one.start, `seed ${seed}: buffers overlap`);
          }
        });
      }
    }
  });

  it('keep each buffer alive from its first use to its last', () => {
    for (const seed of seeds) {
      const { instructions, buffers, outputs } = programOf(seed);
      instructions.forEach((instruction, index) => {
        for (const { region, buffer } of [...instruction.inputs, ...instruction.outputs]) {
          if (region !== 'arena') continue;
          assert.ok(buffers[buffer]!.firstUse <= index && index <= buffers[buffer]!.lastUse);
        }
      });
      for (const { buffer } of Object.values(outputs)) assert.equal(buffers[buffer]!.lastUse, instructions.length);
    }
  });
});

function worst(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let largest = 0;
  for (let place = 0; place < expected.length; place++) {
    const [a, e] = [actual[place]!, expected[place]!];
    if (Object.is(a, e) || a === e) continue;
    const error = Math.abs(a - e) / Math.max(1, Math.abs(e));
    largest = Math.max(largest, Number.isNaN(error) ? Infinity : error);
  }
  return largest;
}
