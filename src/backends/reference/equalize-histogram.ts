/** Equalization of histograms, from the formulas in src/ops/equalize-histogram.ts. */
import type { Kernel, View } from './kernel.ts';
import { roundHalfEven } from './round-half-even.ts';
import { continued } from './sample.ts';
import { byteOf } from './to-bytes.ts';

/** Calls `visit` for each channel of each picture, with the place of its first number. */
function visitChannels(x: View, visit: (first: number) => void): void {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  for (let example = 0; example < batch; example++) {
    for (let channel = 0; channel < channels; channel++) visit(example * height * width * channels + channel);
  }
}

/** y = x by a table for each channel. */
export const equalizeHistogram: Kernel<'equalizeHistogram'> = ([x], [y], { bins }) => {
  const [, height, width, channels] = x!.shape as [number, number, number, number];
  visitChannels(x!, (first) => {
    const counts = new Float64Array(bins);
    const binAt = (pixel: number) => {
      const value = x!.values[first + pixel * channels]!;
      return value > 0 ? Math.floor((Math.min(value, 255) * (bins - 1)) / 255) : 0;
    };
    for (let pixel = 0; pixel < height * width; pixel++) counts[binAt(pixel)]!++;
    const lowest = counts.find((count) => count > 0)!;
    const range = height * width - lowest;
    const table = new Float64Array(bins);
    let sum = 0;
    for (const [bin, count] of counts.entries()) {
      sum += count;
      table[bin] = roundHalfEven(Math.max((sum - lowest) * 255, 0) / range);
    }
    for (let pixel = 0; pixel < height * width; pixel++) {
      const place = first + pixel * channels;
      y!.values[place] = range === 0 ? x!.values[place]! : table[binAt(pixel)]!;
    }
  });
};

/** The table of a tile from its counts. */
function tableOf(counts: Float64Array, area: number, clipLimit: number): Float64Array {
  if (clipLimit > 0) {
    const most = Math.max(Math.floor((clipLimit * area) / 256), 1);
    let clipped = 0;
    for (const [level, count] of counts.entries()) {
      clipped += Math.max(count - most, 0);
      counts[level] = Math.min(count, most);
    }
    const share = Math.floor(clipped / 256);
    let left = clipped - share * 256;
    const step = Math.max(Math.floor(256 / Math.max(left, 1)), 1);
    for (let level = 0; level < 256; level++) {
      counts[level]! += share;
      if (level % step !== 0 || left === 0) continue;
      counts[level]!++;
      left--;
    }
  }
  let sum = 0;
  return counts.map((count) => {
    sum += count;
    return roundHalfEven((sum * 255) / area);
  });
}

/** y = x by the tables of the tiles around each pixel. */
export const clahe: Kernel<'clahe'> = ([x], [y], { tilesDown, tilesAcross, clipLimit }) => {
  const [, height, width, channels] = x!.shape as [number, number, number, number];
  const isDivided = height % tilesDown === 0 && width % tilesAcross === 0;
  const extra = isDivided ? 0 : 1;
  const [down, across] = [Math.floor(height / tilesDown) + extra, Math.floor(width / tilesAcross) + extra];
  visitChannels(x!, (first) => {
    const levelAt = (row: number, column: number) => byteOf(x!.values[first + (row * width + column) * channels]!);
    const tables: Float64Array[] = [];
    for (let tile = 0; tile < tilesDown * tilesAcross; tile++) {
      const counts = new Float64Array(256);
      const [top, left] = [Math.floor(tile / tilesAcross) * down, (tile % tilesAcross) * across];
      for (let place = 0; place < down * across; place++) {
        const row = continued(top + Math.floor(place / across), height, 'mirror');
        counts[levelAt(row, continued(left + (place % across), width, 'mirror'))]!++;
      }
      tables.push(tableOf(counts, down * across, clipLimit));
    }
    const held = (tile: number, tiles: number) => Math.min(Math.max(tile, 0), tiles - 1);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const [i, j] = [row / down - 0.5, column / across - 0.5];
        const [fy, fx] = [i - Math.floor(i), j - Math.floor(j)];
        const level = levelAt(row, column);
        const at = (below: number, right: number) => {
          const tileRow = held(Math.floor(i) + below, tilesDown);
          return tables[tileRow * tilesAcross + held(Math.floor(j) + right, tilesAcross)]![level]!;
        };
        const above = at(0, 0) * (1 - fx) + at(0, 1) * fx;
        const below = at(1, 0) * (1 - fx) + at(1, 1) * fx;
        y!.values[first + (row * width + column) * channels] = above * (1 - fy) + below * fy;
      }
    }
  });
};
