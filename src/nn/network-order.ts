/** The order in which a network's calls run, and its layers are listed: as Keras orders them, by how far they are from the
 * outputs, and at the same distance in the order in which they are met. */
import { OptionError } from '../core/errors.ts';
import { nameOf } from './layer-call.ts';
import { isInput } from './layers/input.ts';
import type { Layer } from './layers/layer.ts';
import type { LayerCall, SymbolicTensor } from './symbolic-tensor.ts';

/** The calls between inputs and outputs, in an order in which each comes after those that it reads.
 * @throws OptionError where an output depends on an input that is not among them, or an input leads to no output */
export function callsBetween(inputs: readonly SymbolicTensor[], outputs: readonly SymbolicTensor[]): LayerCall[] {
  const given = new Set(inputs);
  const met = new Map<Layer, number>();
  const finished = new Set<LayerCall>();
  const used = new Set<SymbolicTensor>();
  const order: LayerCall[] = [];
  // With a stack of its own, since networks may be deeper than JavaScript's stack.
  const stack = outputs.toReversed().map((tensor) => ({ tensor, isDone: false }));
  while (stack.length > 0) {
    const { tensor, isDone } = stack.pop()!;
    const { call } = tensor;
    if (given.has(tensor)) {
      used.add(tensor);
      continue;
    }
    if (isInput(tensor)) {
      const name = call.layer.name ? ` "${call.layer.name}"` : '';
      throw new OptionError(
        `model: expected outputs that follow from the inputs, received one that also needs the input${name} of shape [${call.outputs[0]!.shape.slice(1).join(', ')}]. Add it to inputs.`,
      );
    }
    if (finished.has(call)) continue;
    if (isDone) {
      finished.add(call);
      order.push(call);
      continue;
    }
    if (!met.has(call.layer)) met.set(call.layer, met.size);
    stack.push({ tensor, isDone: true });
    for (const input of call.inputs.toReversed()) stack.push({ tensor: input, isDone: false });
  }
  inputs.forEach((input, index) => {
    if (used.has(input)) return;
    throw new OptionError(
      `model: expected every input to lead to an output, received ${nameOf(input.call.layer)} (input ${index + 1} of ${inputs.length}), which none of the outputs uses. Leave it out, or connect it.`,
    );
  });
  return byDistance(order, outputs, met);
}

function byDistance(
  order: readonly LayerCall[],
  outputs: readonly SymbolicTensor[],
  met: ReadonlyMap<Layer, number>,
): LayerCall[] {
  const distances = new Map<LayerCall, number>();
  const raise = (call: LayerCall, distance: number) => {
    distances.set(call, Math.max(distance, distances.get(call) ?? 0));
  };
  for (const { call } of outputs) raise(call, 0);
  for (const call of order.toReversed()) {
    for (const input of call.inputs) raise(input.call, distances.get(call)! + 1);
  }
  return order.toSorted((a, b) => distances.get(b)! - distances.get(a)! || met.get(a.layer)! - met.get(b.layer)! || 0);
}

const keptNames = new WeakMap<Layer, string>();

/**
 * A name for each layer: the user's, or the class's with a number. A layer keeps the name that its first network gave it.
 *
 * @throws OptionError where two layers have the same name by the user's will
 */
export function uniqueNames(
  where: string,
  layers: readonly Layer[],
  baseName: (className: string) => string,
): string[] {
  const given = new Set<string>();
  for (const { name } of layers) {
    if (name === undefined) continue;
    if (given.has(name)) {
      throw new OptionError(`${where}: expected different layer names, received "${name}" twice. Rename one of them.`);
    }
    given.add(name);
  }
  const taken = new Set(given);
  // Kept names first, so that a new layer does not take one.
  const names = layers.map((layer) => {
    const kept = layer.name ?? keptNames.get(layer);
    if (layer.name === undefined && kept !== undefined && taken.has(kept)) return undefined;
    if (kept !== undefined) taken.add(kept);
    return kept;
  });
  return layers.map((layer, index) => {
    const known = names[index];
    if (known !== undefined) return known;
    const base = baseName(layer.className);
    let free = base;
    for (let number = 1; taken.has(free); number++) free = `${base}_${number}`;
    taken.add(free);
    if (!keptNames.has(layer)) keptNames.set(layer, free);
    return free;
  });
}
