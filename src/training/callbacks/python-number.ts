/** Numbers as Python writes them: `repr` and the format specifications of file-name templates. JavaScript's own `toFixed`
 * rounds ties away from zero, Python to the even digit, and the two write exponents differently. */

/** The digits of a number above 0, its point standing after the first `point` of them. */
interface Decimal {
  readonly digits: bigint;
  readonly point: number;
}

/** Every digit that the double has: m · 2⁻ᵏ is m · 5ᵏ · 10⁻ᵏ. */
function exactDecimal(value: number): Decimal {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const high = bits.getUint32(0);
  const biased = (high >>> 20) & 0x7ff;
  const fraction = (BigInt(high & 0xfffff) << 32n) | BigInt(bits.getUint32(4));
  const whole = biased === 0 ? fraction : fraction | (1n << 52n);
  const power = Math.max(1, biased) - 1075;
  if (power >= 0) {
    const digits = whole << BigInt(power);
    return { digits, point: String(digits).length };
  }
  const digits = whole * 5n ** BigInt(-power);
  return { digits, point: String(digits).length + power };
}

/** Without the last `count` digits, rounded half to even; a negative count appends zeros. */
function withoutDigits(digits: bigint, count: number): bigint {
  if (count <= 0) return digits * 10n ** BigInt(-count);
  const unit = 10n ** BigInt(count);
  const quotient = digits / unit;
  const twice = (digits % unit) * 2n;
  return twice > unit || (twice === unit && quotient % 2n === 1n) ? quotient + 1n : quotient;
}

/** `value` of at least 0 with a fixed number of decimals. */
export function toFixedDecimals(value: number, decimals: number): string {
  const { digits, point } = exactDecimal(value);
  const scaled = String(withoutDigits(digits, String(digits).length - point - decimals)).padStart(decimals + 1, '0');
  return decimals === 0 ? scaled : `${scaled.slice(0, -decimals)}.${scaled.slice(-decimals)}`;
}

/** `value` of at least 0 as its first `count` digits and the power of ten of the first. */
export function leadingDigits(value: number, count: number): { digits: string; exponent: number } {
  if (value === 0) return { digits: '0'.repeat(count), exponent: 0 };
  const { digits, point } = exactDecimal(value);
  const rounded = String(withoutDigits(digits, String(digits).length - count));
  // 9.99 may have become 10.0.
  return { digits: rounded.slice(0, count), exponent: point - 1 + rounded.length - count };
}

/** `1e-05`: digits with a point after the first, and an exponent of two digits at least. */
export function withExponent(digits: string, exponent: number): string {
  const [first, rest] = [digits.slice(0, 1), digits.slice(1)];
  const power = String(Math.abs(exponent)).padStart(2, '0');
  return `${first}${rest && `.${rest}`}e${exponent < 0 ? '-' : '+'}${power}`;
}

/** A float as Python's `repr` and `str` write it: `1.0`, `0.1`, `1e-05`, `nan`, `inf`. */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [mantissa, power] = Math.abs(value).toExponential().split('e') as [string, string];
  const digits = mantissa.replace('.', '');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) return sign + withExponent(digits, exponent);
  const text = exponent < 0 ? '0'.repeat(-exponent) + digits : digits.padEnd(exponent + 1, '0');
  const whole = Math.max(1, exponent + 1);
  return `${sign}${text.slice(0, whole)}.${text.slice(whole) || '0'}`;
}
