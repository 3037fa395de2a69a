/** Where the weights of layers are. A layer that belongs to several models has its weights once: what one model trains,
 * the others see. */

import type { Backend } from '../backends/backend.ts';
import type { TypedArray } from '../core/dtype.ts';
import { OptionError } from '../core/errors.ts';
import { show } from '../core/options.ts';
import { ModelMemory } from '../engine/model-memory.ts';
import {
  checkCount,
  type NewVariable,
  type StoredVariable,
  type VariableFill,
  VariableStore,
  variableType,
} from '../engine/variable-store.ts';
import type { Layer } from '../nn/layers/layer.ts';
import type { Network } from '../nn/network.ts';
import type { NetworkWeight } from '../nn/placed-layer.ts';

interface Weight {
  /** Its place, once a model has been opened. */
  stored?: StoredVariable | undefined;
  /** Numbers for it until then. */
  initial?: TypedArray | undefined;
}

const weights = new WeakMap<Layer, Map<string, Weight>>();

function weightOf({ layer, part }: NetworkWeight): Weight {
  const parts = weights.get(layer) ?? new Map<string, Weight>();
  weights.set(layer, parts);
  const weight = parts.get(part) ?? {};
  parts.set(part, weight);
  return weight;
}

/** Numbers by the names of weights, as users give them. @throws OptionError where it is no Map */
export function checkMap<Item>(where: string, what: string, given: ReadonlyMap<string, Item>): typeof given {
  if (given instanceof Map) return given;
  throw new OptionError(
    `${where}: expected ${what} as a Map of typed arrays by the names of weights, as getWeights gives it, received ${show(given)}.`,
  );
}

/** Throws where what a user gave for a weight is no typed array, or one of another size. */
export function checkNumbers({ name, shape }: NetworkWeight, data: unknown): void {
  if (!ArrayBuffer.isView(data)) {
    throw new OptionError(`variable "${name}": expected a typed array, as a Float32Array, received ${show(data)}.`);
  }
  checkCount(variableType(name, shape), data as TypedArray);
}

/** Sets a weight's numbers, now or when a model is opened. @throws ShapeError where their count differs */
export async function setWeight(weight: NetworkWeight, data: TypedArray): Promise<void> {
  checkCount(variableType(weight.name, weight.shape), data);
  const held = weightOf(weight);
  if (held.stored) await held.stored.store.write(held.stored, data);
  else held.initial = data.slice();
}

let opening: Promise<unknown> = Promise.resolve();

/**
 * The memory of a model, with the places of weights that other models have opened, and room for the others.
 *
 * @param backend asked for only where none of the weights has a place yet, or where one was named
 * @param add makes room for the missing weights, together with whatever else the model needs
 */
export function openMemory(
  network: Network,
  seed: number,
  backend: { chosen: () => Promise<Backend>; isNamed: boolean },
  add: (memory: ModelMemory, missing: readonly NewVariable[]) => Promise<void>,
): Promise<ModelMemory> {
  // One model after the other, so that two do not make room for the same layer.
  const opened = opening.then(() => open(network, seed, backend, add));
  opening = opened.catch(() => undefined);
  return opened;
}

async function open(
  network: Network,
  seed: number,
  backend: Parameters<typeof openMemory>[2],
  add: Parameters<typeof openMemory>[3],
): Promise<ModelMemory> {
  const held = network.weights.map((weight) => ({ weight, held: weightOf(weight) }));
  const stores = new Set(held.flatMap(({ held: { stored } }) => (stored ? [stored.store.current] : [])));
  const [known] = stores;
  const store = known && !backend.isNamed ? known : new VariableStore(await backend.chosen());
  for (const other of stores) await store.join(other);
  const memory = new ModelMemory(store.current.backend, store.current);
  for (const { weight, held: place } of held) if (place.stored) memory.share(weight.name, place.stored);
  const fills = network.initialize(seed);
  const missing = held.filter(({ held: { stored } }) => !stored);
  await add(
    memory,
    missing.map(({ weight: { name, shape }, held: { initial } }) => ({
      type: variableType(name, shape),
      data: initial ?? (fills.get(name) as VariableFill),
    })),
  );
  for (const { weight, held: place } of missing) {
    place.stored = memory.variable(weight.name);
    place.initial = undefined;
  }
  return memory;
}
