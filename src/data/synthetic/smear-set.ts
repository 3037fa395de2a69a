/** The whole set, picture by picture: every slide has every kind, and names say which slide a picture is from. */
import { checkKeys, checkNumber } from '../../core/options.ts';
import { drawSmear } from './draw-smear.ts';
import { type CellKind, cellKinds } from './kinds/cell-kinds.ts';

/** The size of a set. */
export interface SmearSetOptions {
  seed: number;
  /** Number of slides. */
  slides: number;
  /** Pictures on each slide, the four kinds in turn; a multiple of four balances the classes. */
  picturesPerSlide: number;
  /** Width and height in pixels. */
  size: number;
}

/** One picture of the set. */
export interface SmearItem {
  kind: CellKind;
  slide: number;
  /** A file name such as `slide03_0012.png`: `^slide(\d+)_` captures the slide. */
  name: string;
  /** `[size, size, 3]` bytes. */
  pixels: Uint8Array;
}

/**
 * Draws the set slide by slide.
 *
 * @throws {OptionError} where an option is unknown or out of its range
 * @example
 * for (const { kind, name, pixels } of smearSet({ seed: 7, slides: 20, picturesPerSlide: 100, size: 64 })) …
 */
export function* smearSet(options: SmearSetOptions): Generator<SmearItem, void, undefined> {
  checkKeys('smearSet', options, ['seed', 'slides', 'picturesPerSlide', 'size']);
  const slides = checkNumber('smearSet', 'slides', options.slides, { integer: true, min: 1, max: 9999 });
  const pictures = checkNumber('smearSet', 'picturesPerSlide', options.picturesPerSlide, {
    integer: true,
    min: 1,
    max: 9999,
  });
  const { seed, size } = options;
  for (let slide = 0; slide < slides; slide++) {
    for (let index = 0; index < pictures; index++) {
      const kind = cellKinds[index % cellKinds.length]!;
      const name = `slide${String(slide).padStart(2, '0')}_${String(index).padStart(4, '0')}.png`;
      yield { kind, slide, name, pixels: drawSmear({ seed, slide, index, kind, size }) };
    }
  }
}
