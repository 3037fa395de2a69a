/** What decides the bytes of a prepared picture beside its file: pictures of equal keys can stand for each other. */
import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import sharp from 'sharp';
import type { Preprocessing } from '../../pictures/preprocessing.ts';

/** Raise it with every change after which a file gives other samples. The decoding libraries have versions of their own. */
export const preparationVersion = 2;

/** The record without what is applied later, in one order. */
export function keptPart(preprocessing: Preprocessing): Omit<Preprocessing, 'scaling'> {
  const { height, width, colorMode, channels, resize, background, sampleType } = preprocessing;
  const { fit, interpolation } = resize;
  return { height, width, colorMode, channels, resize: { fit, interpolation }, background, sampleType };
}

/** The name of the folder in which pictures of these parameters lie. */
export function setKey(preprocessing: Preprocessing, pixelLimit: number): string {
  const decoders = Object.entries(sharp.versions).sort(([a], [b]) => (a < b ? -1 : 1));
  const all = [preparationVersion, keptPart(preprocessing), pixelLimit, decoders, process.arch, endianness()];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 24);
}
