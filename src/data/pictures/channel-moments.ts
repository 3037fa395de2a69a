/** Mean and standard deviation of each channel over pictures that come one after another, exact also where the mean is
 * large: two passes over each picture, joined by the formula of Chan, Golub and LeVeque (1979). */
import type { TypedArray } from '../../core/dtype.ts';

/** Counts values of each channel. */
export class ChannelMoments {
  readonly #mean: Float64Array;
  readonly #squares: Float64Array;
  #count = 0;

  constructor(channels: number) {
    this.#mean = new Float64Array(channels);
    this.#squares = new Float64Array(channels);
  }

  /** Pixels that were counted. */
  get count(): number {
    return this.#count;
  }

  /** The mean of each channel. */
  get mean(): number[] {
    return [...this.#mean];
  }

  /** The standard deviation of each channel: the root of the mean squared distance from the mean. */
  get deviation(): number[] {
    return [...this.#squares].map((square) => Math.sqrt(square / Math.max(1, this.#count)));
  }

  /** Takes in the pixels of a picture, or of several: channels are next to each other. */
  add(values: TypedArray): void {
    const channels = this.#mean.length;
    const pixels = values.length / channels;
    if (pixels === 0) return;
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0;
      for (let index = channel; index < values.length; index += channels) sum += values[index]!;
      const mean = sum / pixels;
      let squares = 0;
      for (let index = channel; index < values.length; index += channels) squares += (values[index]! - mean) ** 2;
      this.#join(channel, pixels, mean, squares);
    }
    this.#count += pixels;
  }

  /** Takes in what another has counted. */
  join(other: ChannelMoments): void {
    if (other.#count === 0) return;
    for (let channel = 0; channel < this.#mean.length; channel++) {
      this.#join(channel, other.#count, other.#mean[channel]!, other.#squares[channel]!);
    }
    this.#count += other.#count;
  }

  #join(channel: number, count: number, mean: number, squares: number): void {
    const distance = mean - this.#mean[channel]!;
    const all = this.#count + count;
    this.#mean[channel]! += (distance * count) / all;
    this.#squares[channel]! += squares + (distance ** 2 * this.#count * count) / all;
  }
}
