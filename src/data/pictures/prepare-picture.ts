/** From a decoded picture to what the network sees. The same for training, prediction and pages: equal decoded pixels give
 * equal bytes in every JavaScript engine. The order of the steps is in docs/decisions/picture-decoding.md. */
import { DataError } from '../../core/errors.ts';
import { lumaOf, onWhite, pickChannels, premultiplied, unpremultiplied } from './convert-samples.ts';
import type { Preprocessing, ResizeFit } from './preprocessing.ts';
import { createSamples, type Raster, type Samples, type SampleType, sampleTypeOf } from './raster.ts';
import { type Pixels, type ResizeWindow, resizePixels } from './resize.ts';

/**
 * Prepares a decoded picture as the record says: depth, colours, then fit and size.
 *
 * @returns `[height, width, channels]` of the record in its sample type; it may be the raster's own array where nothing changes
 * @throws DataError where the raster's channels or samples are not what the record can use; the message says which it expects
 * @example
 * const pixels = preparePicture(raster, createPreprocessing({ size: 150 }));
 */
export function preparePicture(raster: Raster, preprocessing: Preprocessing): Samples {
  const { height, width, colorMode, resize, sampleType } = preprocessing;
  const samples = toSampleType(raster.data, sampleType);
  const coloured = toColours({ ...raster, data: samples }, preprocessing);
  const hasAlpha = colorMode === 'rgba' && coloured.channels === 4 && resize.interpolation !== 'nearest';
  const window = fitWindow(raster, preprocessing, resize.fit);
  const source = hasAlpha ? { ...coloured, data: premultiplied(coloured.data) } : coloured;
  const resized = resizePixels(source, height, width, resize.interpolation, window);
  if (hasAlpha) return resized === source.data ? coloured.data : unpremultiplied(resized);
  const isRepeated = colorMode === 'rgb' && coloured.channels === 1;
  return isRepeated ? pickChannels(resized, 1, [0, 0, 0]) : resized;
}

/**
 * The part of a picture that becomes the whole result. In whole pixels, as Keras's `crop_to_aspect_ratio` and
 * `pad_to_aspect_ratio` compute it: with `h = ⌊width · toHeight / toWidth⌋` and `w = ⌊height · toWidth / toHeight⌋`,
 * a crop is `min(height, max(1, h))` × `min(width, max(1, w))`, and of an odd rest the larger half is cut at the bottom or
 * right. Padding is `⌊(h − height) / 2⌋` rows above and below, or as many columns at both sides: its start is negative.
 */
export function fitWindow(
  { height, width }: { readonly height: number; readonly width: number },
  to: { readonly height: number; readonly width: number },
  fit: ResizeFit,
): ResizeWindow {
  const fittingHeight = Math.floor((width * to.height) / to.width);
  const fittingWidth = Math.floor((height * to.width) / to.height);
  const spanOf = (size: number, fitting: number) => {
    if (fit === 'stretch') return { start: 0, length: size };
    if (fit === 'pad') {
      const border = Math.floor(Math.max(0, fitting - size) / 2);
      return { start: border === 0 ? 0 : -border, length: size + 2 * border };
    }
    const length = Math.min(size, Math.max(1, fitting));
    return { start: Math.floor((size - length) / 2), length };
  };
  return { rows: spanOf(height, fittingHeight), columns: spanOf(width, fittingWidth) };
}

/** Samples of another depth: 16 bits keep their upper 8, 8 bits are spread over 16, and float32 holds any number as it is. */
function toSampleType(samples: Samples, sampleType: SampleType): Samples {
  const from = sampleTypeOf(samples);
  if (from === sampleType) return samples;
  if (sampleType === 'float32') return new Float32Array(samples);
  if (from !== 'float32') {
    const converted = createSamples(sampleType, samples.length);
    for (let at = 0; at < samples.length; at++) {
      converted[at] = from === 'uint16' ? samples[at]! >> 8 : samples[at]! * 257;
    }
    return converted;
  }
  throw new DataError(
    `picture: expected ${sampleType} samples, received float32, whose range no file says. ` +
      'Prepare pictures with sampleType "float32", or save them with 8 or 16 bits.',
  );
}

/** The colours that the record asks for; grey stays one channel until it is resized. */
function toColours(raster: Raster, { colorMode, channels }: Preprocessing): Pixels {
  const { data, height, width, isMultichannel } = raster;
  const has = raster.channels;
  const as = (converted: Samples, count: number): Pixels => ({ data: converted, height, width, channels: count });
  if (colorMode === 'channels') {
    if (has === channels) return raster;
    throw new DataError(
      `picture: expected ${channels} channel(s), received ${has}. All pictures of a model have equally many channels.`,
    );
  }
  if (isMultichannel || has < 1 || has > 4) {
    throw new DataError(
      `picture: expected colours (${colorMode}), received ${has} channel(s) that are no colours. ` +
        `Prepare pictures with colorMode "channels" and channels ${has}.`,
    );
  }
  if (colorMode === 'rgba') {
    if (has === 4) return raster;
    const order = has === 1 ? [0, 0, 0, -1] : has === 2 ? [0, 0, 0, 1] : [0, 1, 2, -1];
    return as(pickChannels(data, has, order), 4);
  }
  const isTransparent = has === 2 || has === 4;
  const opaque = isTransparent ? onWhite(data, has) : data;
  const colours = isTransparent ? has - 1 : has;
  if (colorMode === 'grayscale' && colours === 3) return as(lumaOf(opaque), 1);
  return as(opaque, colours);
}
