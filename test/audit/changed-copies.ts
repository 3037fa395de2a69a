// What the tests of the audit look at: drawn smears, copies of them as augmentation makes them, and labels with errors.

import type { SmallPicture } from '../../src/audit/index.ts';
import { cellKinds, drawSmear } from '../../src/data/synthetic/index.ts';

/** A generator of numbers in [0, 1) from a seed (a linear congruence: tests need no better). */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Drawn once: a picture takes longer to draw than to describe. */
const smears = new Map<string, SmallPicture>();

/** A smear that no other number gives. */
export function smear(number: number, size = 128): SmallPicture {
  const key = `${number} ${size}`;
  let picture = smears.get(key);
  if (picture === undefined) {
    const kind = cellKinds[number % cellKinds.length]!;
    const data = drawSmear({ seed: 5, slide: number % 7, index: number, kind, size });
    picture = { data, height: size, width: size };
    smears.set(key, picture);
  }
  return picture;
}

/** The picture turned by any angle, sheared, shifted and perhaps mirrored, its borders filled with black. */
export function changedCopy({ data, height, width }: SmallPicture, random: () => number): SmallPicture {
  const angle = 2 * Math.PI * random();
  const shear = 0.3 * (random() - 0.5);
  const mirror = random() < 0.5 ? -1 : 1;
  const shiftX = 0.2 * width * (random() - 0.5);
  const shiftY = 0.2 * height * (random() - 0.5);
  const result = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = x - width / 2 + shiftX;
      const v = y - height / 2 + shiftY;
      const sheared = u + shear * v;
      const fromX = mirror * (Math.cos(angle) * sheared - Math.sin(angle) * v) + width / 2;
      const fromY = Math.sin(angle) * sheared + Math.cos(angle) * v + height / 2;
      const column = Math.round(fromX);
      const row = Math.round(fromY);
      if (column < 0 || row < 0 || column >= width || row >= height) continue;
      for (let channel = 0; channel < 3; channel++) {
        result[(y * width + x) * 3 + channel] = data[(row * width + column) * 3 + channel]!;
      }
    }
  }
  return { data: result, height, width };
}

/** One of the eight flips and quarter turns of a square picture: bit 2 transposes first, bit 0 and 1 mirror then. */
export function turned({ data, height, width }: SmallPicture, form: number): SmallPicture {
  const result = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = (form & 1) === 0 ? x : width - 1 - x;
      const v = (form & 2) === 0 ? y : height - 1 - y;
      const from = (form & 4) === 0 ? v * width + u : u * width + v;
      for (let channel = 0; channel < 3; channel++) result[(y * width + x) * 3 + channel] = data[from * 3 + channel]!;
    }
  }
  return { data: result, height, width };
}

/** Agreement of two groupings: Hubert and Arabie's adjusted Rand index, 1 where they are equal, 0 by chance. */
export function adjustedRandIndex(first: readonly unknown[], second: readonly unknown[]): number {
  const pairs = (count: number) => (count * (count - 1)) / 2;
  const count = (keys: readonly string[]) => {
    const counts = new Map<string, number>();
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    return [...counts.values()].reduce((sum, size) => sum + pairs(size), 0);
  };
  const both = count(first.map((key, index) => `${key}\u0000${second[index]}`));
  const a = count(first.map(String));
  const b = count(second.map(String));
  const expected = (a * b) / pairs(first.length);
  return (both - expected) / ((a + b) / 2 - expected);
}

/** A number for each member: that of its group, or one of its own. */
export function groupNumbers(groups: readonly (readonly number[])[], count: number): number[] {
  const numbers = Array.from({ length: count }, (_, index) => -1 - index);
  for (const [number, group] of groups.entries()) for (const member of group) numbers[member] = number;
  return numbers;
}

/** Labels of four classes, one in twenty of them swapped, and what a model that is right in about 93 of 100 says of each example. */
export function plantLabelErrors(
  count: number,
  seed: number,
): { kinds: number[]; labels: number[]; probabilities: Float32Array } {
  const random = numbersFrom(seed);
  const kinds = Array.from({ length: count }, (_, example) => example % 4);
  const labels = kinds.map((kind, example) => (example % 20 === 7 ? (kind + 1 + (example % 3)) % 4 : kind));
  const shares = kinds.flatMap((kind) => {
    const scores = [0, 1, 2, 3].map((other) => Math.exp((other === kind ? 5 : 0) + 4.5 * (random() + random() - 1)));
    const sum = scores.reduce((a, b) => a + b);
    return scores.map((score) => score / sum);
  });
  return { kinds, labels, probabilities: Float32Array.from(shares) };
}
