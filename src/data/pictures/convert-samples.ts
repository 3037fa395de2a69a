/** Colours and depths of samples, before a picture is resized: grey from colour, white behind what is transparent, bytes from
 * deeper samples. Bytes are computed in whole numbers, so that every machine gives the same. */
import { createSamples, type Samples, sampleTypeOf } from './raster.ts';

/** What is opaque, or white: floats count from 0 to 1. */
function fullOf(samples: Samples): number {
  return samples instanceof Uint8Array ? 255 : samples instanceof Uint16Array ? 65_535 : 1;
}

/** Zeros of the same kind. */
function sameKind(samples: Samples, length: number): Samples {
  return createSamples(sampleTypeOf(samples), length);
}

/**
 * One grey sample for each red, green and blue one: 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601), rounded as Pillow's
 * `L`. Grey pictures (equal channels) keep their values exactly.
 *
 * @param samples `[..., 3]`
 * @returns `[..., 1]`
 */
export function lumaOf<Kind extends Samples>(samples: Kind): Kind {
  const grey = sameKind(samples, samples.length / 3);
  const isWhole = !(samples instanceof Float32Array);
  for (let pixel = 0, at = 0; pixel < grey.length; pixel++, at += 3) {
    // 19595 + 38470 + 7471 = 65536: the weights in 1/65536, and one half for rounding. Division is exact, and the largest
    // sum of 16-bit samples is above 2³².
    const sum = samples[at]! * 19595 + samples[at + 1]! * 38470 + samples[at + 2]! * 7471;
    grey[pixel] = isWhole ? Math.floor((sum + 32768) / 65536) : sum / 65536;
  }
  return grey as Kind;
}

/**
 * Leaves out the last channel, alpha, with white behind what it makes transparent: `colour · alpha + white · (1 − alpha)`,
 * rounded to the nearest.
 */
export function onWhite<Kind extends Samples>(samples: Kind, channels: number): Kind {
  const colours = channels - 1;
  const opaque = sameKind(samples, (samples.length / channels) * colours);
  const full = fullOf(samples);
  const isWhole = full !== 1;
  for (let from = 0, to = 0; from < samples.length; from += channels) {
    const alpha = samples[from + colours]!;
    for (let channel = 0; channel < colours; channel++) {
      const sum = samples[from + channel]! * alpha + full * (full - alpha);
      opaque[to++] = isWhole ? Math.floor(sum / full + 0.5) : sum;
    }
  }
  return opaque as Kind;
}

/** Colours times alpha, so that what lies under transparent pixels does not bleed into others when they are resized. */
export function premultiplied(samples: Samples): Samples {
  const result = samples.slice();
  const full = fullOf(samples);
  for (let at = 0; at < result.length; at += 4) {
    const alpha = samples[at + 3]!;
    for (let channel = at; channel < at + 3; channel++) {
      const product = samples[channel]! * alpha;
      result[channel] = full === 1 ? product : Math.floor(product / full + 0.5);
    }
  }
  return result;
}

/** Undoes `premultiplied`, as Pillow does: whole quotients, and nothing where alpha is zero or full. */
export function unpremultiplied(samples: Samples): Samples {
  const result = samples.slice();
  const full = fullOf(samples);
  for (let at = 0; at < result.length; at += 4) {
    const alpha = samples[at + 3]!;
    if (alpha === 0 || alpha === full) continue;
    for (let channel = at; channel < at + 3; channel++) {
      const quotient = (full * samples[channel]!) / alpha;
      result[channel] = full === 1 ? quotient : Math.min(full, Math.floor(quotient));
    }
  }
  return result;
}

/** Picks channels in an order; a channel of −1 is what is opaque. */
export function pickChannels(samples: Samples, channels: number, order: readonly number[]): Samples {
  const picked = sameKind(samples, (samples.length / channels) * order.length);
  const full = fullOf(samples);
  for (let from = 0, to = 0; from < samples.length; from += channels) {
    for (const channel of order) picked[to++] = channel < 0 ? full : samples[from + channel]!;
  }
  return picked;
}
