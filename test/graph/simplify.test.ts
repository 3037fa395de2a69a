// Protects: each rule that makes graphs smaller fires where it should, not where it must not, and never changes a number.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { batchAxis } from '../../src/core/shape.ts';
import { gradient } from '../../src/graph/gradient.ts';
import { Graph } from '../../src/graph/graph.ts';
import { lower } from '../../src/graph/lower.ts';
import { simplify } from '../../src/graph/simplify.ts';
import { concatenateAll } from '../../src/ops/concatenate.ts';
import { convolve } from '../../src/ops/conv2d.ts';
import { add, divide, exp, multiply, relu, rescale, square } from '../../src/ops/elementwise.ts';
import { matrixProduct } from '../../src/ops/mat-mul.ts';
import { maxPool } from '../../src/ops/max-pool2d.ts';
import type { Value } from '../../src/ops/op.ts';
import { sum } from '../../src/ops/reduce.ts';
import { reshapeTo } from '../../src/ops/reshape.ts';
import { filterPictures } from '../../src/ops/separable-filter.ts';
import { padWith, sliceOf } from '../../src/ops/slice.ts';
import { withoutGradient } from '../../src/ops/stop-gradient.ts';
import { transposeAxes } from '../../src/ops/transpose.ts';
import { runProgram } from './run-program.ts';
import { convolution, overlapping, pool2, simplified } from './simplified.ts';

const matrix = (graph: Graph) => graph.input('x', [batchAxis, 4]);
const product = (graph: Graph) => matrixProduct(matrix(graph), graph.variable('w', [4, 4]), graph.variable('b', [4]));

describe('bytes', () => {
  const filtered = (scale: number, dtype: 'uint8' | 'float32') =>
    simplified((graph) => {
      const weights = graph.input('weights', [batchAxis, 3]);
      const x = graph.input('x', [batchAxis, 4, 5, 3], dtype);
      graph.output('y', filterPictures(rescale(x, scale, 0), weights, weights));
    });

  it('are read as they are by ops that can', async () => {
    assert.deepEqual(await filtered(1, 'uint8'), ['separableFilter']);
  });

  it('but not where they are rescaled', async () => {
    assert.deepEqual(await filtered(2, 'uint8'), ['rescale', 'separableFilter']);
    assert.deepEqual(await filtered(1, 'float32'), ['separableFilter']);
    assert.deepEqual(await filtered(2, 'float32'), ['rescale', 'separableFilter']);
  });
});

describe('what does nothing is passed through', () => {
  it('· 1, / 1, + 0, rescaling by 1 and 0, reshapes to the same shape', async () => {
    const ops = await simplified((graph) => {
      const x = exp(matrix(graph));
      const y = rescale(add(0, add(divide(multiply(multiply(x, 1), 1), 1), 0)), 1, 0);
      graph.output('y', square(reshapeTo(multiply(1, withoutGradient(y)), [batchAxis, 4])));
    });
    assert.deepEqual(ops, ['exp', 'square']);
  });

  it('transpositions that undo each other, parts that are the whole, one array put together', async () => {
    const ops = await simplified((graph) => {
      const x = exp(graph.input('x', [batchAxis, 2, 3, 4]));
      const there = transposeAxes(x, [0, 3, 1, 2]);
      const same = concatenateAll([sliceOf(padWith(x, [], 1), [0, 0, 0, 0], x.shape)]);
      graph.output('back', square(transposeAxes(there, [0, 2, 3, 1])));
      graph.output('on', transposeAxes(there, [0, 1, 3, 2]));
      graph.output('same', transposeAxes(square(same), [0, 1, 2, 3]));
      graph.output('part', sliceOf(same, [0, 1, 0, 0], [batchAxis, 1, 3, 4]));
    });
    assert.deepEqual(ops, ['exp', 'square', 'transpose', 'slice']);
  });

  it('but not where it changes shape or type', async () => {
    const ops = await simplified((graph) => {
      const x = matrix(graph);
      graph.output('column', multiply(reshapeTo(x, [batchAxis, 4, 1]), 1));
      graph.output('wider', add(graph.variable('row', [4]), multiply(x, 0)));
    });
    assert.deepEqual(ops, ['reshape', 'multiply', 'add']);
    const graph = new Graph();
    graph.output('y', rescale(graph.input('bytes', [batchAxis, 2], 'uint8'), 1, 0));
    assert.deepEqual(simplify(graph).outputs.get('y')!.dtype, 'float32');
  });

  it('a ReLU of a ReLU, of a folded one, and a gradient that passed it before', async () => {
    const twice = await simplified((graph) => graph.output('y', relu(relu(relu(matrix(graph))))));
    assert.deepEqual(twice, ['relu']);
    const ops = await simplified((graph) => {
      const y = relu(relu(product(graph)));
      graph.output('d', gradient(graph, sum(square(y)), [graph.variable('w', [4, 4])])[0]!);
    });
    assert.equal(ops.filter((op) => op === 'reluGradient').length, 1);
    assert.equal(ops.filter((op) => op === 'relu').length, 0);
  });
});

describe('dead and equal nodes', () => {
  it('are dropped and made once', async () => {
    const ops = await simplified((graph) => {
      const x = matrix(graph);
      graph.output('y', add(square(add(x, 2)), square(add(x, 2))));
    });
    assert.deepEqual(ops, ['add', 'square', 'add']);
    const graph = new Graph();
    exp(matrix(graph));
    graph.output('y', square(graph.variable('w', [])));
    assert.deepEqual([...simplify(graph).nodes.map(({ op }) => op)], ['variable', 'square']);
  });

  it('stay apart where attributes or the order of operands differ', async () => {
    const ops = await simplified((graph) => {
      const x = matrix(graph);
      const y = graph.variable('v', [4]);
      graph.output('y', add(multiply(x, y), multiply(y, x)));
      graph.output('z', add(rescale(x, 2, 0), rescale(x, 2, 1)));
    });
    assert.equal(ops.length, 6);
  });

  it('leave each assignment a place of its own', async () => {
    const graph = new Graph();
    const [a, b] = [graph.variable('a', [2]), graph.variable('b', [2])];
    const next = add(a, b);
    graph.assign(a, next);
    graph.assign(b, next);
    graph.output('copy', graph.apply('identity', [next], {})[0]!);
    const results = await runProgram(lower(simplify(graph)), { a: [1, 2], b: [10, 20] }, 1);
    for (const name of ['a', 'b', 'copy']) assert.deepEqual([...results[name]!], [11, 22], name);
  });
});

describe('outputs that are leaves', () => {
  it('are copied: an output is what a variable held before its assignment', async () => {
    const graph = new Graph();
    const w = graph.variable('w', [4]);
    graph.output('before', multiply(w, 1));
    graph.output('square', reshapeTo(w, [2, 2]));
    graph.output('rate', multiply(graph.scalar('rate'), 1));
    graph.output('two', graph.constant(2));
    graph.output('of a constant', sum(reshapeTo(graph.constant(3), [1, 1]), 0, 0));
    graph.assign(w, add(w, 1));
    const program = lower(simplify(graph));
    const results = await runProgram(program, { w: [1, 2, 3, 4], rate: [0.5] }, 1);
    assert.deepEqual([...results['before']!], [1, 2, 3, 4]);
    assert.deepEqual([...results['square']!], [1, 2, 3, 4]);
    assert.deepEqual([...results['w']!], [2, 3, 4, 5]);
    assert.deepEqual([...results['rate']!], [0.5]);
    assert.deepEqual([...results['two']!], [2]);
    assert.deepEqual([...results['of a constant']!], [3]);
  });
});

describe('ReLU is folded into products', () => {
  it('of matrices and convolutions with one reader', async () => {
    assert.deepEqual(await simplified((graph) => graph.output('y', relu(product(graph)))), ['matMul']);
    const ops = await simplified((graph) => {
      const x = graph.input('x', [batchAxis, 4, 4, 2]);
      graph.output('y', relu(convolve(x, graph.variable('k', [3, 3, 2, 3]), undefined, convolution)));
    });
    assert.deepEqual(ops, ['conv2d']);
  });

  it('but not where the value before is asked for, or read by another', async () => {
    const asked = await simplified((graph) => {
      const y = product(graph);
      graph.output('before', y);
      graph.output('y', relu(y));
    });
    assert.deepEqual(asked, ['matMul', 'relu']);
    const twice = await simplified((graph) => {
      const y = product(graph);
      graph.output('y', add(relu(y), y));
    });
    assert.deepEqual(twice, ['matMul', 'relu', 'add']);
  });
});

describe('the gradient of a ReLU before pooling', () => {
  // So many channels, and so few filters, that convolution and pooling stay two ops.
  const channels = 16;
  const build = (attributes: typeof pool2, between: (y: Value) => Value) => (graph: Graph) => {
    const kernel = graph.variable('k', [3, 3, channels, 3]);
    const bias = graph.variable('bias', [3]);
    const features = relu(convolve(graph.input('x', [batchAxis, 8, 8, channels]), kernel, bias, convolution));
    const pooled = maxPool(between(features), attributes);
    const weights = graph.variable('r', [1, pooled.shape[1]!, pooled.shape[2]!, 3]);
    const [dk, db] = gradient(graph, sum(multiply(pooled, weights)), [kernel, bias]);
    graph.output('dk', dk!);
    graph.output('db', db!);
  };

  it('is taken after it, and summed there', async () => {
    const ops = await simplified(
      build(pool2, (y) => y),
      1e-12,
    );
    assert.ok(ops.indexOf('reluGradient') < ops.indexOf('maxPool2dGradient'), ops.join());
    assert.equal(ops.filter((op) => op === 'reluGradient').length, 1);
    assert.equal(ops.filter((op) => op === 'conv2d').length, 1);
  });

  it('also where windows overlap or leave places out', async () => {
    await simplified(
      build(overlapping, (y) => y),
      1e-9,
    );
    await simplified(
      build({ ...pool2, strideHeight: 3, strideWidth: 3 }, (y) => y),
      1e-9,
    );
  });

  it('stays where the pooled value is not the ReLU itself', async () => {
    const ops = await simplified(
      build(pool2, (y) => multiply(y, -1)),
      1e-12,
    );
    assert.ok(ops.lastIndexOf('reluGradient') > ops.indexOf('maxPool2dGradient'), ops.join());
  });

  it('stays where the ReLU is another one than that which was pooled', async () => {
    const ops = await simplified((graph) => {
      const x = graph.variable('x', [2, 4, 4, 3]);
      const [d] = gradient(graph, sum(square(maxPool(x, pool2))), [x]);
      graph.output('y', graph.apply('reluGradient', [d!, relu(graph.variable('other', [2, 4, 4, 3]))], {})[0]!);
    }, 1e-12);
    assert.ok(ops.lastIndexOf('reluGradient') > ops.indexOf('maxPool2dGradient'), ops.join());
  });

  it('a sum over other axes than those of the pictures stays', async () => {
    const ops = await simplified((graph) => {
      const x = graph.variable('x', [2, 4, 4, 3]);
      const [d] = gradient(graph, sum(square(maxPool(x, pool2))), [x]);
      graph.output('all', sum(d!));
      graph.output('kept', sum(d!, 0, 2, 'yes'));
      graph.output('rows', sum(d!, 1, 2));
      graph.output('columns', sum(d!, 0, 1));
      graph.output('channels', sum(d!, 0, 2));
    }, 1e-12);
    const sums = ops.filter((op) => op === 'reduceSum');
    assert.equal(sums.length, 5);
  });
});
