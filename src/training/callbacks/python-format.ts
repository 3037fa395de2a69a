/** Python's format strings with numbers, as Keras's file names use them: `{epoch:02d}-{val_loss:.2f}`. */
import { OptionError } from '../../core/errors.ts';
import { didYouMean } from '../../core/options.ts';
import { leadingDigits, pythonFloat, toFixedDecimals, withExponent } from './python-number.ts';

/** What a template may name. */
export interface TemplateFields {
  /** Whole numbers, as Python's `int`. */
  readonly whole: Readonly<Record<string, number>>;
  /** Python's `float`. */
  readonly real: Readonly<Record<string, number>>;
}

const fieldPattern = /\{\{|\}\}|\{([^{}:!]*)(?::([^{}]*))?\}|[{}]/g;
const specificationPattern = /^(?:(.?)([<>=^]))?([+\- ]?)(#?)(0?)(\d*)([,_]?)(?:\.(\d+))?([deEfFgG%]?)$/su;

/**
 * Fills a template in.
 *
 * @param where for messages
 * @throws OptionError where the template names what is not there, or is not one of Python's
 */
export function formatTemplate(where: string, template: string, { whole, real }: TemplateFields): string {
  return template.replace(fieldPattern, (match, name?: string, specification = '') => {
    if (match === '{{' || match === '}}') return match[0]!;
    const isWhole = name !== undefined && Object.hasOwn(whole, name);
    if (name === undefined) {
      throw new OptionError(
        `${where}: expected pairs of braces, received "${template}". Write {{ or }} for a brace of the name.`,
      );
    }
    if (!isWhole && !Object.hasOwn(real, name)) {
      const known = [...Object.keys(whole), ...Object.keys(real)];
      throw new OptionError(
        `${where}: expected a name among ${known.join(', ')} in "${template}", received "${name}".${didYouMean(name, known)}`,
      );
    }
    const text = formatNumber(isWhole ? whole[name]! : real[name]!, specification, isWhole);
    if (text !== undefined) return text;
    throw new OptionError(
      `${where}: expected a format as :02d for ${Object.keys(whole).join(', ')} or :.2f for the other numbers, received "${match}".`,
    );
  });
}

/** A number by a format specification of Python; undefined where it is none, or not one for such a number. */
export function formatNumber(value: number, specification: string, isWhole: boolean): string | undefined {
  const parts = specificationPattern.exec(specification);
  if (!parts) return undefined;
  const [, fill = '', align = '', plus = '', alternate = '', zero = '', width = '', group = '', precision, kind = ''] =
    parts;
  if ((kind === 'd' && !isWhole) || (zero && group) || alternate) return undefined;
  if (isWhole && (kind === 'd' || kind === '') && precision !== undefined) return undefined;
  const size = Math.abs(value);
  const digits = isWhole && (kind === 'd' || kind === '') ? String(size) : formatReal(size, kind, precision);
  const grouped = group ? digits.replace(/^\d+/, (all) => all.replace(/\B(?=(\d{3})+$)/g, group)) : digits;
  const sign = value < 0 || Object.is(value, -0) ? '-' : plus === '-' ? '' : plus;
  const room = Number(width || 0) - [...sign, ...grouped].length;
  if (room <= 0) return sign + grouped;
  const filler = fill || (zero ? '0' : ' ');
  const side = align || (zero ? '=' : '>');
  const left = side === '<' ? 0 : side === '^' ? Math.floor(room / 2) : room;
  const [before, after] = [filler.repeat(left), filler.repeat(room - left)];
  return side === '=' ? sign + before + grouped : before + sign + grouped + after;
}

/** A number of at least 0 by the letter of a specification. */
function formatReal(value: number, kind: string, precision: string | undefined): string {
  if (kind === '%') return `${formatReal(value * 100, 'f', precision)}%`;
  if (!Number.isFinite(value)) {
    const text = Number.isNaN(value) ? 'nan' : 'inf';
    return isUpper(kind) ? text.toUpperCase() : text;
  }
  if (kind === '' && precision === undefined) return pythonFloat(value);
  const count = Number(precision ?? 6);
  if (kind === 'f' || kind === 'F') return toFixedDecimals(value, count);
  const text = kind.toLowerCase() === 'e' ? scientific(value, count) : general(value, Math.max(1, count), kind === '');
  return isUpper(kind) ? text.toUpperCase() : text;
}

function isUpper(kind: string): boolean {
  return kind >= 'A' && kind <= 'Z';
}

function scientific(value: number, decimals: number): string {
  const { digits, exponent } = leadingDigits(value, decimals + 1);
  return withExponent(digits, exponent);
}

/** So many digits without the zeros at their end; with an exponent where the point would stand outside of them.
 * @param isPlain the specification has no letter: there is a decimal always, and the exponent begins one place earlier */
function general(value: number, count: number, isPlain: boolean): string {
  const { digits, exponent } = leadingDigits(value, count);
  if (exponent < -4 || exponent >= count - (isPlain ? 1 : 0)) {
    return withExponent(digits.slice(0, 1) + digits.slice(1).replace(/0+$/, ''), exponent);
  }
  const text = toFixedDecimals(value, Math.max(0, count - 1 - exponent))
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
  return isPlain && !text.includes('.') ? `${text}.0` : text;
}
