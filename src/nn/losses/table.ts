/** Losses by their Keras names. A new one is a row here. */
import { ShapeError } from '../../core/errors.ts';
import { show } from '../../core/options.ts';
import { batchAxis, formatShape } from '../../core/shape.ts';
import type { Value } from '../../ops/op.ts';
import { type Part, type PartConfig, type PartTable, partTable } from '../part.ts';
import { binaryCrossentropy } from './binary-crossentropy.ts';
import { binaryFocalCrossentropy } from './binary-focal-crossentropy.ts';
import { categoricalCrossentropy } from './categorical-crossentropy.ts';
import { categoricalFocalCrossentropy } from './categorical-focal-crossentropy.ts';
import { categoricalHinge } from './categorical-hinge.ts';
import { cosineSimilarity } from './cosine-similarity.ts';
import { hinge, squaredHinge } from './hinge.ts';
import { huber } from './huber.ts';
import { klDivergence } from './kl-divergence.ts';
import { logCosh } from './log-cosh.ts';
import { type Loss, type LossDefinition, type LossFunction, meanOfExample } from './loss.ts';
import { meanAbsoluteError } from './mean-absolute-error.ts';
import { meanAbsolutePercentageError } from './mean-absolute-percentage-error.ts';
import { meanSquaredError } from './mean-squared-error.ts';
import { meanSquaredLogarithmicError } from './mean-squared-logarithmic-error.ts';
import { poisson } from './poisson.ts';
import { sparseCategoricalCrossentropy } from './sparse-categorical-crossentropy.ts';

/** A row for each loss. */
export const lossRows: {
  readonly binaryCrossentropy: typeof binaryCrossentropy;
  readonly categoricalCrossentropy: typeof categoricalCrossentropy;
  readonly sparseCategoricalCrossentropy: typeof sparseCategoricalCrossentropy;
  readonly binaryFocalCrossentropy: typeof binaryFocalCrossentropy;
  readonly categoricalFocalCrossentropy: typeof categoricalFocalCrossentropy;
  readonly meanSquaredError: typeof meanSquaredError;
  readonly meanAbsoluteError: typeof meanAbsoluteError;
  readonly meanAbsolutePercentageError: typeof meanAbsolutePercentageError;
  readonly meanSquaredLogarithmicError: typeof meanSquaredLogarithmicError;
  readonly huber: typeof huber;
  readonly logCosh: typeof logCosh;
  readonly klDivergence: typeof klDivergence;
  readonly poisson: typeof poisson;
  readonly hinge: typeof hinge;
  readonly squaredHinge: typeof squaredHinge;
  readonly categoricalHinge: typeof categoricalHinge;
  readonly cosineSimilarity: typeof cosineSimilarity;
} = {
  binaryCrossentropy,
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
  binaryFocalCrossentropy,
  categoricalFocalCrossentropy,
  meanSquaredError,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredLogarithmicError,
  huber,
  logCosh,
  klDivergence,
  poisson,
  hinge,
  squaredHinge,
  categoricalHinge,
  cosineSimilarity,
};

/** The rows with the types of their options. */
export type LossRows = typeof lossRows;

/** Keras's short names. */
const aliases = {
  bce: 'binaryCrossentropy',
  kld: 'klDivergence',
  mae: 'meanAbsoluteError',
  mape: 'meanAbsolutePercentageError',
  mse: 'meanSquaredError',
  msle: 'meanSquaredLogarithmicError',
} as const satisfies Record<string, keyof LossRows>;

const table: PartTable<LossRows, LossFunction> = partTable<LossFunction, LossRows>('loss', lossRows);

/** The names of losses. */
export type LossName = keyof LossRows;

/** Keras's short names of losses, as `mse`. */
export type LossAlias = keyof typeof aliases;

/** A checked loss: a name, one of `losses` with its options, or a function of the user's own. */
export type LossPart = Part<LossName, LossFunction>;

/** All names. */
export const lossNames: readonly LossName[] = table.names;

/** Losses with options: `losses.categoricalCrossentropy({ labelSmoothing: 0.1 })`. */
export const losses: PartTable<LossRows, LossFunction>['factories'] = table.factories;

/** The full name of a short one; any other text as it is. */
export function fullLossName(name: string): string {
  return Object.hasOwn(aliases, name) ? aliases[name as LossAlias] : name;
}

/** Checks a loss: a name, short or full, one with options, or a function. @throws OptionError naming the nearest one */
export function checkLoss(where: string, given: unknown): LossPart {
  if (typeof given === 'string') return table.check(where, fullLossName(given));
  const part = table.check(where, given);
  const hasOptions = typeof part === 'object' && Object.keys(part.config).length > 0;
  return typeof part === 'object' && !hasOptions ? part.name : part;
}

const known = new Map<LossPart, Loss>();
const made = new WeakMap<object, Loss>();

/** The loss that a checked part stands for; the same part gives the same loss. */
export function lossOf(part: LossPart): Loss {
  const before = typeof part === 'string' ? known.get(part) : made.get(part);
  if (before) return before;
  const loss = typeof part === 'function' ? ownLoss(part) : namedLoss(part);
  if (typeof part === 'string') known.set(part, loss);
  else made.set(part, loss);
  return loss;
}

function namedLoss(part: LossName | PartConfig<LossName>): Loss {
  const [name, config] = typeof part === 'string' ? [part, {}] : [part.name, part.config];
  const { targets, range = 'any' } = lossRows[name] as LossDefinition<never>;
  const ignored = config['ignoreClass'];
  const ignoreClass = typeof ignored === 'number' ? ignored : undefined;
  return { name, targets, range, ignoreClass, perExample: table.make(part) };
}

function ownLoss(perPlace: LossFunction): Loss {
  const name = perPlace.name || 'loss';
  return {
    name,
    targets: 'sameShape',
    range: 'any',
    ignoreClass: undefined,
    perExample: (targets, predictions) => meanOfExample(checkPerExample(name, perPlace(targets, predictions))),
  };
}

function checkPerExample(name: string, value: Value): Value {
  const shape = (value as Partial<Value> | undefined)?.shape;
  if (shape?.[0] === batchAxis) return value;
  throw new ShapeError(
    `loss ${name}: expected one loss for each example, a value of shape [batch], received ${shape ? formatShape(shape) : show(value)}. ` +
      'Sum or average over the last axes only.',
  );
}
