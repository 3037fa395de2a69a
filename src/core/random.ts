/** Counter-based random numbers: Philox 4×32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011).
 * A number depends only on (seed, stream, step, index), never on who asked first, so work can be split in any way. */

const multiplierA = 0xd2511f53;
const multiplierB = 0xcd9e8d57;
const weylA = 0x9e3779b9;
const weylB = 0xbb67ae85;

function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const low = aLow * bLow;
  const middle = aHigh * bLow + (low >>> 16);
  const cross = aLow * bHigh + (middle % 65536);
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(cross / 65536)) >>> 0;
}

/** Four random 32-bit words for a counter of four words and a key of two; writes them into `out`. */
export function philox(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
  out: Uint32Array,
): void {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const highA = multiplyHigh(multiplierA, c0 >>> 0);
    const lowA = Math.imul(multiplierA, c0);
    const highB = multiplyHigh(multiplierB, c2 >>> 0);
    const lowB = Math.imul(multiplierB, c2);
    c0 = highB ^ c1 ^ k0;
    c1 = lowB;
    c2 = highA ^ c3 ^ k1;
    c3 = lowA;
    k0 = (k0 + weylA) | 0;
    k1 = (k1 + weylB) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** A 32-bit number for a name, so that streams can be named: FNV-1a. */
export function streamOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/**
 * A sequence of random numbers. Sequences of different `stream`, `step` or `element` are independent.
 *
 * @example
 * const random = new Random(7, 'shuffle');
 * const order = random.permutation(10);
 */
export class Random {
  #key: readonly [number, number];
  #step: number;
  #element: number;
  #index = 0;
  #words = new Uint32Array(4);

  /** @param seed any whole number; @param stream what the numbers are for; @param step an epoch, picture or step; @param element
   * what within the step they belong to, as a picture of an epoch */
  constructor(seed: number, stream: string | number = 0, step = 0, element = 0) {
    this.#key = [seed >>> 0, typeof stream === 'string' ? streamOf(stream) : stream >>> 0];
    this.#step = step >>> 0;
    this.#element = element >>> 0;
  }

  /** A whole number from 0 to 2³² − 1. */
  nextWord(): number {
    const lane = this.#index & 3;
    if (lane === 0) philox([this.#index / 4, this.#step, this.#element, 0], this.#key, this.#words);
    this.#index++;
    return this.#words[lane]!;
  }

  /** A number in [0, 1), with 24 random bits as float32 holds them. */
  next(): number {
    return (this.nextWord() >>> 8) * 2 ** -24;
  }

  /** A number in [low, high). */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number from 0 to `limit` − 1, each as likely (by rejection); `limit` is below 2³². */
  integer(limit: number): number {
    // In unsigned words, whose remainders take a fraction of the time that those of doubles take: 2³² mod limit is
    // (2³² − limit) mod limit.
    const size = limit >>> 0;
    const fair = 2 ** 32 - ((-size >>> 0) % size);
    let word = this.nextWord();
    while (word >= fair) word = this.nextWord();
    return (word >>> 0) % size;
  }

  /** A number from the standard normal distribution (Box and Muller, 1958). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /** A standard normal number drawn again until it is within two deviations, as Keras truncates. */
  truncatedNormal(): number {
    let value = this.normal();
    while (Math.abs(value) > 2) value = this.normal();
    return value;
  }

  /** The numbers 0 … length − 1 in random order (Fisher and Yates). */
  permutation(length: number): Uint32Array {
    const order = new Uint32Array(length);
    for (let index = 0; index < length; index++) order[index] = index;
    for (let last = length - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      const held = order[last]!;
      order[last] = order[other]!;
      order[other] = held;
    }
    return order;
  }
}
