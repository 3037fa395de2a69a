/** A picture as its file holds it: what every decoder gives, and what `preparePicture` makes into what the network sees. */

/** Numbers that a sample of a picture can be stored as. */
export const sampleTypes = ['uint8', 'uint16', 'float32'] as const;

/** `uint8`: 0…255; `uint16`: 0…65535; `float32`: as the file says. */
export type SampleType = (typeof sampleTypes)[number];

/** The array that holds samples of a type. */
export type Samples = Uint8Array | Uint16Array | Float32Array;

/** A decoded picture, upright and of its full size, before it is prepared. */
export interface Raster {
  /** `[height, width, channels]`: 1 channel is grey, 2 grey and alpha, 3 RGB, 4 RGBA, unless `isMultichannel`. */
  readonly data: Samples;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** True where the channels are no colours, such as a stack of stains: nothing is converted or composited. */
  readonly isMultichannel: boolean;
}

/** What the samples of an array are. */
export function sampleTypeOf(samples: Samples): SampleType {
  if (samples instanceof Uint8Array) return 'uint8';
  return samples instanceof Uint16Array ? 'uint16' : 'float32';
}

/** So many zeros of a sample type. */
export function createSamples(sampleType: SampleType, length: number): Samples {
  if (sampleType === 'uint8') return new Uint8Array(length);
  return sampleType === 'uint16' ? new Uint16Array(length) : new Float32Array(length);
}

/** The array of samples that lies in bytes, whose start must fit the type. */
export function samplesIn({ buffer, byteOffset, byteLength }: Uint8Array, sampleType: SampleType): Samples {
  if (sampleType === 'uint8') return new Uint8Array(buffer, byteOffset, byteLength);
  if (sampleType === 'uint16') return new Uint16Array(buffer, byteOffset, byteLength / 2);
  return new Float32Array(buffer, byteOffset, byteLength / 4);
}
