/** Checks of option objects and names: unknown keys are errors that name the nearest known one. */
import { OptionError } from './errors.ts';

/** The number of single-letter edits (insert, delete, replace, swap of neighbours) between two words. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(replace, previous[j]! + 1, current[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, before[j - 2]! + 1);
      current.push(best);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length]!;
}

/** The known name nearest to `received`, where one is near enough to be meant. */
export function nearestName(received: string, known: readonly string[]): string | undefined {
  const fold = (name: string) => name.toLowerCase().replaceAll(/[-_ ]/g, '');
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(received.length / 3)) + 1;
  for (const name of known) {
    const distance = editDistance(fold(received), fold(name));
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** ` Did you mean "x"?` or nothing: the middle part of messages about unknown names. */
export function didYouMean(received: string, known: readonly string[]): string {
  const nearest = nearestName(received, known);
  return nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
}

/** A value as messages show it, short and whatever it is. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return 'a function';
  // JSON has no NaN and no Infinity (it would call them null), no symbols and no big integers.
  if (typeof value !== 'object' && typeof value !== 'string') return String(value);
  const text = asJson(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function asJson(value: object | string | null): string {
  try {
    return JSON.stringify(value, (_, part: unknown) => {
      if (ArrayBuffer.isView(part)) return `${part.byteLength} bytes of numbers`;
      if (Array.isArray(part) && part.length > 20) return `a list of ${part.length}`;
      return typeof part === 'bigint' || (typeof part === 'number' && !Number.isFinite(part)) ? String(part) : part;
    });
  } catch {
    return 'an object that holds itself';
  }
}

/** Returns `name` where it is one of `known`, and throws with the nearest one where it is not. */
export function checkName<Name extends string>(
  where: string,
  what: string,
  name: unknown,
  known: readonly Name[],
): Name {
  if (typeof name !== 'string') {
    throw new OptionError(`${where}: ${what} must be a name, received ${show(name)}. Choose from ${known.join(', ')}.`);
  }
  if ((known as readonly string[]).includes(name)) return name as Name;
  throw new OptionError(
    `${where}: unknown ${what} "${name}".${didYouMean(name, known)} Choose from ${known.join(', ')}.`,
  );
}

/** Throws where `options` is no object of options. */
export function checkObject(where: string, options: unknown, known: readonly string[]): void {
  const isList = Array.isArray(options) || ArrayBuffer.isView(options);
  if (typeof options === 'object' && options !== null && !isList) return;
  const example = known.length === 0 ? '' : ` Write { ${known[0]}: … }.`;
  throw new OptionError(`${where}: expected options by name, in an object, received ${show(options)}.${example}`);
}

/** Throws where `options` is no object of options, or has a key that is not in `known`. */
export function checkKeys(where: string, options: object, known: readonly string[]): void {
  checkObject(where, options, known);
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const choices = known.length === 0 ? 'It takes no options.' : `Choose from ${known.join(', ')}.`;
    throw new OptionError(`${where}: unknown option "${key}".${didYouMean(key, known)} ${choices}`);
  }
}

/** What a number option must satisfy. */
export interface NumberRule {
  integer?: boolean;
  min?: number;
  max?: number;
  /** The bounds themselves are not allowed: both, or only the one that is named. */
  exclusive?: boolean | 'min' | 'max';
}

/** Returns `value` where it is a finite number that follows the rule, and throws where it is not. */
export function checkNumber(where: string, name: string, value: unknown, rule: NumberRule = {}): number {
  const { integer = false, min = -Infinity, max = Infinity, exclusive = false } = rule;
  const isNumber = typeof value === 'number' && Number.isFinite(value) && (!integer || Number.isInteger(value));
  const isOpen = (bound: 'min' | 'max') => exclusive === true || exclusive === bound;
  const inRange =
    isNumber && (isOpen('min') ? value > min : value >= min) && (isOpen('max') ? value < max : value <= max);
  if (inRange) return value;
  const kind = integer ? 'a whole number' : 'a number';
  const above = min === -Infinity ? '' : isOpen('min') ? ` above ${min}` : ` of at least ${min}`;
  const below = max === Infinity ? '' : isOpen('max') ? ` below ${max}` : ` of at most ${max}`;
  const range = above && below ? `${above} and${below}` : above || below;
  const received = value === undefined ? 'undefined' : show(value);
  throw new OptionError(`${where}: ${name} must be ${kind}${range}, received ${received}.`);
}

/** Returns `value` where it is true or false, and throws where it is neither. */
export function checkSwitch(where: string, name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new OptionError(`${where}: ${name} must be true or false, received ${show(value)}.`);
}

/** Returns `value` where it is a text, and throws where it is none: paths and names that came out of a variable nobody filled. */
export function checkText(where: string, name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new OptionError(`${where}: ${name} must be a text, received ${show(value)}.`);
}

/** Returns `value` where it is a list of texts, and throws where it is none. */
export function checkTexts(where: string, name: string, value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  throw new OptionError(`${where}: ${name} must be a list of texts, received ${show(value)}.`);
}

/** Throws where a signal is given that is none. */
export function checkSignal(where: string, value: unknown): void {
  if (value === undefined || value === null || typeof (value as Partial<AbortSignal>).aborted === 'boolean') return;
  throw new OptionError(
    `${where}: signal must be an AbortSignal, received ${show(value)}. Give the signal of an AbortController.`,
  );
}
