/** The local features of all pictures of a set in one table, scaled so that every number counts alike. */
import { featureLength, type LocalFeatures } from './local-features.ts';

/** Features of all pictures, each number scaled by its spread. */
export interface FeatureTable {
  /** Where each picture's features begin; one more than there are pictures. */
  readonly starts: Uint32Array;
  /** `[features, featureLength]`. */
  readonly values: Float32Array;
  /** `[features, 2]`. */
  readonly places: Float32Array;
}

/** Joins the features of pictures and scales every number to unit spread over the set. */
export function joinFeatures(pictures: readonly LocalFeatures[]): FeatureTable {
  const starts = new Uint32Array(pictures.length + 1);
  for (const [index, { count }] of pictures.entries()) starts[index + 1] = starts[index]! + count;
  const total = starts[pictures.length]!;
  const values = new Float32Array(total * featureLength);
  const places = new Float32Array(total * 2);
  for (const [index, features] of pictures.entries()) {
    values.set(features.values, starts[index]! * featureLength);
    places.set(features.places, starts[index]! * 2);
  }
  for (let number = 0; number < featureLength; number++) {
    let sum = 0;
    let squares = 0;
    for (let at = number; at < values.length; at += featureLength) {
      sum += values[at]!;
      squares += values[at]! ** 2;
    }
    const mean = sum / Math.max(1, total);
    const spread = Math.sqrt(Math.max(0, squares / Math.max(1, total) - mean * mean)) || 1;
    for (let at = number; at < values.length; at += featureLength) values[at] = (values[at]! - mean) / spread;
  }
  return { starts, values, places };
}
