/** Optimizers by their Keras names. A new one is a row here. */
import { checkName } from '../../core/options.ts';
import { adadelta } from './adadelta.ts';
import { adagrad } from './adagrad.ts';
import { adam } from './adam.ts';
import { adamax } from './adamax.ts';
import { adamW } from './adamw.ts';
import type { GivenOptions } from './common-options.ts';
import { ftrl } from './ftrl.ts';
import { lion } from './lion.ts';
import { nadam } from './nadam.ts';
import { defineOptimizer, type Optimizer, type OptimizerConfig, type OptimizerDefinition } from './optimizer.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

const rows = { rmsprop, adadelta, adam, sgd, adagrad, adamW, adamax, nadam, lion, ftrl };

/** The names that `optimizer` takes. */
export type OptimizerName = keyof typeof rows;

/** All names. */
export const optimizerNames: readonly OptimizerName[] = Object.keys(rows) as OptimizerName[];

type Factories = {
  [K in OptimizerName]: (typeof rows)[K] extends OptimizerDefinition<infer Options>
    ? (options?: GivenOptions<Options>) => Optimizer
    : never;
};

/** The optimizers, as functions: `optimizers.adam({ learningRate: 1e-4, weightDecay: 0.01, clipnorm: 1 })`. */
export const optimizers: Factories = Object.fromEntries(
  Object.entries(rows).map(([name, definition]) => [
    name,
    defineOptimizer(name, definition as OptimizerDefinition<never>),
  ]),
) as unknown as Factories;

/** An optimizer by its name, with its default options or the given ones. @throws OptionError naming the nearest name */
export function optimizerOf(where: string, name: string, options: OptimizerConfig = {}): Optimizer {
  const known = checkName(where, 'optimizer', name, optimizerNames);
  return (optimizers[known] as (options: OptimizerConfig) => Optimizer)(options);
}
