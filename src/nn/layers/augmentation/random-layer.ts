/** What all layers that change pictures at random have in common: draws become parameters, and parameters change pixels.
 * Outside training they do nothing. */
import type { Shape } from '../../../core/shape.ts';
import type { Value } from '../../../ops/op.ts';
import { checkDataFormat, checkPictures } from '../arguments.ts';
import type { LayerDefinition } from '../layer.ts';
import { Draws } from './draws.ts';
import type { DataFormatOption } from './picture-options.ts';

/** What is done to each picture, by name: `[batch, 1, 1, 1]` where it is one number. */
export type Parameters<Name extends string = string> = Readonly<Record<Name, Value>>;

/** The parts of a random change. */
export interface RandomTransform<Config, Name extends string = string> {
  /** How many numbers are drawn for each picture of a shape `[batch, height, width, channels]`. */
  draws(config: Config, shape: Shape): number;
  /** What is done to each picture. */
  parameters(draws: Draws, config: Config, shape: Shape): Parameters<Name>;
  /** The changed pictures. Everything random is in the parameters. */
  pixels(x: Value, parameters: Parameters<Name>, config: Config): Value;
}

/** A layer made of such parts. */
export interface RandomLayer<Options extends DataFormatOption, Config extends object, Name extends string = string>
  extends LayerDefinition<Options, Config>,
    RandomTransform<Config, Name> {}

/** The parts that a random layer is made from. */
export type RandomLayerParts<Options extends DataFormatOption, Config extends object, Name extends string> = Omit<
  RandomLayer<Options, Config, Name>,
  'call' | 'weights' | 'takesList'
> & {
  /** Checks what pictures it can take, besides that they are some. @throws ShapeError */
  checkShape?(shape: Shape, where: string, config: Config): void;
  /** The pictures outside training, and where nothing is drawn; by default those that come in. */
  otherwise?(x: Value, config: Config): Value;
};

/** Makes the layer: `[batch, height, width, channels]`, one draw of random numbers for each picture. */
export function randomLayer<Options extends DataFormatOption, Config extends object, Name extends string>(
  parts: RandomLayerParts<Options, Config, Name>,
): RandomLayer<Options, Config, Name> {
  const { checkShape, otherwise, ...definition } = parts;
  return {
    ...definition,
    options: [...definition.options, 'dataFormat'],
    configure(options, where) {
      checkDataFormat(where, options.dataFormat);
      return definition.configure(options, where);
    },
    weights(config, shape, where) {
      checkPictures(shape, where);
      checkShape?.(shape, where, config);
      return {};
    },
    call({ config, inputs: [x], training, drawPerExample }) {
      const count = training ? parts.draws(config, x!.shape) : 0;
      if (count === 0) return otherwise ? otherwise(x!, config) : x!;
      const draws = new Draws(drawPerExample(count));
      return parts.pixels(x!, parts.parameters(draws, config, x!.shape), config);
    },
  };
}
