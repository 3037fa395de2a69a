/** The table of layers: a row per kind. Files and Keras configurations name them by `className`. */
import { OptionError } from '../../core/errors.ts';
import { didYouMean } from '../../core/options.ts';
import { activation } from './activation.ts';
import { conv2d } from './conv2d.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { flatten } from './flatten.ts';
import { input } from './input.ts';
import { type Layer, type LayerConfig, type LayerDefinition, layerFactory } from './layer.ts';
import { maxPooling2d } from './max-pooling2d.ts';
import { rescaling } from './rescaling.ts';

const rows = { input, rescaling, conv2d, maxPooling2d, activation, flatten, dense, dropout };

type Factories = {
  [K in keyof typeof rows]: (typeof rows)[K] extends LayerDefinition<infer Options, infer Config>
    ? ReturnType<typeof layerFactory<Options, Config>>
    : never;
};

/**
 * The layers, as functions: `layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu' })`.
 *
 * @example
 * const model = sequential([layers.dense({ units: 1, activation: 'sigmoid' })]);
 */
export const layers: Factories = Object.fromEntries(
  Object.entries(rows).map(([name, definition]) => [name, layerFactory(definition as LayerDefinition<object, object>)]),
) as unknown as Factories;

const byClass = new Map(
  Object.entries(rows).map(([name, { className }]) => [className, layers[name as keyof Factories]]),
);

/** Makes a layer from its saved form. @throws OptionError where the class is not known */
export function layerFromConfig(className: string, config: LayerConfig, name?: string): Layer {
  const factory = byClass.get(className) as ((options: object) => Layer) | undefined;
  if (!factory) {
    const known = [...byClass.keys()];
    throw new OptionError(
      `layer: unknown class "${className}".${didYouMean(className, known)} Choose from ${known.join(', ')}.`,
    );
  }
  return factory({ ...config, ...(name !== undefined && { name }) });
}

/** The name that layers of a class get when the user gives none: `conv2d`, then `conv2d_1`. */
export function baseName(className: string): string {
  return className
    .replace(/2D$/, '2d')
    .replaceAll(/(?<=[a-z0-9])([A-Z])/g, '_$1')
    .toLowerCase();
}
