/** A sheet of augmented pictures as one PNG file. */
import sharp, { type OverlayOptions } from 'sharp';
import { type AugmentationSheet, type SheetRow, sheetColumns, withoutClass } from './augmentation-sheet.ts';
import { escapeHtml } from './html.ts';
import type { Picture } from './run-record.ts';

const gap = 6;
const titleWidth = 190;
const lineHeight = 22;
/** Smaller pictures are enlarged by whole numbers to about this; larger ones are shrunk to the other. */
const [leastSide, mostSide] = [96, 200];

/** The sheet. Letters need a font on the machine; pictures stand without. */
export async function renderSheetPng(sheet: AugmentationSheet): Promise<Buffer> {
  const columns = sheetColumns(sheet.rows[0]!);
  const [width, height] = cellSize(sheet.rows[0]!.pictures[0]!);
  const left = (column: number) => titleWidth + gap + column * (width + gap) + (column > 0 ? gap : 0);
  const layers: OverlayOptions[] = [];
  const letters: string[] = [];
  let top = gap;
  const write = (text: string, x: number, y: number, size = 13, colour = '#1d2530') =>
    letters.push(`<text x="${x}" y="${y}" font-size="${size}" fill="${colour}">${escapeHtml(text)}</text>`);
  const place = async (rows: readonly SheetRow[], heading: string) => {
    write(heading, gap, top + 15, 14);
    for (const [column, text] of columns.entries()) write(text, left(column), top + 15, 12, '#586573');
    top += lineHeight;
    for (const { title, file, pictures } of rows) {
      write(shortened(title, 26), gap, top + height / 2 - 2);
      write(shortened(withoutClass(title, file), 31), gap, top + height / 2 + 14, 11, '#586573');
      for (const [column, picture] of pictures.entries()) {
        layers.push({ input: await cell(picture, width, height), left: left(column), top });
      }
      top += height + gap;
    }
    top += gap;
  };
  await place(sheet.rows, sheet.words.length === 0 ? 'no augmentation' : 'all together');
  if (sheet.single.length > 0) await place(sheet.single, 'each one alone');
  const size = { width: left(columns.length), height: top };
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" font-family="sans-serif">${letters.join('')}</svg>`;
  return sharp({ create: { ...size, channels: 3, background: '#ffffff' } })
    .composite([...layers, { input: Buffer.from(text), left: 0, top: 0 }])
    .png()
    .toBuffer();
}

function cellSize({ width, height }: Picture): [width: number, height: number] {
  const longest = Math.max(width, height);
  const scale = longest > mostSide ? mostSide / longest : Math.max(1, Math.floor(leastSide / longest));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

function cell({ pixels, width, height }: Picture, toWidth: number, toHeight: number): Promise<Buffer> {
  const image = sharp(pixels, { raw: { width, height, channels: 3 } });
  return image
    .resize({ width: toWidth, height: toHeight, fit: 'fill', ...(toWidth > width && { kernel: 'nearest' as const }) })
    .png()
    .toBuffer();
}

/** The end of a path says more than its beginning. */
function shortened(text: string, most: number): string {
  const letters = [...text];
  return letters.length <= most ? text : `…${letters.slice(letters.length - most + 1).join('')}`;
}
