/** A dataset over listed picture files that knows their paths, with targets or without: what the readers by Keras's
 * conventions share. */
import { OptionError } from '../../core/errors.ts';
import { show } from '../../core/options.ts';
import type { Dataset } from '../dataset.ts';
import type { LabelMode } from '../label-mode.ts';
import { mapTargets } from '../map-targets.ts';
import type { PictureFile } from '../picture-file.ts';
import { type OpenPicturesOptions, openPictures } from './open-pictures.ts';

/** Pictures of a directory, as batches. */
export interface DirectoryDataset extends Dataset {
  /** The directory, as it was given. */
  readonly directory: string;
  /** In the order of the dataset before an epoch shuffles it. Paths are relative to the directory, with `/`. */
  readonly files: readonly PictureFile[];
}

/**
 * Opens listed files.
 *
 * @param labelMode null for targets of no numbers `[batch, 0]`; `input` for the pictures themselves
 */
export function directoryDataset(
  listing: { directory: string; classNames: readonly string[]; files: readonly PictureFile[] },
  labelMode: LabelMode | 'input' | null,
  options: Omit<OpenPicturesOptions, 'labelMode'>,
): DirectoryDataset {
  const { directory, classNames, files } = listing;
  const encoded = labelMode === null || labelMode === 'input' ? 'int' : labelMode;
  const pictures = openPictures({ folder: directory, classNames, files }, { ...options, labelMode: encoded });
  const none = { shape: [0], of: (count: number) => new Float32Array(count * 0) };
  const dataset =
    labelMode === null
      ? mapTargets(pictures, none.shape, ({ inputs }) => none.of(inputs.shape[0]!))
      : labelMode === 'input'
        ? mapTargets(pictures, pictures.inputShape, ({ inputs }) => Float32Array.from(inputs.data))
        : pictures;
  return Object.assign(dataset, { directory, files });
}

/** `[height, width]` from a pair, or one number for both. @throws OptionError for anything else */
export function pairOf(where: string, name: string, given: unknown): { height: number; width: number } {
  if (typeof given === 'number') return { height: given, width: given };
  const isPair = Array.isArray(given) && given.length === 2 && given.every((one) => typeof one === 'number');
  if (isPair) return { height: given[0] as number, width: given[1] as number };
  throw new OptionError(
    `${where}: ${name} must be [height, width], received ${show(given)}. Write ${name}: [256, 256].`,
  );
}
