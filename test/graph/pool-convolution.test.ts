// Protects: convolutions and poolings become one op where they may, forwards and backwards, and no number changes.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { batchAxis } from '../../src/core/shape.ts';
import { gradient } from '../../src/graph/gradient.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { convolve } from '../../src/ops/conv2d.ts';
import { exp, multiply, relu } from '../../src/ops/elementwise.ts';
import { maxPool } from '../../src/ops/max-pool2d.ts';
import type { Value } from '../../src/ops/op.ts';
import { sum } from '../../src/ops/reduce.ts';
import { reshapeTo } from '../../src/ops/reshape.ts';
import { convolution, overlapping, pool2, simplified } from './simplified.ts';

describe('a convolution and the pooling of its result become one op', () => {
  interface LayerOptions {
    readonly channels?: number;
    readonly filters?: number;
    readonly kernelSize?: number;
    readonly steps?: typeof convolution;
    readonly activate?: (y: Value) => Value;
  }
  const layer = (graph: Graph, options: LayerOptions = {}) => {
    const { channels = 2, filters = 3, kernelSize = 3, steps = convolution, activate = relu } = options;
    const x = graph.input('x', [batchAxis, 9, 8, channels]);
    const kernel = graph.variable('k', [kernelSize, kernelSize, channels / steps.groups, filters]);
    const bias = graph.variable('bias', [filters]);
    return { x, kernel, bias, features: activate(convolve(x, kernel, bias, steps)) };
  };
  const weighted = (graph: Graph, pooled: Value) =>
    sum(multiply(pooled, graph.variable('r', [1, ...pooled.shape.slice(1)])));

  it('where nobody else reads what lies between', async () => {
    const ops = await simplified((graph) => graph.output('y', maxPool(layer(graph).features, pool2)));
    assert.deepEqual(ops, ['conv2dMaxPool2d']);
    const grouped = { channels: 3, steps: { ...convolution, groups: 3 } };
    const apart = await simplified((graph) => graph.output('y', maxPool(layer(graph, grouped).features, pool2)));
    assert.deepEqual(apart, ['conv2d', 'maxPool2d']);
    const uneven = { ...pool2, strideWidth: 3, poolWidth: 3 };
    const places = (activate: (y: Value) => Value) => (graph: Graph) => {
      graph.apply('maxPool2d', [layer(graph, { activate }).features], uneven).forEach((value, index) => {
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
  });

  it('with many channels only where windows fit into tiles', async () => {
    const opsOf = (options: LayerOptions, pooling: typeof pool2 = pool2) =>
      simplified((graph) => graph.output('y', maxPool(layer(graph, options).features, pooling)));
    const many = { channels: 16, filters: 16 };
    for (const fits of [many, { channels: 15 }, { channels: 15, kernelSize: 2 }]) {
      assert.deepEqual(await opsOf(fits), ['conv2dMaxPool2d'], JSON.stringify(fits));
    }
    const others: LayerOptions[] = [
      { ...many, filters: 15 },
      { ...many, kernelSize: 2 },
      { ...many, steps: { ...convolution, strideWidth: 2 } },
      { ...many, steps: { ...convolution, dilationHeight: 2 } },
    ];
    for (const other of others) assert.deepEqual(await opsOf(other), ['conv2d', 'maxPool2d'], JSON.stringify(other));
    assert.deepEqual(await opsOf(many, { ...pool2, poolWidth: 3, strideWidth: 3 }), ['conv2d', 'maxPool2d']);
  });

  it('backwards too; with few channels where no gradient of the pictures is asked for', async () => {
    const ops = await simplified((graph) => {
      const { kernel, features } = layer(graph);
      graph.output('dk', gradient(graph, weighted(graph, maxPool(features, pool2)), [kernel])[0]!);
    }, 1e-12);
    assert.ok(ops.includes('conv2dMaxPool2d') && ops.includes('conv2dMaxPool2dKernelGradient'), ops.join());
    assert.ok(!ops.includes('maxPool2dGradient') && !ops.includes('conv2d'), ops.join());
    const grouped = await simplified((graph) => {
      const { kernel, features } = layer(graph, { channels: 3, steps: { ...convolution, groups: 3 } });
      graph.output('dk', gradient(graph, weighted(graph, maxPool(features, pool2)), [kernel])[0]!);
    }, 1e-12);
    assert.ok(grouped.includes('maxPool2dGradient') && grouped.includes('conv2dKernelGradient'), grouped.join());
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
      const { kernel, bias, features } = layer(graph, { activate });
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

  it('backwards with many channels, in both directions', async () => {
    const backwards =
      (activate: (y: Value) => Value, read: (graph: Graph, spread: Value) => void = () => {}) =>
      (graph: Graph) => {
        const { x, kernel, bias, features } = layer(graph, { channels: 16, filters: 16, activate });
        const loss = weighted(graph, maxPool(features, pool2));
        gradient(graph, loss, [x, kernel, bias]).forEach((value, index) => {
          graph.output(`d${index}`, value!);
        });
        const spread = graph.nodes.find(({ op }) => op === 'maxPool2dGradient')!;
        read(graph, spread.outputs[0]!);
      };
    const relevant = (ops: string[]) => ops.filter((op) => /conv|Gradient|reduceSum/.test(op));
    assert.deepEqual(relevant(await simplified(backwards(relu), 1e-12)), [
      'conv2dMaxPool2d',
      'conv2dMaxPool2dInputGradient',
      'conv2dMaxPool2dKernelGradient',
    ]);
    const asked = await simplified(
      backwards(
        (y) => y,
        (graph, spread) => graph.output('spread', exp(spread)),
      ),
      1e-12,
    );
    assert.deepEqual(relevant(asked), [
      'conv2dMaxPool2d',
      'maxPool2dGradient',
      'conv2dInputGradient',
      'conv2dKernelGradient',
      'reduceSum',
    ]);
  });

  it('backwards neither with other windows, nor with many channels and few filters', async () => {
    const backwards = (pooling: typeof pool2, channels: number) => (graph: Graph) => {
      const { kernel, features } = layer(graph, { channels });
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
