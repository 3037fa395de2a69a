/** Mean and standard deviation of each channel, for each part of a data set and each class: what a network could tell
 * pictures by without looking at what they show. They come from a sample, the same each time. */

import type { VerifiedPicture } from '../picture-file.ts';
import { ChannelMoments } from './channel-moments.ts';
import { createInputs, putScaled } from './percentile-scaling.ts';
import type { Preprocessing } from './preprocessing.ts';
import type { Samples } from './raster.ts';

/** What some pictures have in common, on the 0…255 that a network sees. Each list has a number for each channel. */
export interface ChannelStatistics {
  /** How many pictures there are. */
  readonly pictures: number;
  /** How many of them were counted. */
  readonly counted: number;
  readonly mean: readonly number[];
  /** Standard deviation of pixels. */
  readonly deviation: readonly number[];
  /** Standard deviation of the means of pictures within a class, with Bessel's correction; 0 of a single picture. */
  readonly pictureDeviation: readonly number[];
}

/** The statistics of a part. */
export interface SubsetStatistics extends ChannelStatistics {
  /** `training`, `validation` or `test`. */
  readonly name: string;
  /** Of each class, in the order of the labels; none where no picture of it was counted. */
  readonly classes: readonly (ChannelStatistics | undefined)[];
}

/** A part of a data set, and where its prepared pictures are. */
export interface StatisticsSource {
  readonly name: string;
  readonly files: readonly VerifiedPicture[];
  /** A prepared picture, or undefined where it is not at hand: it is not counted then. */
  readonly pixelsOf: (file: VerifiedPicture) => Promise<Samples | undefined> | Samples | undefined;
}

/** So many pictures are counted, of each class as many, but two of each class at least. */
const mostPictures = 500;
/** Of large pictures fewer: counting so many numbers takes about a tenth of a second. */
const mostNumbers = 2 ** 25;

/**
 * Counts a sample of the pictures of a part.
 *
 * @returns undefined where no picture is at hand
 */
export async function measurePictures(
  { name, files, pixelsOf }: StatisticsSource,
  classCount: number,
  preprocessing: Preprocessing,
): Promise<SubsetStatistics | undefined> {
  const { height, width, channels } = preprocessing;
  const seen = createInputs(preprocessing, height * width * channels);
  const most = Math.min(mostPictures, Math.max(32, Math.floor(mostNumbers / seen.length)));
  const perClass = Math.max(2, Math.floor(most / classCount));
  const classes: (ChannelStatistics | undefined)[] = [];
  for (let label = 0; label < classCount; label++) {
    const ofClass = files.filter((file) => file.label === label);
    const all = new ChannelMoments(channels);
    const means: number[][] = [];
    for (const file of spread(ofClass, perClass)) {
      const pixels = await pixelsOf(file);
      if (!pixels) continue;
      putScaled(pixels, preprocessing, seen, 0);
      const own = new ChannelMoments(channels);
      own.add(seen);
      all.join(own);
      means.push(own.mean);
    }
    classes.push(means.length === 0 ? undefined : ofOneClass(ofClass.length, all, means));
  }
  const joined = joinClasses(classes.filter((one) => one !== undefined));
  return joined && { name, ...joined, classes };
}

/** So many of the items at equal distances: neighbours in a folder are often of one series. */
function spread<Item>(items: readonly Item[], count: number): readonly Item[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, index) => items[Math.floor((index * items.length) / count)]!);
}

function ofOneClass(pictures: number, all: ChannelMoments, means: readonly number[][]): ChannelStatistics {
  const { mean, deviation } = all;
  const pictureDeviation = mean.map((center, channel) => {
    const squares = means.reduce((sum, own) => sum + (own[channel]! - center) ** 2, 0);
    return Math.sqrt(squares / Math.max(1, means.length - 1));
  });
  return { pictures, counted: means.length, mean, deviation, pictureDeviation };
}

/** Classes count by how many pictures they have, not by how many were counted. */
function joinClasses(classes: readonly ChannelStatistics[]): ChannelStatistics | undefined {
  const [first] = classes;
  if (!first) return undefined;
  const pictures = classes.reduce((sum, one) => sum + one.pictures, 0);
  const average = (of: (one: ChannelStatistics) => number) =>
    classes.reduce((sum, one) => sum + of(one) * one.pictures, 0) / pictures;
  const channels = [...first.mean.keys()];
  const mean = channels.map((channel) => average((one) => one.mean[channel]!));
  return {
    pictures,
    counted: classes.reduce((sum, { counted }) => sum + counted, 0),
    mean,
    deviation: channels.map((channel) =>
      Math.sqrt(average((one) => one.deviation[channel]! ** 2 + (one.mean[channel]! - mean[channel]!) ** 2)),
    ),
    pictureDeviation: channels.map((channel) => pooledDeviation(classes, channel)),
  };
}

/** Within classes: the root of the mean squared deviation, by degrees of freedom. */
export function pooledDeviation(parts: readonly ChannelStatistics[], channel: number): number {
  const freedom = parts.reduce((sum, { counted }) => sum + counted - 1, 0);
  const squares = parts.reduce((sum, one) => sum + (one.counted - 1) * one.pictureDeviation[channel]! ** 2, 0);
  return Math.sqrt(squares / Math.max(1, freedom));
}
