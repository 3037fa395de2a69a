// Protects the operations and bytes that times are divided by: counted by hand for each kind of instruction, and never
// twice or not at all for the batch.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gradient } from '../../src/graph/gradient.ts';
import { Graph } from '../../src/graph/graph.ts';
import { type InstructionCost, instructionCost } from '../../src/graph/instruction-cost.ts';
import { lower } from '../../src/graph/lower.ts';
import { instructionName } from '../../src/graph/program.ts';
import type { Value } from '../../src/ops/op.ts';
import { sum } from '../../src/ops/reduce.ts';

const window = { strideHeight: 1, strideWidth: 1, paddingTop: 0, paddingBottom: 0, paddingLeft: 0, paddingRight: 0 };
const convolution = { ...window, dilationHeight: 1, dilationWidth: 1, activation: 'linear', groups: 1 } as const;
const product = { transposeA: 'no', transposeB: 'no', activation: 'linear' } as const;

/** The costs of a graph's instructions by op, for a batch. */
function costsOf(batch: number, build: (graph: Graph) => Record<string, Value>): Map<string, InstructionCost[]> {
  const graph = new Graph();
  for (const [name, value] of Object.entries(build(graph))) graph.output(name, value);
  const costs = new Map<string, InstructionCost[]>();
  for (const instruction of lower(graph).instructions) {
    const op = instructionName(instruction);
    costs.set(op, [...(costs.get(op) ?? []), instructionCost(instruction, batch)]);
  }
  return costs;
}

describe('instructionCost', () => {
  it('counts a convolution and both its gradients by multiply-adds', () => {
    const costs = costsOf(5, (graph) => {
      const x = graph.input('x', [-1, 8, 8, 3], 'float32');
      const kernel = graph.variable('kernel', [3, 3, 3, 4]);
      const [y] = graph.apply('conv2d', [x, kernel], convolution);
      const [dx, dk] = gradient(graph, sum(y!), [x, kernel]);
      return { y: y!, dx: dx!, dk: dk! };
    });
    // 6 × 6 places, each 3 × 3 × 3 products for 4 filters; 5 pictures.
    const flops = 2 * 36 * 27 * 4 * 5;
    const [pictures, kernel, result] = [5 * 64 * 3 * 4, 108 * 4, 5 * 36 * 4 * 4];
    const bytes = pictures + kernel + result;
    for (const op of ['conv2d', 'conv2dInputGradient', 'conv2dKernelGradient']) {
      assert.deepEqual(costs.get(op), [{ flops, bytes }], op);
    }
  });

  it('counts a matrix product, with the batch outside, inside, or not there', () => {
    const costs = costsOf(7, (graph) => {
      const x = graph.input('x', [-1, 10], 'float32');
      const kernel = graph.variable('kernel', [10, 20]);
      const [y] = graph.apply('matMul', [x, kernel], product);
      const [dk] = graph.apply('matMul', [x, y!], { ...product, transposeA: 'yes' });
      const [square] = graph.apply('matMul', [kernel, dk!], { ...product, transposeB: 'yes' });
      return { dk: dk!, square: square! };
    });
    const flops = 2 * 7 * 10 * 20;
    assert.deepEqual(costs.get('matMul'), [
      { flops, bytes: 4 * (70 + 200 + 140) },
      { flops, bytes: 4 * (70 + 140 + 200) },
      { flops: 2 * 10 * 20 * 10, bytes: 4 * (200 + 200 + 100) },
    ]);
  });

  it('counts an operation for each step and element of a fused instruction, and bytes by their type', () => {
    const costs = costsOf(3, (graph) => {
      const x = graph.input('x', [-1, 6], 'uint8');
      const [scaled] = graph.apply('rescale', [x], { scale: 0.5, offset: 1 });
      const [y] = graph.apply('tanh', [scaled!], {});
      return { y: y! };
    });
    assert.deepEqual(costs.get('elementwise'), [{ flops: 2 * 18, bytes: 18 + 18 * 4 }]);
  });

  it('counts a product and the code over it together, and no bytes for what lies nowhere', () => {
    const costs = costsOf(7, (graph) => {
      const [x, dy] = [graph.input('x', [-1, 10]), graph.input('dy', [-1, 20])];
      const [slope] = graph.apply('matMul', [x, dy], { ...product, transposeA: 'yes' });
      const [scaled] = graph.apply('multiply', [slope!, graph.variable('rate', [20])], {});
      return { y: graph.apply('tanh', [scaled!], {})[0]! };
    });
    const flops = 2 * 7 * 10 * 20 + 2 * 200;
    assert.deepEqual(costs.get('matMul+elementwise'), [{ flops, bytes: 4 * (70 + 140 + 20 + 200) }]);
  });

  it('counts reductions, softmax and pooling', () => {
    const costs = costsOf(2, (graph) => {
      const x = graph.input('x', [-1, 4, 4, 5], 'float32');
      const [pooled, places] = graph.apply('maxPool2d', [x], {
        ...window,
        strideHeight: 2,
        strideWidth: 2,
        poolHeight: 2,
        poolWidth: 2,
      });
      const [answer] = graph.apply('softmax', [x], {});
      return { pooled: pooled!, places: places!, answer: answer!, total: sum(x) };
    });
    assert.deepEqual(costs.get('maxPool2d'), [{ flops: 4 * 20 * 2, bytes: 160 * 4 + 40 * 4 + 40 }]);
    assert.deepEqual(costs.get('softmax'), [{ flops: 5 * 160, bytes: 2 * 160 * 4 }]);
    assert.deepEqual(costs.get('reduceSum'), [{ flops: 160, bytes: 160 * 4 + 4 }]);
  });

  it('does not grow with the batch where no operand does', () => {
    const update = (batch: number) =>
      costsOf(batch, (graph) => {
        const weight = graph.variable('weight', [100]);
        const [y] = graph.apply('multiply', [weight, weight], {});
        return { y: y! };
      }).get('elementwise');
    assert.deepEqual(update(1), [{ flops: 100, bytes: 800 }]);
    assert.deepEqual(update(64), update(1));
  });
});
