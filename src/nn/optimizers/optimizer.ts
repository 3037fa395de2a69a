/** What an optimizer is: how a weight changes for a gradient, written in elementwise ops, so that fusion makes one pass
 * over memory of it. Formulas are Keras 3's. */
import { OptionError } from '../../core/errors.ts';
import { checkKeys, checkNumber, checkObject, checkSwitch, type NumberRule, show } from '../../core/options.ts';
import type { Value } from '../../ops/op.ts';
import { schedule as scheduleOf } from '../schedules/table.ts';
import { type CommonOptions, commonDefaults, type GivenOptions, resolveCommon } from './common-options.ts';

/** Keras's epsilon in optimizers. */
export const epsilon = 1e-7;

/** Whose defaults and formulas: Keras 3's, or those of Keras 2.3.1 for old course notes. */
export type Preset = 'keras3' | 'keras2';

/** What one update sees. */
export interface UpdateContext<Options> {
  readonly options: Options;
  readonly preset: Preset;
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
  /** Defaults of Keras 2.3.1 where they differ: `preset: 'keras2'` takes them. */
  readonly keras2Defaults?: Partial<Options>;
  /** What its numbers must satisfy; by default at least 0. */
  readonly rules?: Readonly<Partial<Record<keyof Options, NumberRule>>>;
  /** Slots per weight, with the number that fills them at first. */
  slots(options: Options): Readonly<Record<string, number>>;
  update(context: UpdateContext<Options>): Update;
  /** Further numbers of update `step` (0 at the first) for a learning rate. */
  scalars?(options: Options, learningRate: number, step: number, preset: Preset): Readonly<Record<string, number>>;
}

/** An optimizer's options by name: plain data, as they are saved. */
export type OptimizerConfig = Readonly<Record<string, unknown>>;

/** An optimizer with its options filled in. */
export interface Optimizer {
  readonly name: string;
  /** Its options with the present learning rate, as they are saved. A schedule that is a function of the user's own is saved
   * as the number that it gives now. */
  readonly config: OptimizerConfig;
  /** What all optimizers have: clipping, weight decay, averages. */
  readonly common: CommonOptions;
  /** That of the next step, without legacy `decay`. May be set between steps, which compiles nothing. @throws OptionError where
   * a schedule rules it */
  learningRate: number;
  /** True where a schedule rules the learning rate. */
  readonly hasSchedule: boolean;
  /** Steps taken so far: what a schedule sees. */
  iterations: number;
  readonly slots: Readonly<Record<string, number>>;
  update(context: Omit<UpdateContext<never>, 'options' | 'preset'>): Update;
  /** The learning rate of step `step`, with `decay`. */
  learningRateAt(step: number): number;
  /** Every scalar of a step; `learningRate` takes the place of the optimizer's own where it is given. For each multiplier m of
   * `learningRateMultipliers` there is a second set, whose names end in `*m`. */
  scalars(step: number, learningRate?: number): Record<string, number>;
}

/** The name of a scalar for weights whose learning rate is multiplied. */
export function scalarName(name: string, multiplier: number): string {
  return multiplier === 1 ? name : `${name}*${multiplier}`;
}

/**
 * Turns a definition into the function that makes such optimizers: also how an optimizer of one's own is made.
 *
 * @param name what messages and saved models call it
 * @example
 * const signDescent = defineOptimizer('signDescent', {
 *   defaults: { learningRate: 0.01 },
 *   slots: () => ({}),
 *   update: ({ weight, gradient, scalar }) => ({
 *     weight: subtract(weight, multiply(sign(gradient), scalar('learningRate'))),
 *   }),
 * });
 * model.compile({ optimizer: signDescent({ learningRate: 0.1 }), loss: 'categoricalCrossentropy' });
 */
export function defineOptimizer<Options extends { learningRate: number }>(
  name: string,
  definition: OptimizerDefinition<Options>,
): (options?: GivenOptions<Options>) => Optimizer {
  checkDefinition(name, definition);
  return (given = {} as GivenOptions<Options>) => {
    checkObject(name, given, ['learningRate']);
    const preset = presetOf(name, given);
    const own: Options = { ...definition.defaults, ...(preset === 'keras2' && definition.keras2Defaults) };
    const defaults: Readonly<Record<string, unknown>> = { ...commonDefaults, ...own };
    checkKeys(name, given, Object.keys(defaults));
    const all = { ...defaults, ...withoutAbsent(given) };
    const common = resolveCommon(name, all);
    const options = Object.fromEntries(Object.keys(own).map((key) => [key, all[key]])) as unknown as Options;
    checkOptions(name, options, definition);
    return new MadeOptimizer(name, definition, options, common, preset);
  };
}

function checkDefinition(
  name: unknown,
  given: { readonly [Key in keyof OptimizerDefinition<never>]?: unknown } | undefined,
): void {
  const isWhole = typeof given?.slots === 'function' && typeof given.update === 'function';
  if (typeof name === 'string' && isWhole && typeof given.defaults === 'object') return;
  throw new OptionError(
    `defineOptimizer: expected a name and a definition with defaults, slots and update, received ${show(name)} with ${Object.keys(given ?? {}).join(', ') || 'nothing'}.`,
  );
}

class MadeOptimizer<Options extends { learningRate: number }> implements Optimizer {
  readonly name: string;
  readonly common: CommonOptions;
  readonly slots: Readonly<Record<string, number>>;
  iterations = 0;
  readonly #definition: OptimizerDefinition<Options>;
  readonly #options: Options;
  readonly #preset: Preset;
  readonly #schedule: ((step: number) => number) | undefined;
  readonly #multipliers: readonly number[];
  #rate: number;

  constructor(
    name: string,
    definition: OptimizerDefinition<Options>,
    options: Options,
    common: CommonOptions,
    preset: Preset,
  ) {
    const { learningRate, learningRateMultipliers } = common;
    this.name = name;
    this.common = common;
    this.#definition = definition;
    this.#options = options;
    this.#preset = preset;
    this.#schedule = typeof learningRate === 'number' ? undefined : scheduleOf(learningRate);
    this.#rate = typeof learningRate === 'number' ? learningRate : 0;
    this.#multipliers = [...new Set(Object.values(learningRateMultipliers))].filter((multiplier) => multiplier !== 1);
    this.slots = definition.slots(options);
  }

  get config(): OptimizerConfig {
    const { learningRate: rate, ...common } = this.common;
    const set = Object.entries(common).filter(
      ([key, value]) => JSON.stringify(value) !== JSON.stringify(commonDefaults[key as keyof typeof commonDefaults]),
    );
    const learningRate = typeof rate === 'object' ? rate : this.learningRate;
    return { ...this.#options, ...Object.fromEntries(set), learningRate };
  }

  get hasSchedule(): boolean {
    return this.#schedule !== undefined;
  }

  get learningRate(): number {
    return this.#schedule ? this.#scheduled(this.iterations) : this.#rate;
  }

  set learningRate(value: number) {
    if (this.#schedule) {
      throw new OptionError(
        `${this.name}: expected a learning rate that is a number in order to set it, received one that follows a schedule. Compile with a number as learningRate, or leave setting it to the schedule.`,
      );
    }
    this.#rate = checkNumber(this.name, 'learningRate', value, { min: 0 });
  }

  update(context: Omit<UpdateContext<never>, 'options' | 'preset'>): Update {
    return this.#definition.update({ ...context, options: this.#options, preset: this.#preset });
  }

  learningRateAt(step: number): number {
    const { decay } = this.common;
    const rate = this.#schedule ? this.#scheduled(step) : this.#rate;
    return decay === 0 ? rate : rate / (1 + decay * step);
  }

  scalars(step: number, learningRate: number = this.learningRateAt(step)): Record<string, number> {
    const { gradientAccumulationSteps: microSteps, emaMomentum, emaOverwriteFrequency, useEma } = this.common;
    const updates = Math.floor(step / microSteps);
    const scalars: Record<string, number> = {
      learningRate,
      ...this.#definition.scalars?.(this.#options, learningRate, updates, this.#preset),
    };
    for (const multiplier of this.#multipliers) {
      const rate = learningRate * multiplier;
      const own = this.#definition.scalars?.(this.#options, rate, updates, this.#preset) ?? {};
      for (const [name, value] of Object.entries({ learningRate: rate, ...own })) {
        scalars[scalarName(name, multiplier)] = value;
      }
    }
    if (microSteps > 1) scalars['isUpdate'] = (step + 1) % microSteps === 0 ? 1 : 0;
    if (useEma) scalars['emaMomentum'] = updates === 0 ? 0 : emaMomentum;
    if (useEma && emaOverwriteFrequency) scalars['isOverwrite'] = (updates + 1) % emaOverwriteFrequency === 0 ? 1 : 0;
    return scalars;
  }

  #scheduled(step: number): number {
    return checkNumber(`${this.name}: schedule`, `the learning rate of step ${step}`, this.#schedule!(step), {
      min: 0,
    });
  }
}

function presetOf(name: string, given: object): Preset {
  const { preset = 'keras3' } = given as { preset?: unknown };
  if (preset === 'keras3' || preset === 'keras2') return preset;
  throw new OptionError(
    `${name}: preset must be "keras3" or "keras2", received ${show(preset)}. Leave it out for Keras 3.`,
  );
}

/** Options that are null or undefined count as not given, as None in Keras. */
function withoutAbsent(given: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== null));
}

/** An option is what its default is: a number that follows its rule, or a switch. */
function checkOptions<Options extends { learningRate: number }>(
  name: string,
  options: Options,
  { defaults, rules }: OptimizerDefinition<Options>,
): void {
  for (const [key, value] of Object.entries(options)) {
    const isCommon = key === 'learningRate' || key in commonDefaults;
    const isSwitch = typeof (defaults as unknown as OptimizerConfig)[key] === 'boolean';
    if (!isSwitch && !isCommon) checkNumber(name, key, value, rules?.[key as keyof Options] ?? { min: 0 });
    if (isSwitch) checkSwitch(name, key, value);
  }
}
