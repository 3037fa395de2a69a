// Protects: the words in which programs cross into C++, as native/include/cajal.h describes them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dtypes } from '../../src/core/dtype.ts';
import { batchAxis } from '../../src/core/shape.ts';
import { Graph } from '../../src/graph/graph.ts';
import { lower } from '../../src/graph/lower.ts';
import { planMemory } from '../../src/graph/memory-plan.ts';
import { type Operand, type Program, regions } from '../../src/graph/program.ts';
import { encodeProgram, programMagic, programVersion } from '../../src/graph/program-words.ts';
import { simplify } from '../../src/graph/simplify.ts';
import { add, clip, elementwiseNames, multiply } from '../../src/ops/elementwise.ts';
import { matrixProduct } from '../../src/ops/mat-mul.ts';
import { opNames } from '../../src/ops/table.ts';

function encoded(): { program: Program; words: Int32Array; offsets: readonly number[] } {
  const graph = new Graph();
  const x = graph.input('x', [batchAxis, 8]);
  const y = matrixProduct(x, graph.variable('kernel', [4, 8]), graph.variable('bias', [4]), {
    transposeB: 'yes',
    activation: 'relu',
  });
  graph.output('y', clip(add(multiply(y, graph.scalar('rate')), 0.1), -0.5, 1.5));
  const program = lower(simplify(graph));
  const plan = planMemory(program, 32);
  return { program, words: encodeProgram(program, plan, [640, 1280]), offsets: plan.offsets };
}

const floatOf = (word: number) => new Float32Array(Int32Array.of(word).buffer)[0]!;

describe('encodeProgram', () => {
  const { program, words, offsets } = encoded();
  const placeOf = ({ region, buffer }: Operand) =>
    region === 'arena' ? offsets[buffer]! / 64 : region === 'variables' ? [10, 20][buffer]! : buffer;
  const wordsOf = (operand: Operand) => [
    regions.indexOf(operand.region),
    dtypes.indexOf(operand.dtype),
    placeOf(operand),
    operand.shape.length,
    ...Array.from({ length: 6 }, (_, axis) => operand.shape[axis] ?? 1),
  ];

  it('begins with magic, version and the number of instructions', () => {
    assert.deepEqual([...words.subarray(0, 3)], [programMagic, programVersion, 2]);
    assert.equal(programMagic, 0x63616a61);
  });

  it('writes a kernel with its operands, and its attributes in the order of their fields', () => {
    const [kernel] = program.instructions;
    const length = words[3]!;
    assert.deepEqual([...words.subarray(3, 8)], [5 + 4 * 10 + 3, opNames.indexOf('matMul') + 1, 3, 1, 3]);
    const operands = [...kernel!.inputs, ...kernel!.outputs].flatMap(wordsOf);
    assert.deepEqual([...words.subarray(8, 48)], operands);
    assert.deepEqual([...words.subarray(48, 51)], [0, 1, 1]);
    assert.equal(length, 48);
  });

  it('writes a fused instruction with its constants and six words per step', () => {
    const fused = program.instructions[1]!;
    assert.ok(fused.kind === 'elementwise');
    const start = 3 + words[3]!;
    const operandCount = fused.inputs.length + fused.outputs.length;
    const attributes = start + 5 + operandCount * 10;
    assert.deepEqual([...words.subarray(start + 1, start + 4)], [0, fused.inputs.length, fused.outputs.length]);
    assert.deepEqual([...words.subarray(attributes, attributes + 3)], [fused.code.temporaries, 1, 3]);
    assert.equal(floatOf(words[attributes + 3]!), Math.fround(0.1));
    const steps = attributes + 4;
    const names = [0, 6, 12].map((offset) => elementwiseNames[words[steps + offset]!]);
    assert.deepEqual(names, ['multiply', 'add', 'clip']);
    assert.deepEqual([floatOf(words[steps + 16]!), floatOf(words[steps + 17]!)], [-0.5, 1.5]);
    fused.code.steps.forEach(({ target, a, b }, index) => {
      assert.deepEqual([...words.subarray(steps + index * 6 + 1, steps + index * 6 + 4)], [target, a, b]);
    });
    assert.equal(words.length, steps + 18);
  });

  it('writes a product with code as the words of both, its matrices first', () => {
    const graph = new Graph();
    const attributes = { transposeA: 'yes', transposeB: 'no', activation: 'linear' } as const;
    const [x, dy] = [graph.input('x', [batchAxis, 8]), graph.input('dy', [batchAxis, 4])];
    const [product] = graph.apply('matMul', [x, dy], attributes);
    graph.output('y', multiply(product!, graph.variable('rate', [4])));
    const fused = lower(simplify(graph));
    const made = encodeProgram(fused, planMemory(fused, 32), [640]);
    assert.deepEqual([...made.subarray(3, 8)], [5 + 4 * 10 + 3 + 3 + 6, opNames.length + 1, 3, 1, 3 + 3 + 6]);
    assert.deepEqual([made[8 + 4], made[8 + 5], made[18 + 4], made[18 + 5]], [-1, 8, -1, 4]);
    // Registers: the product, the rate, the output.
    assert.deepEqual([...made.subarray(48, 58)], [1, 0, 0, 0, 0, 1, elementwiseNames.indexOf('multiply'), 2, 0, 1]);
  });

  it('keeps the batch axis as -1, so that a program serves every batch', () => {
    assert.equal(words[8 + 4], -1);
  });
});
