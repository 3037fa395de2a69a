/** A sheet of augmented pictures: a row for each picture, as it is prepared and as training sees it in each epoch. */
import { renderPicture } from './encode-picture.ts';
import { html, htmlName, type Markup } from './html.ts';
import { renderPage } from './html-page.ts';
import type { Picture } from './run-record.ts';

/** A picture and what becomes of it. */
export interface SheetRow {
  /** Its class, or what is done to it. */
  readonly title: string;
  readonly file: string;
  /** As it is prepared, then of each epoch from the first; all of one size. */
  readonly pictures: readonly Picture[];
}

/** All of a sheet. */
export interface AugmentationSheet {
  /** The folder of pictures. */
  readonly folder: string;
  readonly words: readonly string[];
  readonly seed: number;
  /** Of all augmentations together. */
  readonly rows: readonly SheetRow[];
  /** Of each augmentation alone, on one picture; none where there is only one. */
  readonly single: readonly SheetRow[];
  /** Of cajal. */
  readonly version: string;
}

/** Longest side on the page, in pixels of the file. */
const shownSide = 180;

/** What stands above the columns. */
export function sheetColumns({ pictures }: Pick<SheetRow, 'pictures'>): string[] {
  return pictures.map((_, column) => (column === 0 ? 'as prepared' : `epoch ${column}`));
}

/** Rules for tables of pictures. */
export const sheetStyle = `
.sheet td, .sheet th { border: 0; padding: 0.2rem 0.25rem; vertical-align: middle; }
.sheet th[scope=row] { min-width: 6.5rem; max-width: 12rem; padding-right: 0.75rem; overflow-wrap: anywhere; font-size: 0.85rem; }
.sheet th .file { display: block; color: var(--muted); font-size: 0.75rem; }
.sheet img { display: block; width: 6rem; height: 6rem; object-fit: contain; background: var(--panel); border-radius: 4px; }
.sheet img.pixels { image-rendering: pixelated; }
.sheet td:nth-child(2) { padding-right: 1rem; }
`;

/** The path inside the class folder. */
export function withoutClass(title: string, file: string): string {
  return file.startsWith(`${title}/`) ? file.slice(title.length + 1) : file;
}

/** The rows as a table. */
export async function renderSheetTable(rows: readonly SheetRow[]): Promise<Markup> {
  const columns = sheetColumns(rows[0]!);
  const cells = await Promise.all(
    rows.map(({ title, file, pictures }) =>
      Promise.all(
        pictures.map((picture, column) => renderPicture(picture, shownSide, `${title}, ${file}, ${columns[column]}`)),
      ),
    ),
  );
  return html`<div class="scroll"><table class="sheet">
    <thead><tr><td></td>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
    <tbody>${rows.map(
      ({ title, file }, row) =>
        html`<tr><th scope="row">${htmlName(title)}<span class="file">${htmlName(withoutClass(title, file))}</span></th>
        ${cells[row]!.map((cell) => html`<td>${cell}</td>`)}</tr>`,
    )}</tbody></table></div>`;
}

/** The sheet as one HTML file that needs no other, no network and no script. */
export async function renderSheetPage(sheet: AugmentationSheet): Promise<string> {
  const { folder, words, seed, rows, single, version } = sheet;
  return renderPage({
    title: `Augmentation of ${folder}`,
    version,
    style: sheetStyle,
    main: html`<header>
  <p class="kicker">${words.join(', ')}, seed ${seed}</p>
  <h1>What the network will see of ${htmlName(folder)}</h1>
  <p class="verdict">The first column is the picture as it is prepared. The others are what a training with the same settings and
  seed is given of it in each epoch. A class must still be told in every one of them.</p>
</header>
<section><h2>All together</h2>${await renderSheetTable(rows)}</section>
${single.length > 0 && html`<section><h2>Each one alone</h2>${await renderSheetTable(single)}</section>`}`,
  });
}
