/** The update of a training step: gradients of the loss, and new values for weights and slots as the optimizer writes them. */
import { gradient } from '../graph/gradient.ts';
import type { Graph } from '../graph/graph.ts';
import type { NetworkWeight } from '../nn/network.ts';
import type { Optimizer } from '../nn/optimizers/optimizer.ts';
import type { Value } from '../ops/op.ts';

/** A slot of an optimizer: a variable in the shape of its weight. */
export interface Slot {
  /** As `rmsprop/conv2d/kernel/velocity`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** What fills it at first. */
  readonly fill: number;
}

/** The slots that an optimizer keeps for the trainable weights. */
export function slotsOf(optimizer: Optimizer, weights: readonly NetworkWeight[]): Slot[] {
  return trainable(weights).flatMap((weight) =>
    Object.entries(optimizer.slots).map(([slot, fill]) => ({
      name: slotName(optimizer, weight.name, slot),
      shape: weight.shape,
      fill,
    })),
  );
}

/** Adds the update of every trainable weight on which `loss` depends. */
export function addUpdates(graph: Graph, loss: Value, weights: readonly NetworkWeight[], optimizer: Optimizer): void {
  const changing = trainable(weights);
  const values = changing.map(({ name, shape }) => graph.variable(name, shape));
  const gradients = gradient(graph, loss, values);
  values.forEach((weight, index) => {
    const change = gradients[index];
    if (!change) return;
    const { name } = changing[index]!;
    graph.scope(`${name}/update`, () => {
      const slots = Object.keys(optimizer.slots).map(
        (slot) => [slot, graph.variable(slotName(optimizer, name, slot), weight.shape)] as const,
      );
      const update = optimizer.update({
        weight,
        gradient: change,
        slots: Object.fromEntries(slots),
        scalar: (scalar) => graph.scalar(scalar),
      });
      graph.assign(weight, update.weight);
      for (const [slot, variable] of slots) graph.assign(variable, update.slots![slot]!);
    });
  });
}

function slotName(optimizer: Optimizer, weight: string, slot: string): string {
  return `${optimizer.name}/${weight}/${slot}`;
}

function trainable(weights: readonly NetworkWeight[]): readonly NetworkWeight[] {
  return weights.filter((weight) => weight.trainable);
}
