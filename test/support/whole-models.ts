/** The five whole models that scripts/make-model-golden.py trains in Keras, built from what the golden says of each. */

import { type Model, type ModelOptions, type ModelPart, model, sequential } from '../../src/model/model.ts';
import { layers } from '../../src/nn/layers/table.ts';
import type { SymbolicTensor } from '../../src/nn/symbolic-tensor.ts';
import { cnn } from '../../src/zoo/cnn.ts';

/** The picture's size, and the sizes of the network. */
export interface NetworkSizes {
  readonly size: number;
  readonly classes: number;
  /** Of each block. */
  readonly filters: readonly number[];
  /** Of the dense layer within, where there is one. */
  readonly units?: number;
}

type Shape = [number, number, number];

function rescaledInput({ size }: NetworkSizes): ModelPart[] {
  return [layers.input({ shape: [size, size, 3] }), layers.rescaling({ scale: 1 / 255 })];
}

function thirteenLayers({ size, classes, filters, units = 256 }: NetworkSizes, options: ModelOptions): Model {
  const inputShape: Shape = [size, size, 3];
  return sequential(cnn({ inputShape, classes, filters, units, dropout: 0 }), options);
}

function deeper(sizes: NetworkSizes, options: ModelOptions): Model {
  const blocks = sizes.filters.flatMap((filters) => [
    layers.conv2d({ filters, kernelSize: 3, activation: 'relu' }),
    layers.maxPooling2d({ poolSize: 2 }),
  ]);
  const parts = [
    ...rescaledInput(sizes),
    ...blocks,
    layers.flatten(),
    layers.dropout({ rate: 0 }),
    layers.dense({ units: sizes.units!, activation: 'relu' }),
    layers.dense({ units: sizes.classes, activation: 'softmax' }),
  ];
  return sequential(parts, options);
}

function wide(sizes: NetworkSizes, options: ModelOptions): Model {
  const parts = [
    ...rescaledInput(sizes),
    ...sizes.filters.map((filters) => layers.conv2d({ filters, kernelSize: 3, activation: 'relu' })),
    layers.flatten(),
    layers.dense({ units: sizes.units!, activation: 'relu' }),
    layers.dense({ units: sizes.classes, activation: 'softmax' }),
  ];
  return sequential(parts, options);
}

function residual({ size, classes, filters }: NetworkSizes, options: ModelOptions): Model {
  const convolve = (x: SymbolicTensor, count: number, kernelSize: number, strides: number) => {
    const conv = layers.conv2d({ filters: count, kernelSize, strides, padding: 'same', useBias: false });
    return layers.batchNormalization({ momentum: 0.9 })(conv(x));
  };
  const inputs = layers.input({ shape: [size, size, 3] });
  let x = layers.rescaling({ scale: 1 / 255 })(inputs);
  x = layers.reLU()(convolve(x, filters[0]!, 3, 1));
  for (const [index, count] of filters.entries()) {
    const strides = index === 0 ? 1 : 2;
    const shortcut = index === 0 ? x : convolve(x, count, 1, strides);
    const y = layers.reLU()(convolve(x, count, 3, strides));
    x = layers.reLU()(layers.add()([convolve(y, count, 3, 1), shortcut]));
  }
  const outputs = layers.dense({ units: classes, activation: 'softmax' })(layers.globalAveragePooling2d()(x));
  return model({ inputs, outputs, ...options });
}

function separable(sizes: NetworkSizes, options: ModelOptions): Model {
  const usual = { padding: 'same', useBias: false } as const;
  const normalized = (layer: ModelPart) => [
    layer,
    layers.batchNormalization({ momentum: 0.9 }),
    layers.activation({ activation: 'relu6' }),
  ];
  const { filters, classes } = sizes;
  const parts = [
    ...rescaledInput(sizes),
    ...normalized(layers.conv2d({ filters: filters[0]!, kernelSize: 3, strides: 2, ...usual })),
    ...filters
      .slice(1)
      .flatMap((count) => [
        ...normalized(layers.depthwiseConv2d({ kernelSize: 3, ...usual })),
        ...normalized(layers.conv2d({ filters: count, kernelSize: 1, ...usual })),
      ]),
    ...normalized(layers.separableConv2d({ filters: filters.at(-1)!, kernelSize: 3, strides: 2, ...usual })),
    layers.globalAveragePooling2d(),
    layers.dense({ units: classes, activation: 'softmax' }),
  ];
  return sequential(parts, options);
}

/** By the name that the golden has. */
export const wholeModels = { thirteenLayers, deeper, wide, residual, separable } as const;

/** The names of the five. */
export type WholeModelName = keyof typeof wholeModels;
