/** Samples deeper than 8 bits as the 0…255 that networks see: for each channel
 * `clip((sample − low) / (high − low), 0, 1) · 255`. Low and high are percentiles of the training pictures alone, are stored
 * with the model, and are used again for every later picture. */
import { OptionError } from '../../core/errors.ts';
import type { Preprocessing, SampleScaling } from './preprocessing.ts';
import type { Samples } from './raster.ts';

/** The percentiles that become 0 and 255 where nothing else is said. */
export const defaultPercentiles: readonly [low: number, high: number] = [0.1, 99.9];

/** Two percentiles, the lower one first. @throws OptionError for anything else */
export function checkPercentiles(where: string, given: readonly number[]): readonly [low: number, high: number] {
  const [low = Number.NaN, high = Number.NaN] = given;
  if (given.length === 2 && low >= 0 && low < high && high <= 100) return [low, high];
  throw new OptionError(
    `${where}: percentiles must be two numbers of 0 to 100, the lower one first, received ${JSON.stringify(given)}. ` +
      'Write 0.1 and 99.9.',
  );
}

/** How many samples of each channel the percentiles are taken from, of all pictures together, at most. */
const mostSamples = 1_000_000;
/** And of each picture, at least. */
const leastOfPicture = 64;

/**
 * Pixels at equal distances over a picture, from which percentiles are taken.
 *
 * @param pictureCount how many pictures there are: the more, the fewer pixels of each
 * @returns `[pixels, channels]`
 */
export function sampleOfPicture(pixels: Samples, channels: number, pictureCount: number): Float32Array {
  const pixelCount = pixels.length / channels;
  const wanted = Math.max(leastOfPicture, Math.ceil(mostSamples / Math.max(1, pictureCount)));
  const stride = Math.max(1, Math.floor(pixelCount / wanted));
  const taken = Math.ceil(pixelCount / stride);
  const sample = new Float32Array(taken * channels);
  for (let at = 0; at < taken; at++) {
    for (let channel = 0; channel < channels; channel++) {
      sample[at * channels + channel] = pixels[at * stride * channels + channel]!;
    }
  }
  return sample;
}

/**
 * The scaling of a set of pictures, from samples of each. A channel of one value gets a range of 1 above it.
 *
 * @param samples what `sampleOfPicture` gave for each training picture, each `[pixels, channels]`
 * @param percentiles two numbers between 0 and 100; as in NumPy's `percentile`, values between samples are interpolated
 * @example
 * const scaling = percentileScaling([sampleOfPicture(pixels, 4, 1)], 4);
 */
export function percentileScaling(
  samples: readonly Float32Array[],
  channels: number,
  percentiles: readonly [low: number, high: number] = defaultPercentiles,
): SampleScaling {
  const low: number[] = [];
  const high: number[] = [];
  const count = samples.reduce((sum, { length }) => sum + length, 0) / channels;
  for (let channel = 0; channel < channels; channel++) {
    const values = new Float32Array(count);
    let at = 0;
    for (const sample of samples) {
      for (let from = channel; from < sample.length; from += channels) values[at++] = sample[from]!;
    }
    const finite = values.filter(Number.isFinite).sort();
    const start = percentileOf(finite, percentiles[0]);
    const end = percentileOf(finite, percentiles[1]);
    low.push(start);
    high.push(end > start ? end : start + 1);
  }
  return { low, high };
}

function percentileOf(sorted: Float32Array, percentile: number): number {
  if (sorted.length === 0) return 0;
  const place = ((sorted.length - 1) * percentile) / 100;
  const below = Math.floor(place);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below]! + (sorted[above]! - sorted[below]!) * (place - below);
}

/** What a scaling does, in a sentence. @param percentiles that it was made from */
export function describeScaling(
  { low, high }: SampleScaling,
  percentiles: readonly [low: number, high: number] = defaultPercentiles,
): string {
  const shown = low.slice(0, 8).map((start, channel) => `${formatSample(start)} to ${formatSample(high[channel]!)}`);
  const rest = low.length > shown.length ? ` and ${low.length - shown.length} more` : '';
  return (
    `Samples become 0 to 255 channel by channel, by the percentiles ${percentiles.join(' and ')} of the training pictures: ` +
    `${shown.join(', ')}${rest}.`
  );
}

function formatSample(value: number): string {
  return Number(value.toPrecision(4)).toString();
}

/** The type of the numbers that a network gets: bytes, or fractions where samples are deeper. */
export function inputTypeOf({ sampleType }: Pick<Preprocessing, 'sampleType'>): 'uint8' | 'float32' {
  return sampleType === 'uint8' ? 'uint8' : 'float32';
}

/** Room for so many numbers that a network gets. */
export function createInputs(
  preprocessing: Pick<Preprocessing, 'sampleType'>,
  length: number,
): Uint8Array | Float32Array {
  return inputTypeOf(preprocessing) === 'uint8' ? new Uint8Array(length) : new Float32Array(length);
}

/**
 * Writes a prepared picture as the network gets it: bytes as they are, deeper samples scaled to 0…255. Without a scaling,
 * 16 bits are divided by 257 and fractions stay as they are; what is no number becomes 0.
 *
 * @param to where it goes, from `offset` on
 */
export function putScaled(
  pixels: Samples,
  { channels, scaling, sampleType }: Pick<Preprocessing, 'channels' | 'scaling' | 'sampleType'>,
  to: Uint8Array | Float32Array,
  offset: number,
): void {
  if (sampleType === 'uint8') {
    to.set(pixels, offset);
    return;
  }
  for (let at = 0; at < pixels.length; at++) {
    const sample = pixels[at]!;
    if (scaling) {
      const low = scaling.low[at % channels]!;
      const share = (sample - low) / (scaling.high[at % channels]! - low);
      to[offset + at] = Math.min(1, Math.max(0, Number.isNaN(share) ? 0 : share)) * 255;
    } else {
      to[offset + at] = sampleType === 'uint16' ? sample / 257 : sample;
    }
  }
}
