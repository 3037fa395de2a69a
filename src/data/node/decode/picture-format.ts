/** Which format a file is, by its first bytes: the extension is not asked. */

/** Formats of pictures that are read. */
export const pictureFormats = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif', 'bmp'] as const;

/** The format of a picture's file. */
export type PictureFormat = (typeof pictureFormats)[number];

/** The formats as messages write them. */
export const pictureFormatNames = 'JPEG, PNG, WebP, GIF, TIFF, AVIF or BMP';

const startsWith = (bytes: Uint8Array, text: string, at = 0): boolean =>
  bytes.length >= at + text.length &&
  Array.from(text).every((letter, index) => bytes[at + index] === letter.charCodeAt(0));

/** The format that the first bytes tell; undefined for any other content. */
export function pictureFormatOf(bytes: Uint8Array): PictureFormat | undefined {
  if (startsWith(bytes, '\xff\xd8\xff')) return 'jpeg';
  if (startsWith(bytes, '\x89PNG\r\n\x1a\n')) return 'png';
  if (startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8)) return 'webp';
  if (startsWith(bytes, 'GIF87a') || startsWith(bytes, 'GIF89a')) return 'gif';
  // Version 42, or 43 of files above 4 GB.
  if (startsWith(bytes, 'II*\0') || startsWith(bytes, 'MM\0*')) return 'tiff';
  if (startsWith(bytes, 'II+\0') || startsWith(bytes, 'MM\0+')) return 'tiff';
  if (startsWith(bytes, 'ftyp', 4)) return 'avif';
  if (startsWith(bytes, 'BM') && bytes.length >= 26) return 'bmp';
  return undefined;
}
