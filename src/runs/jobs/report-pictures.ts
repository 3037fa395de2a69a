/** The pictures of a report: samples of each class, the first training batch as the network sees it, and mistakes. */
import path from 'node:path';
import { DataError } from '../../core/errors.ts';
import {
  type Batch,
  createInputs,
  createPreprocessing,
  onWhite,
  type PictureFile,
  type Preprocessing,
  putScaled,
} from '../../data/index.ts';
import { decodePicture } from '../../data/node/index.ts';
import { largestOf } from '../../nn/metrics/metric.ts';
import { mostConfidentMistakes } from '../mistakes.ts';
import type { LabelledPicture, MistakeReport } from '../report-data.ts';
import type { Picture } from '../run-record.ts';
import type { Answers } from './evaluate-dataset.ts';

const samplesPerClass = 6;
const mostBatchPictures = 32;
const mostMistakes = 24;
/** Of all classes together, so that a report on a thousand classes stays small. */
const mostSamples = 96;

/** A file of a folder in colour, prepared as for the network; none where it has gone or changed meanwhile, which must not
 * cost the report. */
async function thumbnail(folder: string, file: string, preprocessing: Preprocessing): Promise<{ picture?: Picture }> {
  const { height, width, resize } = preprocessing;
  try {
    const bytes = createPreprocessing({ height, width, ...resize });
    // What is no colour, or deeper than a page can show, is shown as the network sees it.
    const isPlain = preprocessing.colorMode !== 'channels' && preprocessing.sampleType === 'uint8';
    const pixels = await decodePicture(path.join(folder, file), isPlain ? bytes : preprocessing);
    if (pixels instanceof Uint8Array && isPlain) return { picture: { width, height, pixels } };
    const seen = createInputs(preprocessing, pixels.length);
    putScaled(pixels, preprocessing, seen, 0);
    return { picture: { width, height, pixels: inColour(seen, preprocessing.channels, preprocessing.colorMode) } };
  } catch (error) {
    if (error instanceof DataError) return {};
    throw error;
  }
}

/** How pictures are shown that are not as a page has them. */
export function shownNotes({ colorMode, channels, sampleType }: Preprocessing): string[] {
  const scaled = sampleType === 'uint8' ? [] : ['Below, pictures are shown as they are scaled for the network.'];
  if (colorMode !== 'channels' || channels === 1) return scaled;
  const shown =
    channels === 2 ? 'its two channels as red and green' : 'its first three channels as red, green and blue';
  return [...scaled, `Each picture is shown with ${shown}.`];
}

/** Some pictures of each class, from all over its files. */
export async function samplePictures(
  folder: string,
  files: readonly PictureFile[],
  classNames: readonly string[],
  preprocessing: Preprocessing,
): Promise<LabelledPicture[]> {
  const perClass = Math.max(1, Math.min(samplesPerClass, Math.floor(mostSamples / classNames.length)));
  const chosen = classNames
    .flatMap((_, label) =>
      spread(
        files.filter((file) => file.label === label),
        perClass,
      ),
    )
    .slice(0, mostSamples);
  const samples = await Promise.all(
    chosen.map(async ({ path: file, label }) => {
      const { picture } = await thumbnail(folder, file, preprocessing);
      return picture ? [{ picture, file, className: classNames[label]! }] : [];
    }),
  );
  return samples.flat();
}

/** So many of the items at equal distances: neighbours in a folder are often of one series. */
function spread<Item>(items: readonly Item[], count: number): Item[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, index) => items[Math.floor((index * items.length) / count)]!);
}

/** The pictures of a batch as the network sees them. @param most so many of them */
export function batchPictures(
  { inputs, targets, names = [] }: Batch,
  classNames: readonly string[],
  { colorMode }: Pick<Preprocessing, 'colorMode'>,
  most = mostBatchPictures,
): LabelledPicture[] {
  const [count, height, width, channels] = inputs.shape as [number, number, number, number];
  const size = height * width * channels;
  const targetWidth = targets.data.length / count;
  return Array.from({ length: Math.min(count, most) }, (_, index) => {
    const pixels = inputs.data.subarray(index * size, (index + 1) * size);
    const label = targetWidth === 1 ? targets.data[index]! : largestOf(targets.data, index, targetWidth);
    return {
      picture: { width, height, pixels: inColour(pixels, channels, colorMode) },
      file: names[index] ?? '',
      className: classNames[label] ?? String(label),
    };
  });
}

/** Numbers of 0…255 as red, green and blue: grey, colours with what is transparent, or the first three of other channels. */
function inColour(numbers: ArrayLike<number>, channels: number, colorMode: Preprocessing['colorMode']): Uint8Array {
  const pixels = Uint8Array.from(Uint8ClampedArray.from(numbers));
  if (channels === 3) return pixels;
  if (colorMode === 'rgba') return onWhite(pixels, 4) as Uint8Array;
  const shown = channels === 1 ? [0, 0, 0] : [0, 1, 2];
  return Uint8Array.from({ length: (pixels.length / channels) * 3 }, (_, place) => {
    const channel = shown[place % 3]!;
    return channel < channels ? pixels[Math.floor(place / 3) * channels + channel]! : 0;
  });
}

/** The mistakes of which the model was most sure, with their pictures. */
export function mistakePictures(
  folder: string,
  answers: Answers,
  preprocessing: Preprocessing,
): Promise<MistakeReport[]> {
  const { classNames, names, trueClasses, probabilities } = answers;
  const mistakes = mostConfidentMistakes(probabilities, trueClasses, classNames.length, mostMistakes);
  return Promise.all(
    mistakes.map(async ({ index, trueClass, predictedClass, probability, trueProbability }) => ({
      ...(await thumbnail(folder, names[index]!, preprocessing)),
      file: names[index]!,
      trueClass: classNames[trueClass]!,
      predictedClass: classNames[predictedClass]!,
      probability,
      trueProbability,
    })),
  );
}
