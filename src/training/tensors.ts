/** Tensors for a network's inputs or outputs, as users give them: one, a list in their order, or by name. */
import { OptionError } from '../core/errors.ts';
import { checkKeys } from '../core/options.ts';
import type { Tensor } from '../core/tensor.ts';
import type { Tensors } from '../data/dataset.ts';

/** Whether it is one tensor. */
export function isTensor(given: unknown): given is Tensor {
  return typeof given === 'object' && given !== null && 'data' in given && 'dtype' in given && 'shape' in given;
}

/** The tensor, or the first of several. */
export function firstTensor(given: Tensors): Tensor {
  return isTensor(given) ? given : Object.values(given)[0]!;
}

/**
 * One tensor for each name, in their order.
 *
 * @param what `inputs` or `targets`
 * @throws OptionError where there are more or fewer, or a name is unknown
 */
export function namedTensors(where: string, what: string, given: Tensors, names: readonly string[]): readonly Tensor[] {
  const list = isTensor(given) ? [given] : Array.isArray(given) ? (given as readonly Tensor[]) : undefined;
  if (list) {
    if (list.length === names.length) return list;
    throw new OptionError(
      `${where}: expected ${names.length} ${what} (${names.join(', ')}), received ${list.length}. Give a list in this order, or an object by name.`,
    );
  }
  const byName = given as Readonly<Record<string, Tensor>>;
  checkKeys(`${where}: ${what}`, byName, names);
  return names.map((name) => {
    const found = byName[name];
    if (found) return found;
    throw new OptionError(`${where}: expected ${what} by name for ${names.join(', ')}, received none for "${name}".`);
  });
}
