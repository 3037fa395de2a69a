/** Small pictures for pages, read from their files when they are shown; each is read once. */
import path from 'node:path';
import sharp from 'sharp';
import type { FileReference } from '../audit/index.ts';
import { type Content, html, htmlName, type Markup } from './html.ts';

/** Longest side in pixels, a little less than twice the size on the page. */
const side = 168;

/** Thumbnails of the files of one or two folders. */
export class Thumbnails {
  readonly #folders: Readonly<Record<FileReference['split'], string | null>>;
  readonly #read = new Map<string, Promise<string | undefined>>();

  constructor(training: string, validation: string | null) {
    this.#folders = { training, validation };
  }

  /** The picture with its name, and what is said above it. */
  async figure({ split, path: name }: FileReference, said?: Content): Promise<Markup> {
    const file = path.join(this.#folders[split] ?? '', name);
    let reading = this.#read.get(file);
    if (reading === undefined) {
      reading = encode(file);
      this.#read.set(file, reading);
    }
    const source = await reading;
    const picture =
      source === undefined ? html`<em>cannot be shown</em>` : html`<img src="${source}" alt="${name}" loading="lazy">`;
    return html`<figure>${picture}<figcaption>${said}<span class="file">${split === 'validation' && 'second folder: '}${htmlName(name)}</span></figcaption></figure>`;
  }
}

async function encode(file: string): Promise<string | undefined> {
  try {
    const bytes = await sharp(file, { failOn: 'none', limitInputPixels: 268_402_689 })
      .autoOrient()
      .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .jpeg({ quality: 74 })
      .toBuffer();
    return `data:image/jpeg;base64,${bytes.toString('base64')}`;
  } catch {
    // A page with a gap says more than no page.
    return undefined;
  }
}
