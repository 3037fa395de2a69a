/** Draws cells where the lesson has no photographs of any: the nuclei tell the four kinds apart. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Random } from 'cajal';
import sharp from 'sharp';

/** Lobes of the nucleus and their size, as a share of the cell; a fine grain for one kind. */
const kinds = {
  EOSINOPHIL: { lobes: 2, size: 0.42, color: '#e08a80' },
  LYMPHOCYTE: { lobes: 1, size: 0.85, color: '#b9c6e6' },
  MONOCYTE: { lobes: 1, size: 0.6, color: '#c3c0d8' },
  NEUTROPHIL: { lobes: 4, size: 0.34, color: '#e6cfd6' },
};

/** Writes `perClass` pictures of each kind, `side` pixels wide, one folder for each. @returns the directory */
export async function drawCells(directory: string, { perClass = 40, side = 80 } = {}): Promise<string> {
  for (const [name, kind] of Object.entries(kinds)) {
    await mkdir(path.join(directory, name), { recursive: true });
    for (let picture = 0; picture < perClass; picture++) {
      const file = path.join(directory, name, `${picture}.png`);
      await sharp(Buffer.from(cell(kind, side, new Random(1, name, picture))))
        .png()
        .toFile(file);
    }
  }
  return directory;
}

/** One cell as SVG, somewhere near the middle. */
function cell({ lobes, size, color }: (typeof kinds)['MONOCYTE'], side: number, random: Random): string {
  const radius = side * random.uniform(0.22, 0.3);
  const [x, y, turn] = [side * random.uniform(0.4, 0.6), side * random.uniform(0.4, 0.6), random.uniform(0, 6)];
  const nuclei = Array.from({ length: lobes }, (_, lobe) => {
    const angle = turn + (2 * Math.PI * lobe) / lobes;
    const away = lobes === 1 ? 0.1 * radius : 0.5 * radius;
    return `<circle cx="${x + away * Math.cos(angle)}" cy="${y + away * Math.sin(angle)}" r="${size * radius}" fill="#5b3a8c"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}"><rect width="100%" height="100%" fill="#f1e4dc"/><circle cx="${x}" cy="${y}" r="${radius}" fill="${color}"/>${nuclei.join('')}</svg>`;
}
