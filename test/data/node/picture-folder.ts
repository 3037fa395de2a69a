// Folders of small pictures that tests draw into a temporary place.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';

const folders: string[] = [];
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that goes away when the process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cajal-data-'));
  folders.push(folder);
  return folder;
}

/** Writes files, with their folders; contents may be promised. */
export async function writeFiles(
  folder: string,
  files: Record<string, string | Uint8Array | Promise<Uint8Array>>,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), await content);
  }
}

/** A picture from its bytes `[height, width, channels]`. */
export function picture(pixels: ArrayLike<number>, width: number, height: number, channels: 1 | 2 | 3 | 4): Sharp {
  return sharp(Uint8Array.from(pixels), { raw: { width, height, channels } });
}

/** A picture of one colour. */
export function plain(red: number, green: number, blue: number, width = 8, height = 6): Sharp {
  return sharp({ create: { width, height, channels: 3, background: { r: red, g: green, b: blue } } });
}

/** A JPEG of many details, which does not compress to a few bytes. */
export function noisyJpeg(width = 64, height = 48): Promise<Buffer> {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 50 };
  return sharp({ create: { width, height, channels: 3, background: '#000', noise } })
    .jpeg()
    .toBuffer();
}

/** Two classes of two plain pictures. */
export async function twoClasses(): Promise<string> {
  const folder = temporaryFolder();
  await writeFiles(folder, {
    'cats/1.png': plain(200, 0, 0).png().toBuffer(),
    'cats/2.png': plain(210, 0, 0).png().toBuffer(),
    'dogs/1.png': plain(0, 0, 200).png().toBuffer(),
    'dogs/2.png': plain(0, 0, 210).png().toBuffer(),
  });
  return folder;
}
