// Protects: what layers say to wrong arguments and to shapes that they cannot take.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { batchAxis } from '../../src/core/shape.ts';
import { activationNames } from '../../src/nn/activations/table.ts';
import { layerDefinitions, layerFromConfig } from '../../src/nn/layers/table.ts';

/** A layer is made from options, and refused with a message. */
function refuses(className: string, options: object, message: string): void {
  assert.throws(() => layerFromConfig(className, { ...options }), { message: `${className}: ${message}` });
}

/** A layer is given shapes of one example each, and refuses them with a message. */
function refusesShapes(
  className: string,
  options: object,
  shapes: readonly (readonly number[])[],
  message: string,
): void {
  const definition = Object.values(layerDefinitions).find((one) => one.className === className)!;
  const config = definition.configure(options, className);
  const inputs = shapes.map((shape) => [batchAxis, ...shape]);
  assert.throws(() => definition.weights!(config, inputs[0]!, className, inputs), {
    message: `${className}: ${message}`,
  });
}

describe('wrong arguments', () => {
  it('of convolutions', () => {
    const conv = { filters: 2, kernelSize: 3 };
    const dataFormat =
      'dataFormat must be "channelsLast", received "channelsFirst". cajal\'s pictures are [batch, height, width, channels]: move the channels to the last axis.';
    for (const className of ['Conv2D', 'MaxPooling2D', 'Flatten', 'GlobalAveragePooling2D']) {
      refuses(className, { ...(className === 'Conv2D' && conv), dataFormat: 'channelsFirst' }, dataFormat);
    }
    refuses('Conv2D', { ...conv, filters: Number.NaN }, 'filters must be a whole number of at least 1, received NaN.');
    refuses('Conv2D', { ...conv, useBias: 'yes' }, 'useBias must be true or false, received "yes".');
    refuses(
      'Conv2D',
      { ...conv, kernelRegularizer: 'l3' },
      'unknown regularizer "l3". Did you mean "l1"? Choose from l1, l2, l1l2, orthogonalRegularizer.',
    );
    refuses('Conv2D', { ...conv, strides: 0 }, 'strides must be a whole number of at least 1, received 0.');
    refusesShapes(
      'Conv2D',
      conv,
      [[4, 4]],
      'expected pictures [batch, height, width, channels], received [batch, 4, 4].',
    );
    refusesShapes('Dense', { units: 1 }, [[]], 'expected at least one axis after the batch, received [batch].');
  });

  it('of shapes', () => {
    refuses(
      'Reshape',
      { targetShape: 3 },
      'targetShape must be a list of sizes without batch, at most one of them -1, received 3.',
    );
    refuses(
      'Reshape',
      { targetShape: [-1, -1] },
      'targetShape must be a list of sizes without batch, at most one of them -1, received [-1,-1].',
    );
    refuses(
      'Reshape',
      { targetShape: [0] },
      'each size of targetShape must be a whole number of at least 1, received 0.',
    );
    for (const targetShape of [[5], [-1, 5], [2, 2, 2]]) {
      refusesShapes(
        'Reshape',
        { targetShape },
        [[3, 4]],
        `expected a targetShape for the 12 values of an input [batch, 3, 4], received [${targetShape.join(', ')}].`,
      );
    }
  });

  it('of normalizations', () => {
    refuses('BatchNormalization', { epsilon: -1 }, 'epsilon must be a number of at least 0, received -1.');
    refuses(
      'BatchNormalization',
      { momentum: 2 },
      'momentum must be a number of at least 0 and of at most 1, received 2.',
    );
    for (const className of ['BatchNormalization', 'GroupNormalization']) {
      refusesShapes(
        className,
        { axis: 1 },
        [[4, 32]],
        'axis must be -1, the last one, where cajal has the channels, received 1.',
      );
    }
    refuses('LayerNormalization', { axis: 'last' }, 'axis must be a whole number or a list of them, received "last".');
    refusesShapes(
      'LayerNormalization',
      { axis: [1] },
      [[4, 3]],
      'axis must be the last axis or a run of axes that ends there, received [1] for an input [batch, 4, 3].',
    );
    refusesShapes(
      'LayerNormalization',
      { axis: 3 },
      [[4, 3]],
      'axis must be from 1 to 2, or from -2 to -1, for an input [batch, 4, 3], received 3.',
    );
    refuses('GroupNormalization', { groups: 0 }, 'groups must be a whole number of at least 1, received 0.');
    refusesShapes(
      'GroupNormalization',
      {},
      [[4, 4, 48]],
      'expected groups to divide the 48 channels of [batch, 4, 4, 48], received 32.',
    );
  });

  it('of activations and dropout', () => {
    refuses('ReLU', { maxValue: -1 }, 'maxValue must be a number of at least 0, received -1.');
    refuses('LeakyReLU', { negativeSlope: -0.1 }, 'negativeSlope must be a number of at least 0, received -0.1.');
    refuses('PReLU', { sharedAxes: 'all' }, 'sharedAxes must be whole numbers, as [1, 2], received "all".');
    refusesShapes(
      'PReLU',
      { sharedAxes: 4 },
      [[4, 3]],
      'axis must be from 1 to 2, or from -2 to -1, for an input [batch, 4, 3], received 4.',
    );
    refusesShapes(
      'Softmax',
      { axis: 0 },
      [[4]],
      'axis must be from 1 to 1, or from -1 to -1, for an input [batch, 4], received 0.',
    );
    refuses('SpatialDropout2D', { rate: Number.NaN }, 'rate must be a number of at least 0 and below 1, received NaN.');
    refuses('GaussianDropout', { rate: 1 }, 'rate must be a number of at least 0 and below 1, received 1.');
    refuses(
      'Activation',
      {},
      `expected activation as a name, a name with options or a function, received nothing. Choose from ${activationNames.join(', ')}.`,
    );
  });

  it('of groups, multipliers and transposed convolutions', () => {
    const conv = { filters: 4, kernelSize: 3 };
    refuses('Conv2D', { ...conv, groups: 3 }, 'groups must divide the 4 filters, received 3.');
    refuses('Conv2D', { ...conv, groups: 0 }, 'groups must be a whole number of at least 1, received 0.');
    refusesShapes(
      'Conv2D',
      { ...conv, groups: 2 },
      [[4, 4, 3]],
      'expected groups to divide the 3 channels, received 2.',
    );
    refuses('Conv2D', { ...conv, filters: 0 }, 'filters must be a whole number of at least 1, received 0.');
    for (const className of ['SeparableConv2D', 'DepthwiseConv2D']) {
      const options = { kernelSize: 3, ...(className === 'SeparableConv2D' && { filters: 4 }) };
      refuses(
        className,
        { ...options, depthMultiplier: 0 },
        'depthMultiplier must be a whole number of at least 1, received 0.',
      );
      refusesShapes(
        className,
        options,
        [[4]],
        'expected pictures [batch, height, width, channels], received [batch, 4].',
      );
    }
    refuses(
      'Conv2DTranspose',
      { ...conv, strides: 2, outputPadding: 2 },
      'outputPadding must be below the strides [2, 2], received [2, 2].',
    );
    refuses(
      'Conv2DTranspose',
      { ...conv, strides: 2, outputPadding: -1 },
      'outputPadding must be a whole number of at least 0, received -1.',
    );
  });

  it('of margins and orders', () => {
    const forms = 'must be a number, a pair [rows, columns] or [[top, bottom], [left, right]], received';
    refuses('ZeroPadding2D', { padding: [1, 2, 3] }, `padding ${forms} [1,2,3].`);
    refuses('ZeroPadding2D', { padding: [[1], 2] }, `padding ${forms} [[1],2].`);
    refuses('ZeroPadding2D', { padding: -1 }, 'padding must be a whole number of at least 0, received -1.');
    refuses('Cropping2D', { cropping: 0.5 }, 'cropping must be a whole number of at least 0, received 0.5.');
    refusesShapes(
      'Cropping2D',
      {
        cropping: [
          [1, 2],
          [0, 0],
        ],
      },
      [[3, 3, 1]],
      'expected pictures larger than what is cropped, received [batch, 3, 3, 1] for a cropping of [[1,2],[0,0]].',
    );
    for (const dims of [[2, 3], [1, 1], [0, 1], 2]) {
      refuses(
        'Permute',
        { dims },
        `dims must hold each axis from 1 on once, as [2, 1], received ${JSON.stringify(dims)}.`,
      );
    }
    refusesShapes(
      'Permute',
      { dims: [2, 1] },
      [[3]],
      'expected an input with the 2 axes of dims after the batch, received [batch, 3].',
    );
  });

  it('of pooling and resizing', () => {
    const pictures = 'expected pictures [batch, height, width, channels], received [batch, 4].';
    refuses('AveragePooling2D', { poolSize: 0 }, 'poolSize must be a whole number of at least 1, received 0.');
    refuses('GlobalMaxPooling2D', { keepdims: 1 }, 'keepdims must be true or false, received 1.');
    const size = { height: 2, width: 2 };
    for (const className of ['Resizing', 'CenterCrop']) {
      refuses(className, { ...size, height: 0 }, 'height must be a whole number of at least 1, received 0.');
      refusesShapes(className, size, [[4]], pictures);
    }
    for (const className of ['AveragePooling2D', 'GlobalMaxPooling2D', 'UpSampling2D']) {
      refusesShapes(className, {}, [[4]], pictures);
    }
    refuses(
      'UpSampling2D',
      { interpolation: 'bilinea' },
      'unknown interpolation "bilinea". Did you mean "bilinear"? Choose from nearest, bilinear, bicubic.',
    );
    refuses('Resizing', { ...size, cropToAspectRatio: 1 }, 'cropToAspectRatio must be true or false, received 1.');
    refuses('Resizing', { ...size, padToAspectRatio: 1 }, 'padToAspectRatio must be true or false, received 1.');
    refuses('Resizing', { ...size, fillValue: Number.NaN }, 'fillValue must be a number, received NaN.');
    refuses('Resizing', { ...size, fillValue: [0, 0, 0] }, 'fillValue must be a number, received [0,0,0].');
    refuses('Resizing', { ...size, fillMode: 'reflect' }, 'unknown fillMode "reflect". Choose from constant.');
    refuses(
      'Resizing',
      { ...size, cropToAspectRatio: true, padToAspectRatio: true },
      'expected cropToAspectRatio or padToAspectRatio, received both. Leave one of them out.',
    );
  });

  it('of merges', () => {
    refusesShapes(
      'Add',
      {},
      [
        [3, 2],
        [3, 4],
      ],
      'expected inputs of one shape, or sizes of 1 where they differ, received [batch, 3, 2], [batch, 3, 4].',
    );
    refusesShapes(
      'Concatenate',
      { axis: 1 },
      [
        [3, 2],
        [3, 4],
      ],
      'expected inputs of equal sizes but along axis 1, received [batch, 3, 2], [batch, 3, 4].',
    );
    refusesShapes('Subtract', {}, [[3], [3], [3]], 'expected two inputs, received 3.');
  });

  it('of lists of numbers', () => {
    refuses('Rescaling', { scale: [] }, 'scale must be a number or a list of numbers, received [].');
    refuses('Rescaling', { scale: [1, 'a'] }, 'each number of scale must be a number, received "a".');
    refusesShapes(
      'Rescaling',
      { scale: [1, 2] },
      [[4, 3]],
      'expected scale with one number for each of the 3 places of the last axis of [batch, 4, 3], received 2.',
    );
  });
});
