/** The update of a training step, in Keras's order: gradients are averaged over accumulated steps and clipped, weights decay,
 * the optimizer changes them, averages follow, constraints hold. Everything is ops, so that fusion makes few passes of it. */
import { gradient } from '../graph/gradient.ts';
import type { Graph } from '../graph/graph.ts';
import { constraint } from '../nn/constraints/table.ts';
import type { Layer } from '../nn/layers/layer.ts';
import type { Network } from '../nn/network.ts';
import { clipGradients } from '../nn/optimizers/clip-gradients.ts';
import { type Optimizer, scalarName } from '../nn/optimizers/optimizer.ts';
import { checkMultiplierPatterns, matchesWeight, multiplierOf } from '../nn/optimizers/weight-pattern.ts';
import { checkValue } from '../nn/own-value.ts';
import type { NetworkWeight } from '../nn/placed-layer.ts';
import { add, divide, multiply, subtract, where } from '../ops/elementwise.ts';
import type { Value } from '../ops/op.ts';

/** A slot of an optimizer: a variable in the shape of its weight. */
export interface Slot {
  /** As `rmsprop/conv2d/kernel/velocity`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** What fills it at first. */
  readonly fill: number;
}

/** A weight as updates see it. */
export type UpdatedWeight = Pick<NetworkWeight, 'name' | 'shape' | 'constraint'>;

/** Slots that hold for all optimizers. */
const accumulatorSlot = 'gradientAccumulator';
const averageSlot = 'average';

/** The weights that training changes. */
export function trainableWeights(network: Network, frozen: ReadonlySet<Layer>): NetworkWeight[] {
  return network.weights.filter(({ trainable, layer }) => trainable && !frozen.has(layer));
}

/** The slots that an optimizer keeps for the weights that it changes. @throws OptionError where a pattern of its options matches no
 * weight */
export function slotsOf(optimizer: Optimizer, weights: readonly UpdatedWeight[]): Slot[] {
  const names = weights.map(({ name }) => name);
  checkMultiplierPatterns(optimizer.name, optimizer.common.learningRateMultipliers, names);
  const fills = Object.entries({ ...optimizer.slots, ...commonSlots(optimizer) });
  return weights.flatMap(({ name, shape }) =>
    fills.map(([slot, fill]) => ({ name: slotName(optimizer, name, slot), shape, fill })),
  );
}

/** The averages that an optimizer keeps: their names, by those of the weights. Empty where it keeps none. */
export function averagesOf(optimizer: Optimizer, weights: readonly UpdatedWeight[]): ReadonlyMap<string, string> {
  if (!optimizer.common.useEma) return new Map();
  return new Map(weights.map(({ name }) => [name, slotName(optimizer, name, averageSlot)]));
}

/** Adds the update of every trainable weight on which `loss` depends. */
export function addUpdates(graph: Graph, loss: Value, weights: readonly UpdatedWeight[], optimizer: Optimizer): void {
  const values = weights.map(({ name, shape }) => graph.variable(name, shape));
  addUpdatesFor(graph, gradient(graph, loss, values), weights, optimizer);
}

/** Adds the update of every weight that has a gradient. */
export function addUpdatesFor(
  graph: Graph,
  found: readonly (Value | undefined)[],
  weights: readonly UpdatedWeight[],
  optimizer: Optimizer,
): void {
  const values = weights.map(({ name, shape }) => graph.variable(name, shape));
  const changes = weights.flatMap((spec, index) => {
    const change = found[index];
    return change ? [new WeightUpdate(graph, optimizer, spec, values[index]!, change)] : [];
  });
  const clipped = clipGradients(
    changes.map((change) => change.meanGradient()),
    optimizer.common,
  );
  changes.forEach((change, index) => {
    change.write(clipped[index]!);
  });
  // A weight that the loss does not see stays as it is, and so its average is the weight.
  const names = averagesOf(optimizer, weights);
  weights.forEach(({ name, shape }, index) => {
    const average = names.get(name);
    if (average && !found[index]) graph.assign(graph.variable(average, shape), values[index]!);
  });
}

/** The update of one weight. */
class WeightUpdate {
  readonly #graph: Graph;
  readonly #optimizer: Optimizer;
  readonly #spec: UpdatedWeight;
  readonly #weight: Value;
  readonly #gradient: Value;

  constructor(graph: Graph, optimizer: Optimizer, spec: UpdatedWeight, weight: Value, change: Value) {
    this.#graph = graph;
    this.#optimizer = optimizer;
    this.#spec = spec;
    this.#weight = weight;
    this.#gradient = change;
  }

  /** The gradient of an update: the mean over the steps that it gathers. */
  meanGradient(): Value {
    const { gradientAccumulationSteps: steps } = this.#optimizer.common;
    if (steps === 1) return this.#gradient;
    return this.#scope(() => {
      const gathered = add(this.#gradient, this.#slot(accumulatorSlot));
      this.#graph.assign(this.#slot(accumulatorSlot), where(this.#graph.scalar('isUpdate'), 0, gathered));
      return divide(gathered, steps);
    });
  }

  /** Writes new values for the weight and its slots. */
  write(change: Value): void {
    this.#scope(() => {
      const { common } = this.#optimizer;
      const multiplier = multiplierOf(common.learningRateMultipliers, this.#spec.name);
      const scalar = (name: string) => this.#graph.scalar(scalarName(name, multiplier));
      const slots = Object.keys(this.#optimizer.slots).map((slot) => [slot, this.#slot(slot)] as const);
      const update = this.#optimizer.update({
        weight: this.#decayed(scalar('learningRate')),
        gradient: change,
        slots: Object.fromEntries(slots),
        scalar,
      });
      const place = `${this.#optimizer.name}: update`;
      const weight = checkValue(`${place}: weight`, update?.weight);
      const averaged = this.#averaged(this.#onUpdate(weight, this.#weight));
      const { constraint: part, name } = this.#spec;
      const held = part ? checkValue(`${name}: constraint`, constraint(part)(averaged)) : averaged;
      this.#graph.assign(this.#weight, held);
      for (const [slot, variable] of slots) {
        const next = checkValue(`${place}: slot "${slot}"`, update.slots?.[slot]);
        this.#graph.assign(variable, this.#onUpdate(next, variable));
      }
    });
  }

  /** w − w · weightDecay · η. */
  #decayed(learningRate: Value): Value {
    const { weightDecay, excludeFromWeightDecay: excluded } = this.#optimizer.common;
    const isExcluded = excluded.some((pattern) => matchesWeight(pattern, this.#spec.name));
    if (weightDecay === 0 || isExcluded) return this.#weight;
    return subtract(this.#weight, multiply(multiply(this.#weight, weightDecay), learningRate));
  }

  /** The new value in a step that updates, the old one in a step that only gathers gradients. */
  #onUpdate(next: Value, before: Value): Value {
    const { gradientAccumulationSteps: steps } = this.#optimizer.common;
    return steps === 1 ? next : where(this.#graph.scalar('isUpdate'), next, before);
  }

  /** Moves the average, and returns the weight: its average where it is time for that. */
  #averaged(weight: Value): Value {
    const { useEma, emaOverwriteFrequency } = this.#optimizer.common;
    if (!useEma) return weight;
    const average = this.#slot(averageSlot);
    const momentum = this.#graph.scalar('emaMomentum');
    const next = add(multiply(average, momentum), multiply(weight, subtract(1, momentum)));
    this.#graph.assign(average, next);
    return emaOverwriteFrequency ? where(this.#graph.scalar('isOverwrite'), next, weight) : weight;
  }

  #slot(name: string): Value {
    return this.#graph.variable(slotName(this.#optimizer, this.#spec.name, name), this.#spec.shape);
  }

  #scope<Result>(body: () => Result): Result {
    return this.#graph.scope(`${this.#spec.name}/update`, body);
  }
}

function commonSlots({ common }: Optimizer): Record<string, number> {
  return {
    ...(common.gradientAccumulationSteps > 1 && { [accumulatorSlot]: 0 }),
    ...(common.useEma && { [averageSlot]: 0 }),
  };
}

function slotName(optimizer: Optimizer, weight: string, slot: string): string {
  return `${optimizer.name}/${weight}/${slot}`;
}
