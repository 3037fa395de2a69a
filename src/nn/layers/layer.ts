/** What a layer is: a definition (options, weights, and a call written in ops) and its configuration. A layer knows
 * nothing of pruning, quantization or serving: those transform models. */
import { OptionError } from '../../core/errors.ts';
import { checkKeys, checkObject, checkSwitch, show } from '../../core/options.ts';
import type { Shape } from '../../core/shape.ts';
import type { Graph } from '../../graph/graph.ts';
import type { Value } from '../../ops/op.ts';
import type { ConstraintPart } from '../constraints/table.ts';
import type { InitializerPart } from '../initializers/table.ts';
import { callLayer } from '../layer-call.ts';
import type { Network } from '../network.ts';
import { checkRegularizer, type RegularizerPart } from '../regularizers/table.ts';
import type { CallOptions, SymbolicTensor } from '../symbolic-tensor.ts';

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
  /** `[batch, count]` random numbers from 0 to below 1 for what differs from example to example, as the angle of a rotation.
   * In a model they come from (seed, layer, step, place in the batch); whoever augments a dataset draws them from (seed,
   * epoch, example). A layer that changes pictures at random draws from here alone, once for each call. */
  drawPerExample(count: number): Value;
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

/** A layer: a kind and a configuration. Called on the output of another layer it gives its own: `dense(flatten(x))`. A
 * layer that is called twice is shared: both calls use the same weights. */
export interface Layer {
  (x: SymbolicTensor | readonly SymbolicTensor[], options?: CallOptions): SymbolicTensor;
  readonly className: string;
  /** The name that the user gave; otherwise the network gives one, as `conv2d_1`. */
  readonly name: string | undefined;
  /** The options with defaults filled in: plain data, but for functions of the user's own. */
  readonly config: LayerConfig;
  /** False freezes the layer: its weights stay as they are, and batch normalization runs as in inference. It counts from the
   * next `compile` on. */
  trainable: boolean;
  /** How many inputs it takes; absent: a list of any length. */
  readonly inputCount: number | undefined;
  readonly activityRegularizer: RegularizerPart | undefined;
  /** The shape of one example, where the layer was told to be the first of its row. */
  readonly inputShape?: readonly number[] | undefined;
  /** Of a model that is used as a layer: what is in it. */
  readonly network?: Network;
  weights(inputShapes: readonly Shape[], where: string): Readonly<Record<string, WeightSpec>>;
  call(context: Omit<CallContext<LayerConfig>, 'config'>): readonly Value[];
}

/** What a layer is made of, before it can be called. */
export type LayerParts = { -readonly [K in keyof Layer]: Layer[K] };

/** Makes a layer callable. */
export function makeLayer(parts: LayerParts): Layer {
  const layer = ((x, options) => callLayer(layer, x, options).outputs[0]!) as Layer;
  const properties = Object.getOwnPropertyDescriptors(parts);
  return Object.defineProperties(layer, properties);
}

/** Whether it is a layer: the functions that make layers have a class too, but no configuration. */
export function isLayer(given: unknown): given is Layer {
  return typeof given === 'function' && 'config' in given && 'weights' in given;
}

/** Options that every layer takes. */
export interface CommonOptions {
  /** The layer's name: unique within its model. */
  readonly name?: string;
  /** False freezes the layer; default true. */
  readonly trainable?: boolean;
  /** A penalty for the size of the layer's output, by example, added to the loss; default none. */
  readonly activityRegularizer?: RegularizerPart;
  /** In the first layer of a row: the shape of one example, as Keras's older lessons give it. */
  readonly inputShape?: readonly number[];
}

/** A function that makes layers of one kind. */
export interface LayerFactory<Options extends object = object> {
  (options?: Options & CommonOptions): Layer;
  /** The class name of its layers. */
  readonly className: string;
}

/** Turns a definition into the function that makes such layers. */
export function layerFactory<Options extends object, Config extends object>(
  definition: LayerDefinition<Options, Config>,
): LayerFactory<Options> {
  const { className } = definition;
  const make = (given = {} as Options & CommonOptions): Layer => {
    checkObject(className, given, definition.options);
    const { name, trainable = true, activityRegularizer, inputShape, ...options } = given;
    checkLayerName(className, name);
    const where = name === undefined ? className : `${className} "${name}"`;
    checkKeys(where, options, definition.options);
    checkSwitch(where, 'trainable', trainable);
    const config = definition.configure(options as unknown as Options, where);
    return makeLayer({
      className,
      name,
      config: config as LayerConfig,
      trainable,
      inputCount: definition.takesList ? undefined : 1,
      activityRegularizer: checkRegularizer(where, activityRegularizer),
      inputShape,
      weights: (inputShapes, place) => definition.weights?.(config, inputShapes[0]!, place, inputShapes) ?? {},
      call: (context) => [definition.call({ ...context, config })],
    });
  };
  return Object.assign(make, { className });
}

/** Names become parts of weights' names and of file names. @throws OptionError */
export function checkLayerName(where: string, name: string | undefined): void {
  if (name === undefined || (typeof name === 'string' && /^[A-Za-z0-9][\w.-]*$/.test(name))) return;
  throw new OptionError(
    `${where}: name must be letters, digits, "_", "-" or "." (and start with a letter or digit), received ${show(name)}.`,
  );
}
