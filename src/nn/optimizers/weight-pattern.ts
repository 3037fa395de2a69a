/** Patterns of weights' names: which weights have no decay, or a learning rate of their own. */
import { OptionError } from '../../core/errors.ts';

/** True where a pattern is the name of a weight (`block/conv2d/kernel`), of its layer (`block/conv2d`) or its own within the
 * layer (`kernel`); `*` stands for any letters. */
export function matchesWeight(pattern: string, weight: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  const whole = new RegExp(`^${parts.join('.*')}$`);
  const cut = weight.lastIndexOf('/');
  return [weight, weight.slice(0, Math.max(cut, 0)), weight.slice(cut + 1)].some((name) => whole.test(name));
}

/** The multiplier of a weight's learning rate: that of the first pattern that matches, else 1. */
export function multiplierOf(multipliers: Readonly<Record<string, number>>, weight: string): number {
  const found = Object.entries(multipliers).find(([pattern]) => matchesWeight(pattern, weight));
  return found ? found[1] : 1;
}

/** Throws where a pattern matches none of the weights. */
export function checkMultiplierPatterns(
  where: string,
  multipliers: Readonly<Record<string, number>>,
  weights: readonly string[],
): void {
  for (const pattern of Object.keys(multipliers)) {
    if (weights.some((weight) => matchesWeight(pattern, weight))) continue;
    const layers = [...new Set(weights.map((weight) => weight.slice(0, Math.max(weight.lastIndexOf('/'), 0))))];
    throw new OptionError(
      `${where}: expected learningRateMultipliers to name layers or weights, received "${pattern}", which matches none. The layers with weights are ${layers.join(', ')}.`,
    );
  }
}
