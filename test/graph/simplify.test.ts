// Protects: each rule that makes graphs smaller fires where it should, not where it must not, and never changes a number.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random } from '../../src/core/random.ts';
import { batchAxis, elementCount } from '../../src/core/shape.ts';
import { gradient } from '../../src/graph/gradient.ts';
import { Graph } from '../../src/graph/graph.ts';
import { lower } from '../../src/graph/lower.ts';
import { simplify } from '../../src/graph/simplify.ts';
import { convolve } from '../../src/ops/conv2d.ts';
import { add, divide, exp, multiply, relu, rescale, square } from '../../src/ops/elementwise.ts';
import { matrixProduct } from '../../src/ops/mat-mul.ts';
import { maxPool } from '../../src/ops/max-pool2d.ts';
import type { Value } from '../../src/ops/op.ts';
import { sum } from '../../src/ops/reduce.ts';
import { reshapeTo } from '../../src/ops/reshape.ts';
import { runProgram } from './run-program.ts';

const leaves = ['input', 'variable', 'scalar', 'constant'];

/** Simplifies the graph that `build` makes, checks that its numbers stay the same, and returns its ops. */
async function simplified(build: (graph: Graph) => void, tolerance = 0): Promise<string[]> {
  const graph = new Graph();
  build(graph);
  const after = simplify(graph);
  const numbers: Record<string, Float64Array> = {};
  const random = new Random(5);
  for (const [name, { shape }] of [...graph.inputs, ...graph.variables]) {
    numbers[name] = Float64Array.from({ length: elementCount(shape, 3) }, () => random.uniform(-1, 1));
  }
  const expected = await runProgram(lower(graph), numbers, 3);
  const actual = await runProgram(lower(after), numbers, 3);
  for (const name of [...graph.outputs.keys(), ...after.variables.keys()]) {
    expected[name]!.forEach((value, place) => {
      assert.ok(Math.abs(actual[name]![place]! - value) <= tolerance * Math.abs(value), `${name} at ${place}`);
    });
  }
  return after.nodes.map(({ op }) => op).filter((op) => !leaves.includes(op));
}

const window = { strideHeight: 1, strideWidth: 1, paddingTop: 0, paddingBottom: 0, paddingLeft: 0, paddingRight: 0 };
const convolution = { ...window, dilationHeight: 1, dilationWidth: 1, activation: 'linear' as const };
const pool2 = { ...window, strideHeight: 2, strideWidth: 2, poolHeight: 2, poolWidth: 2 };
const overlapping = { ...pool2, strideHeight: 1, strideWidth: 1 };

const matrix = (graph: Graph) => graph.input('x', [batchAxis, 4]);
const product = (graph: Graph) => matrixProduct(matrix(graph), graph.variable('w', [4, 4]), graph.variable('b', [4]));

describe('what does nothing is passed through', () => {
  it('· 1, / 1, + 0, rescaling by 1 and 0, reshapes to the same shape', async () => {
    const ops = await simplified((graph) => {
      const x = exp(matrix(graph));
      const y = rescale(add(0, add(divide(multiply(multiply(x, 1), 1), 1), 0)), 1, 0);
      graph.output('y', square(reshapeTo(multiply(1, y), [batchAxis, 4])));
    });
    assert.deepEqual(ops, ['exp', 'square']);
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
  // So many channels that convolution and pooling stay two ops.
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

describe('a convolution and the pooling of its result become one op', () => {
  const layer = (graph: Graph, channels = 2, activate: (y: Value) => Value = relu) => {
    const x = graph.input('x', [batchAxis, 9, 8, channels]);
    const kernel = graph.variable('k', [3, 3, channels, 3]);
    const bias = graph.variable('bias', [3]);
    return { x, kernel, bias, features: activate(convolve(x, kernel, bias, convolution)) };
  };
  const weighted = (graph: Graph, pooled: Value) =>
    sum(multiply(pooled, graph.variable('r', [1, pooled.shape[1]!, pooled.shape[2]!, 3])));

  it('where nobody else reads what lies between', async () => {
    const ops = await simplified((graph) => graph.output('y', maxPool(layer(graph).features, pool2)));
    assert.deepEqual(ops, ['conv2dMaxPool2d']);
    const uneven = { ...pool2, strideWidth: 3, poolWidth: 3 };
    const places = (activate: (y: Value) => Value) => (graph: Graph) => {
      graph.apply('maxPool2d', [layer(graph, 2, activate).features], uneven).forEach((value, index) => {
        graph.output(`y${index}`, value);
      });
    };
    assert.deepEqual(await simplified(places((y) => y)), ['conv2dMaxPool2d']);
    // Behind a ReLU the joined op's places say something else where the largest value is 0.
    assert.deepEqual(await simplified(places(relu)), ['conv2d', 'maxPool2d']);
  });

  it('behind a ReLU not where the gradient passes where the ReLU would not let it', async () => {
    const ops = await simplified((graph) => {
      const [y, places] = graph.apply('maxPool2d', [layer(graph).features], pool2);
      const pooling = { ...pool2, height: 7, width: 6 };
      graph.output('dx', graph.apply('maxPool2dGradient', [exp(y!), places!], pooling)[0]!);
    });
    assert.deepEqual(ops, ['conv2d', 'maxPool2d', 'exp', 'maxPool2dGradient']);
  });

  it('not where a byte cannot number the places and none', async () => {
    const pooled = (poolWidth: number) => (graph: Graph) => {
      const x = graph.input('x', [batchAxis, 18, 18, 1]);
      const features = convolve(x, graph.variable('k', [3, 3, 1, 2]), undefined, convolution);
      const window = { ...pool2, strideHeight: 16, poolHeight: 16, strideWidth: poolWidth, poolWidth };
      graph.output('y', maxPool(features, window));
    };
    assert.deepEqual(await simplified(pooled(15)), ['conv2dMaxPool2d']);
    assert.deepEqual(await simplified(pooled(16)), ['conv2d', 'maxPool2d']);
  });

  it('not where the caller reads it, or another op, in whatever way', async () => {
    const between: Record<string, (graph: Graph, features: Value) => void> = {
      asked: (graph, features) => graph.output('between', features),
      read: (graph, features) => graph.output('between', exp(features)),
      reshaped: (graph, features) => graph.output('between', reshapeTo(features, [batchAxis, 126])),
      'behind what does nothing': (graph, features) => graph.output('between', multiply(features, 1)),
      'pooled otherwise': (graph, features) => graph.output('between', maxPool(features, overlapping)),
    };
    for (const [name, read] of Object.entries(between)) {
      const ops = await simplified((graph) => {
        const { features } = layer(graph);
        read(graph, features);
        graph.output('y', maxPool(features, pool2));
      });
      assert.ok(ops.includes('conv2d') && !ops.includes('conv2dMaxPool2d'), `${name}: ${ops}`);
    }
    const behind = await simplified((graph) => {
      const { features } = layer(graph);
      graph.output('y', maxPool(multiply(features, 1), pool2));
      graph.output('between', features);
    });
    assert.deepEqual(behind, ['conv2d', 'maxPool2d']);
  });

  it('not where a node equal to it is read, even one that another rule made', async () => {
    const ops = await simplified((graph) => {
      const { features } = layer(graph);
      graph.output('y', maxPool(features, pool2));
      graph.output('between', layer(graph).features);
    });
    assert.deepEqual(ops, ['conv2d', 'maxPool2d']);
  });

  it('not where windows overlap, leave gaps or reach over the edge, nor with many channels', async () => {
    const others = [
      overlapping,
      { ...pool2, strideHeight: 3 },
      { ...pool2, strideWidth: 3 },
      { ...pool2, paddingBottom: 1 },
      { ...pool2, paddingLeft: 1 },
    ];
    for (const pooling of others) {
      const ops = await simplified((graph) => graph.output('y', maxPool(layer(graph).features, pooling)));
      assert.deepEqual(ops, ['conv2d', 'maxPool2d'], JSON.stringify(pooling));
    }
    const many = await simplified((graph) => graph.output('y', maxPool(layer(graph, 16).features, pool2)));
    assert.deepEqual(many, ['conv2d', 'maxPool2d']);
    const few = await simplified((graph) => graph.output('y', maxPool(layer(graph, 15).features, pool2)));
    assert.deepEqual(few, ['conv2dMaxPool2d']);
  });

  it('backwards too, where no gradient of the pictures is asked for', async () => {
    const ops = await simplified((graph) => {
      const { kernel, features } = layer(graph);
      graph.output('dk', gradient(graph, weighted(graph, maxPool(features, pool2)), [kernel])[0]!);
    }, 1e-12);
    assert.ok(ops.includes('conv2dMaxPool2d') && ops.includes('conv2dMaxPool2dKernelGradient'), ops.join());
    assert.ok(!ops.includes('maxPool2dGradient') && !ops.includes('conv2d'), ops.join());
    const both = await simplified((graph) => {
      const { x, kernel, features } = layer(graph);
      const [dx, dk] = gradient(graph, weighted(graph, maxPool(features, pool2)), [x, kernel]);
      graph.output('dx', dx!);
      graph.output('dk', dk!);
    }, 1e-12);
    assert.deepEqual(
      both.filter((op) => /conv|Gradient/.test(op)),
      ['conv2dMaxPool2d', 'reluGradient', 'maxPool2dGradient', 'conv2dInputGradient', 'conv2dKernelGradient'],
    );
  });

  it('backwards takes the gradients of ReLU and bias with it', async () => {
    const backwards = (activate: (y: Value) => Value) => (graph: Graph) => {
      const { kernel, bias, features } = layer(graph, 2, activate);
      const [dk, db] = gradient(graph, weighted(graph, maxPool(features, pool2)), [kernel, bias]);
      graph.output('dk', dk!);
      graph.output('db', db!);
    };
    for (const activate of [relu, (y: Value) => y]) {
      const ops = await simplified(backwards(activate), 1e-12);
      assert.ok(ops.includes('conv2dMaxPool2dKernelGradient') && !ops.includes('reluGradient'), ops.join());
      assert.ok(!ops.includes('reduceSum'), ops.join());
    }
    const another = await simplified((graph) => {
      const { x, features } = layer(graph);
      const arriving = graph.input('r', [batchAxis, 3, 3, 3]);
      const [y, places] = graph.apply('maxPool2d', [features], pool2);
      const [passing] = graph.apply('reluGradient', [arriving, y!], {});
      const [spread] = graph.apply('maxPool2dGradient', [passing!, places!], { ...pool2, height: 7, width: 6 });
      const { activation: _, ...steps } = convolution;
      const attributes = { ...steps, kernelHeight: 3, kernelWidth: 3 };
      graph.output('dk', graph.apply('conv2dKernelGradient', [x, spread!], attributes)[0]!);
      graph.output('sum of what does not pass too', sum(arriving, 0, 2));
    }, 1e-12);
    assert.ok(another.includes('conv2dMaxPool2dKernelGradient') && another.includes('reduceSum'), another.join());
  });

  it('backwards neither with other windows, nor with many channels', async () => {
    const backwards = (pooling: typeof pool2, channels: number) => (graph: Graph) => {
      const { kernel, features } = layer(graph, channels);
      graph.output('dk', gradient(graph, weighted(graph, maxPool(features, pooling)), [kernel])[0]!);
    };
    for (const [pooling, channels] of [
      [overlapping, 2],
      [pool2, 16],
    ] as const) {
      const ops = await simplified(backwards(pooling, channels), 1e-9);
      assert.ok(ops.includes('maxPool2dGradient') && ops.includes('conv2dKernelGradient'), ops.join());
    }
  });
});
