// Protects: the named architectures: their layers, sizes and parameters, and what they say to wrong ones.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Network } from '../../src/nn/network.ts';
import { cnn } from '../../src/zoo/cnn.ts';
import { deepCnn } from '../../src/zoo/deep-cnn.ts';
import { logisticRegression } from '../../src/zoo/logistic-regression.ts';
import { architecture, architectureNames } from '../../src/zoo/table.ts';

const inputShape = [150, 150, 3] as const;

describe('cnn', () => {
  it('has the thirteen layers that the courses teach, after a rescaling', () => {
    const network = Network.sequential(cnn({ inputShape, classes: 4 }), inputShape);
    const [first, ...rest] = network.layers.map(({ layer: { className } }) => className);
    assert.equal(first, 'Rescaling');
    const block = ['Conv2D', 'Activation', 'MaxPooling2D'];
    assert.deepEqual(rest, [...block, ...block, ...block, 'Flatten', 'Dense', 'Dropout', 'Dense']);
    assert.equal(rest.length, 13);
    assert.equal(network.parameterCount, 896 + 9248 + 18496 + (18496 * 256 + 256) + (256 * 4 + 4));
  });

  it('takes filters, units and dropout', () => {
    const network = Network.sequential(
      cnn({ inputShape, classes: 3, filters: [4], units: 5, dropout: 0.1 }),
      inputShape,
    );
    const config = (className: string) =>
      network.layers.find(({ layer }) => layer.className === className)!.layer.config;
    assert.deepEqual([config('Conv2D')['filters'], config('Dense')['units'], config('Dropout')['rate']], [4, 5, 0.1]);
    assert.deepEqual(network.outputShape, [-1, 3]);
  });

  it('refuses parameters that make no network', () => {
    const wrong = (options: object) => () => cnn({ inputShape, classes: 4, ...options });
    assert.throws(wrong({ filters: [] }), {
      name: 'OptionError',
      message: 'cnn: expected at least one number of filters, received none.',
    });
    assert.throws(
      wrong({ classes: 1 }),
      /^OptionError: cnn: classes must be a whole number of at least 2, received 1\./,
    );
    assert.throws(wrong({ filter: [8] }), /^OptionError: cnn: unknown option "filter"\. Did you mean "filters"\?/);
    assert.throws(wrong({ filters: [0] }), /^OptionError: Conv2D: filters must be/);
    assert.throws(wrong({ units: 0 }), /^OptionError: Dense: units must be/);
    assert.throws(wrong({ dropout: 2 }), /^OptionError: Dropout: rate must be/);
  });

  it('says which layer is too much for small pictures', () => {
    assert.throws(
      () => Network.sequential(cnn({ inputShape: [12, 12, 3], classes: 4 }), [12, 12, 3]),
      /^ShapeError: conv2d in conv2d_2: expected an input of at least 3×3 for its window, received \[batch, 1, 1, 32\]/,
    );
  });
});

describe('deepCnn', () => {
  it('goes from 148×148×32 down to 7×7×128, then 512 units, dropout and softmax', () => {
    const network = Network.sequential(deepCnn({ inputShape, classes: 4 }), inputShape);
    const shapes = network.layers.map(({ outputShape }) => outputShape.slice(1));
    assert.deepEqual(shapes[1], [148, 148, 32]);
    assert.deepEqual(shapes[8], [7, 7, 128]);
    const names = network.layers.map(({ layer: { className } }) => className);
    assert.deepEqual(names.slice(9), ['Flatten', 'Dense', 'Dropout', 'Dense']);
    assert.equal(network.layers.at(-2)!.layer.config['rate'], 0.4);
    const convolutions = 896 + 18496 + 73856 + 147584;
    assert.equal(network.parameterCount, convolutions + (6272 * 512 + 512) + (512 * 4 + 4));
    assert.throws(() => deepCnn({ inputShape, classes: 4, filters: [] }), {
      message: 'deepCnn: expected at least one number of filters, received none.',
    });
  });
});

describe('logisticRegression', () => {
  it('is one dense layer on the pixels', () => {
    const network = Network.sequential(logisticRegression({ inputShape: [4, 4, 1], classes: 3 }), [4, 4, 1]);
    assert.equal(network.parameterCount, 16 * 3 + 3);
    assert.throws(
      () => logisticRegression({ inputShape, classes: 4, units: 3 } as never),
      /^OptionError: logisticRegression: unknown option "units"/,
    );
  });
});

describe('architecture', () => {
  it('makes each one by its name', () => {
    for (const name of architectureNames) {
      assert.equal(Network.sequential(architecture(name, { inputShape, classes: 4 }), inputShape).outputShape[1], 4);
    }
    assert.throws(
      () => architecture('cn', { inputShape, classes: 4 }),
      /^OptionError: arch: unknown architecture "cn"\. Did you mean "cnn"\?/,
    );
  });
});
