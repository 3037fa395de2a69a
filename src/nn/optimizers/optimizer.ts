/** What an optimizer is: how a weight changes for a gradient, written in elementwise ops, so that fusion makes one pass
 * over memory of it. Formulas are Keras 3's. */
import { OptionError } from '../../core/errors.ts';
import { checkKeys, checkNumber } from '../../core/options.ts';
import type { Value } from '../../ops/op.ts';

/** Keras's epsilon in optimizers. */
export const epsilon = 1e-7;

/** What one update sees. */
export interface UpdateContext<Options> {
  readonly options: Options;
  readonly weight: Value;
  readonly gradient: Value;
  /** The weight's slots, by the names of the definition. */
  readonly slots: Readonly<Record<string, Value>>;
  /** A number that differs at each step: `learningRate`, or one of the definition's own. */
  scalar(name: string): Value;
}

/** New values for the weight and its slots. */
export interface Update {
  readonly weight: Value;
  readonly slots?: Readonly<Record<string, Value>>;
}

/** A kind of optimizer. A new one is one file with one of these, and a row in the table. */
export interface OptimizerDefinition<Options extends { learningRate: number }> {
  readonly defaults: Options;
  /** Slots per weight, with the number that fills them at first. */
  slots(options: Options): Readonly<Record<string, number>>;
  update(context: UpdateContext<Options>): Update;
  /** Further numbers of step `step` (0 at the first) for a learning rate. */
  scalars?(options: Options, learningRate: number, step: number): Readonly<Record<string, number>>;
}

/** An optimizer's options by name: plain data, as they are saved. */
export type OptimizerConfig = Readonly<Record<string, number | boolean>>;

/** An optimizer with its options filled in. */
export interface Optimizer {
  readonly name: string;
  readonly config: OptimizerConfig;
  /** May be changed between steps; it compiles nothing. */
  learningRate: number;
  readonly slots: Readonly<Record<string, number>>;
  update(context: Omit<UpdateContext<never>, 'options'>): Update;
  /** Every scalar of a step, `learningRate` included. */
  scalars(step: number): Record<string, number>;
}

/** Turns a definition into the function that makes such optimizers. */
export function optimizerFactory<Options extends { learningRate: number }>(
  name: string,
  definition: OptimizerDefinition<Options>,
): (options?: Partial<Options>) => Optimizer {
  return (given = {}) => {
    checkKeys(name, given, Object.keys(definition.defaults));
    const options = { ...definition.defaults, ...given };
    checkOptions(name, options, definition.defaults);
    return {
      name,
      config: options as unknown as OptimizerConfig,
      learningRate: options.learningRate,
      slots: definition.slots(options),
      update: (context) => definition.update({ ...context, options }),
      scalars(step) {
        const { learningRate } = this;
        return Object.assign({ learningRate }, definition.scalars?.(options, learningRate, step));
      },
    };
  };
}

/** Numbers must be numbers of at least 0, and switches true or false: an option is what its default is. */
function checkOptions(name: string, options: object, defaults: object): void {
  const isSwitch = (key: string) => typeof (defaults as OptimizerConfig)[key] === 'boolean';
  for (const [key, value] of Object.entries(options)) {
    if (!isSwitch(key)) checkNumber(name, key, value, { min: 0 });
    else if (typeof value !== 'boolean') {
      throw new OptionError(`${name}: ${key} must be true or false, received ${JSON.stringify(value)}.`);
    }
  }
}
