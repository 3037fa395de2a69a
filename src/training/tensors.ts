/** Tensors for a network's inputs or outputs, as users give them: one, a list in their order, or by name. */
import { OptionError } from '../core/errors.ts';
import { checkKeys } from '../core/options.ts';
import { checkTensor, isTensor, noTensor, type Tensor } from '../core/tensor.ts';
import type { Tensors } from '../data/dataset.ts';

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
  if (typeof given !== 'object' || given === null) throw noTensor(where, what, given);
  const list = isTensor(given) ? [given] : Array.isArray(given) ? (given as readonly Tensor[]) : undefined;
  if (list) {
    if (list.length > 0 && !list.some(isTensor)) throw noTensor(where, what, given);
    if (list.length === names.length)
      return list.map((one, index) => checkTensor(where, nameOf(what, names, index), one));
    throw new OptionError(
      `${where}: expected ${names.length} ${what} (${names.join(', ')}), received ${list.length}. Give a list in this order, or an object by name.`,
    );
  }
  if (ArrayBuffer.isView(given) || 'data' in given) throw noTensor(where, what, given);
  const byName = given as Readonly<Record<string, Tensor>>;
  checkKeys(`${where}: ${what}`, byName, names);
  return names.map((name, index) => {
    const found = byName[name];
    if (found !== undefined) return checkTensor(where, nameOf(what, names, index), found);
    throw new OptionError(`${where}: expected ${what} by name for ${names.join(', ')}, received none for "${name}".`);
  });
}

function nameOf(what: string, names: readonly string[], index: number): string {
  return names.length === 1 ? what : `${what} "${names[index]}"`;
}
