/** Layers, as `import { conv2d, dense } from 'cajal/layers'`. */
import { layers } from './table.ts';

export const { input, rescaling, conv2d, maxPooling2d, activation, flatten, dense, dropout } = layers;
export type { ActivationOptions } from './activation.ts';
export type { Conv2dOptions } from './conv2d.ts';
export type { DenseOptions } from './dense.ts';
export type { DropoutOptions } from './dropout.ts';
export type { InputOptions } from './input.ts';
export type { Layer, LayerDefinition } from './layer.ts';
export type { MaxPooling2dOptions } from './max-pooling2d.ts';
export type { RescalingOptions } from './rescaling.ts';
