/** What a layer is: a definition (options, weights, and a call written in ops) and its configuration. A layer knows
 * nothing of pruning, quantization or serving: those transform models. */
import { OptionError } from '../../core/errors.ts';
import { checkKeys } from '../../core/options.ts';
import type { Shape } from '../../core/shape.ts';
import type { Graph } from '../../graph/graph.ts';
import type { Value } from '../../ops/op.ts';
import type { ConstraintPart } from '../constraints/table.ts';
import type { InitializerPart } from '../initializers/table.ts';
import type { RegularizerPart } from '../regularizers/table.ts';

/** A layer's configuration: plain data, as it is saved. */
export type LayerConfig = Readonly<Record<string, unknown>>;

/** A weight that a layer asks for. */
export interface WeightSpec {
  readonly shape: Shape;
  readonly initializer: InitializerPart;
  readonly trainable: boolean;
  /** Adds to the loss of training and evaluation. */
  readonly regularizer?: RegularizerPart | undefined;
  /** What it is brought back to after each update. */
  readonly constraint?: ConstraintPart | undefined;
}

/** What a layer sees when its call is traced into a graph. */
export interface CallContext<Config> {
  readonly graph: Graph;
  readonly config: Config;
  readonly inputs: readonly Value[];
  /** The layer's weights, by the names of its definition. */
  readonly weights: Readonly<Record<string, Value>>;
  /** True in a training step: dropout drops only then. */
  readonly training: boolean;
  /** False where the layer is frozen: batch normalization then runs as in inference, as in Keras. */
  readonly trainable: boolean;
  /** A number of its own for each layer, below 2²⁴: the stream of its random numbers. */
  readonly randomStream: number;
  /** Adds a number (a value without axes) to the loss of training and evaluation. */
  addLoss(loss: Value): void;
  /** In a training step: gives one of the layer's weights a new value after the step, as moving statistics need. Elsewhere it
   * does nothing. */
  assign(weight: string, value: Value): void;
}

/** A kind of layer. A new kind is one file with one of these, and a row in the table. */
export interface LayerDefinition<Options extends object, Config extends object> {
  /** The class name that Keras gives it: `Conv2D`. */
  readonly className: string;
  /** The options that it takes, besides `name`. */
  readonly options: readonly (keyof Options & string)[];
  /** Checks the options and fills in the defaults. @throws OptionError that names `where` */
  configure(options: Options, where: string): Config;
  /** True where it takes a list of inputs, as `concatenate` does; otherwise it takes one. */
  readonly takesList?: true;
  /** The weights for inputs of these shapes (one, unless it takes a list), in Keras's order. Also checks the shapes.
   * @throws ShapeError where the input cannot be taken */
  weights?(
    config: Config,
    inputShape: Shape,
    where: string,
    inputShapes: readonly Shape[],
  ): Readonly<Record<string, WeightSpec>>;
  /** The output, in ops. */
  call(context: CallContext<Config>): Value;
}

/** A layer: a kind and a configuration. Networks give weights to it. */
export interface Layer {
  readonly className: string;
  /** The name that the user gave; otherwise the network gives one, as `conv2d_1`. */
  readonly name: string | undefined;
  readonly config: LayerConfig;
  weights(inputShape: Shape, where: string): Readonly<Record<string, WeightSpec>>;
  call(context: Omit<CallContext<LayerConfig>, 'config'>): Value;
}

/** Options that every layer takes. */
export interface CommonOptions {
  /** The layer's name: unique within its model. */
  readonly name?: string;
}

/** Turns a definition into the function that makes such layers. */
export function layerFactory<Options extends object, Config extends object>(
  definition: LayerDefinition<Options, Config>,
): (options?: Options & CommonOptions) => Layer {
  const { className } = definition;
  return (given = {} as Options & CommonOptions) => {
    const { name, ...options } = given;
    if (name !== undefined && !/^[A-Za-z0-9][\w.-]*$/.test(name)) {
      throw new OptionError(
        `${className}: name must be letters, digits, "_", "-" or "." (and start with a letter or digit), received ${JSON.stringify(name)}.`,
      );
    }
    const where = name === undefined ? className : `${className} "${name}"`;
    checkKeys(where, options, definition.options);
    const config = definition.configure(options as unknown as Options, where);
    return {
      className,
      name,
      config: config as LayerConfig,
      weights: (inputShape, place) => definition.weights?.(config, inputShape, place, [inputShape]) ?? {},
      call: (context) => definition.call({ ...context, config }),
    };
  };
}
