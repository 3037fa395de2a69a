/** The options of a weight: how it begins, what its size costs and what it is held to. A layer that calls a weight `kernel`
 * takes `kernelInitializer`, `kernelRegularizer` and `kernelConstraint`, as in Keras. */
import type { Shape } from '../../core/shape.ts';
import { type ConstraintPart, checkConstraint } from '../constraints/table.ts';
import { checkInitializer, type InitializerPart } from '../initializers/table.ts';
import { checkRegularizer, type RegularizerPart } from '../regularizers/table.ts';
import type { WeightSpec } from './layer.ts';

type Initializers<Weight extends string> = { [Key in `${Weight}Initializer`]?: InitializerPart };
type Regularizers<Weight extends string> = { [Key in `${Weight}Regularizer`]?: RegularizerPart };
type Constraints<Weight extends string> = { [Key in `${Weight}Constraint`]?: ConstraintPart };

/** What a user may give for weights of these names. Without a regularizer or constraint there is none. */
export type WeightOptions<Weight extends string> = Initializers<Weight> & Regularizers<Weight> & Constraints<Weight>;

/** The options of weights of these names, checked. */
export type WeightConfig<Weight extends string> = Required<Initializers<Weight>> &
  Regularizers<Weight> &
  Constraints<Weight>;

/** The names of the options of weights. */
export function weightOptionNames<const Weight extends string>(
  ...weights: readonly Weight[]
): (keyof WeightOptions<Weight> & string)[] {
  return weights.flatMap((weight) => [`${weight}Initializer`, `${weight}Regularizer`, `${weight}Constraint`] as const);
}

/** Checks the options of weights and fills in how each begins by default. @throws OptionError that names `where` */
export function checkWeightOptions<Weight extends string>(
  where: string,
  options: WeightOptions<Weight>,
  initializers: Readonly<Record<Weight, InitializerPart>>,
): WeightConfig<Weight> {
  const given = options as Readonly<Record<string, unknown>>;
  const config: Record<string, unknown> = {};
  for (const [weight, initializer] of Object.entries(initializers)) {
    config[`${weight}Initializer`] = checkInitializer(where, given[`${weight}Initializer`] ?? initializer);
    const regularizer = checkRegularizer(where, given[`${weight}Regularizer`]);
    if (regularizer !== undefined) config[`${weight}Regularizer`] = regularizer;
    const constraint = checkConstraint(where, given[`${weight}Constraint`]);
    if (constraint !== undefined) config[`${weight}Constraint`] = constraint;
  }
  return config as WeightConfig<Weight>;
}

/** A trained weight that has the options of `weight`. */
export function weightSpec<Weight extends string>(
  config: WeightConfig<Weight>,
  weight: Weight,
  shape: Shape,
): WeightSpec {
  const options = config as Readonly<Record<string, unknown>>;
  return {
    shape,
    initializer: options[`${weight}Initializer`] as InitializerPart,
    trainable: true,
    regularizer: options[`${weight}Regularizer`] as RegularizerPart | undefined,
    constraint: options[`${weight}Constraint`] as ConstraintPart | undefined,
  };
}
