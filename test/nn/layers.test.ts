// Protects: every layer's shapes, weights, configuration and gradient; its numbers against Keras; and what it says to wrong
// arguments.
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { batchAxis } from '../../src/core/shape.ts';
import { Graph } from '../../src/graph/graph.ts';
import { activationNames } from '../../src/nn/activations/table.ts';
import { initializerNames } from '../../src/nn/initializers/table.ts';
import type { LayerConfig } from '../../src/nn/layers/layer.ts';
import { layerDefinitions, layerFromConfig, layers } from '../../src/nn/layers/table.ts';
import { Network } from '../../src/nn/network.ts';
import { graphRunner } from '../support/run-graph.ts';
import { checkLayer, type LayerCase } from './check-layer.ts';
import { golden, type LayerGolden, places } from './network-golden.ts';

const cases: Readonly<Record<string, LayerCase>> = {
  rescaling: { layer: layers.rescaling({ scale: 0.5, offset: -1 }), inputShape: [3], outputShape: [3] },
  conv2d: {
    layer: layers.conv2d({ filters: 2, kernelSize: [2, 3], activation: 'tanh', kernelInitializer: 'heNormal' }),
    inputShape: [5, 6, 3],
    outputShape: [4, 4, 2],
    weights: { kernel: [2, 3, 3, 2], bias: [2] },
  },
  'conv2d with strides, padding and no bias': {
    layer: layers.conv2d({ filters: 2, kernelSize: 3, strides: 2, padding: 'same', useBias: false }),
    inputShape: [5, 4, 1],
    outputShape: [3, 2, 2],
    weights: { kernel: [3, 3, 1, 2] },
  },
  'conv2d with dilation': {
    layer: layers.conv2d({ filters: 1, kernelSize: 2, dilationRate: [2, 3], activation: 'sigmoid' }),
    inputShape: [4, 5, 2],
    outputShape: [2, 2, 1],
    weights: { kernel: [2, 2, 2, 1], bias: [1] },
  },
  maxPooling2d: { layer: layers.maxPooling2d(), inputShape: [5, 4, 2], outputShape: [2, 2, 2] },
  'maxPooling2d with overlap and padding': {
    layer: layers.maxPooling2d({ poolSize: 3, strides: [1, 2], padding: 'same' }),
    inputShape: [4, 5, 2],
    outputShape: [4, 3, 2],
  },
  activation: { layer: layers.activation({ activation: 'softmax' }), inputShape: [5], outputShape: [5] },
  flatten: { layer: layers.flatten(), inputShape: [2, 3, 2], outputShape: [12] },
  dense: {
    layer: layers.dense({ units: 3, activation: 'softmax', biasInitializer: 'ones' }),
    inputShape: [4],
    outputShape: [3],
    weights: { kernel: [4, 3], bias: [3] },
  },
  'dense without bias': {
    layer: layers.dense({ units: 2, useBias: false }),
    inputShape: [3],
    outputShape: [2],
    weights: { kernel: [3, 2] },
  },
  dropout: { layer: layers.dropout({ rate: 0.5 }), inputShape: [40], outputShape: [40], training: true },
};

describe('every layer', () => {
  for (const [name, layerCase] of Object.entries(cases)) it(name, () => checkLayer(layerCase));
});

/** The entries of a Keras configuration that cajal has too. */
function cajalConfig({ className, config }: LayerGolden): LayerConfig {
  const { layer } = Object.values(cases).find((one) => one.layer.className === className)!;
  return Object.fromEntries(Object.entries(config).filter(([key]) => key in layer.config));
}

for (const { name, skip, open } of await places()) {
  test(`${name}: ${golden.layers.length} layers compute what Keras ${golden.keras} does`, { skip }, async () => {
    const backend = await open();
    for (const expected of golden.layers) {
      const what = `${expected.className} ${JSON.stringify(cajalConfig(expected))}`;
      const network = Network.sequential(
        [layerFromConfig(expected.className, cajalConfig(expected))],
        expected.inputShape,
      );
      assert.deepEqual(network.outputShape, [batchAxis, ...expected.outputShape], what);
      const graph = new Graph();
      graph.output(
        'y',
        network.trace(graph, [graph.input('x', [batchAxis, ...expected.inputShape])], { training: false }).outputs[0]!,
      );
      const weights = network.weights.map((weight, index) => [
        weight.name,
        Float32Array.from(expected.weights[index]!),
      ]);
      const inputs = { x: Float32Array.from(expected.input), ...Object.fromEntries(weights) };
      const { y } = await graphRunner(graph, backend, 2).run(inputs);
      assert.equal(y!.length, expected.output.length, what);
      expected.output.forEach((value, place) => {
        assert.ok(
          Math.abs(y![place]! - value) <= 2e-6 * Math.max(1, Math.abs(value)),
          `${what}: ${y![place]} for ${value}`,
        );
      });
    }
    await backend.close();
  });
}

describe('wrong arguments', () => {
  const wrong = (make: (options: never) => unknown, options: object | undefined, message: string) =>
    assert.throws(() => make(options as never), { name: 'OptionError', message });

  it('are named by layer and option', () => {
    wrong(
      layers.conv2d,
      { filters: 0, kernelSize: 3 },
      'Conv2D: filters must be a whole number of at least 1, received 0.',
    );
    wrong(
      layers.conv2d,
      { filters: 1, kernelSize: [3] },
      'Conv2D: kernelSize must be a whole number or a pair [height, width], received [3].',
    );
    wrong(
      layers.conv2d,
      { filters: 1 },
      'Conv2D: kernelSize must be a whole number or a pair [height, width], received nothing.',
    );
    wrong(
      layers.maxPooling2d,
      { poolSize: 1.5 },
      'MaxPooling2D: poolSize must be a whole number of at least 1, received 1.5.',
    );
    wrong(
      layers.maxPooling2d,
      { padding: 'sane' },
      'MaxPooling2D: unknown padding "sane". Did you mean "same"? Choose from valid, same.',
    );
    wrong(
      layers.dense,
      { units: 2, activation: 'rely', name: 'head' },
      `Dense "head": unknown activation "rely". Did you mean "relu"? Choose from ${activationNames.join(', ')}.`,
    );
    wrong(
      layers.dense,
      { units: 2, kernelInitializer: 'glorot' },
      `Dense: unknown initializer "glorot". Choose from ${initializerNames.join(', ')}.`,
    );
    wrong(layers.dropout, { rate: 1 }, 'Dropout: rate must be a number of at least 0 and below 1, received 1.');
    wrong(layers.dropout, { rate: -0.1 }, 'Dropout: rate must be a number of at least 0 and below 1, received -0.1.');
    wrong(layers.rescaling, {}, 'Rescaling: scale must be a number, received undefined.');
    wrong(
      layers.input,
      undefined,
      'InputLayer: shape must be a list of sizes without batch, as [150, 150, 3], received nothing.',
    );
    wrong(
      layers.input,
      { shape: [] },
      'InputLayer: shape must be a list of sizes without batch, as [150, 150, 3], received [].',
    );
    wrong(
      layers.input,
      { shape: [4, -1] },
      'InputLayer: each size of shape must be a whole number of at least 1, received -1.',
    );
    wrong(
      layers.flatten,
      { name: 'a/b' },
      'Flatten: name must be letters, digits, "_", "-" or "." (and start with a letter or digit), received "a/b".',
    );
    wrong(layers.identity, { size: 1 }, 'Identity: unknown option "size". It takes no options.');
  });

  it('are refused in saved layers', () => {
    const known = Object.values(layerDefinitions)
      .map(({ className }) => className)
      .join(', ');
    assert.throws(() => layerFromConfig('Conv3D', {}), {
      name: 'OptionError',
      message: new RegExp(
        `^layer: unknown class "Conv3D"\\. Did you mean "Conv2D"\\? Choose from ${known}\\. For a layer of your own, give the function that makes it: \\{ customLayers: \\[itsFunction\\] \\}\\.$`,
      ),
    });
  });
});
