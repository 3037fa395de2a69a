/** Mixing pictures of a batch with each other, and their targets with them: MixUp (Zhang et al., 2018) and CutMix (Yun et al.,
 * 2019), by the formulas of Keras's layers. */
import { checkKeys, checkNumber } from '../core/options.ts';
import type { Random } from '../core/random.ts';
import { batchAxis } from '../core/shape.ts';
import type { Graph } from '../graph/graph.ts';
import { add, multiply, subtract } from '../ops/elementwise.ts';
import type { Value } from '../ops/op.ts';
import { takeExamples } from '../ops/take.ts';
import { drawBeta } from './draw-beta.ts';

/** Which part of a picture its partner takes, and how much of the targets. */
export interface Mixture {
  /** How much of the partner there is in each row of pixels, `[batch, height]`; times that of the column it is the pixel's. */
  readonly rows: Float32Array;
  /** `[batch, width]`. */
  readonly columns: Float32Array;
  /** The partner's share of each target, from 0 to 1. */
  readonly shares: Float32Array;
}

/** A way to mix, for `augment({ batchMix })`. */
export interface BatchMixer {
  readonly name: 'MixUp' | 'CutMix';
  /** Draws for pictures of a size: each has a sequence of random numbers of its own. */
  draw(size: readonly [height: number, width: number], randoms: readonly Random[]): Mixture;
}

/** Options of `mixUp`. */
export interface MixUpOptions {
  /** Both parameters of the Beta distribution that shares are drawn from, above 0; default 0.2. */
  readonly alpha?: number;
}

/** Options of `cutMix`. */
export interface CutMixOptions {
  /** Both parameters of the Beta distribution that areas are drawn from, above 0; default 1, which makes all areas as likely. */
  readonly alpha?: number;
}

/**
 * Blends each picture with another one of its batch: λ · picture + (1 − λ) · other, with λ from Beta(alpha, alpha), and the
 * targets likewise.
 *
 * @throws OptionError where alpha is not above 0
 * @example
 * const mixed = augment(training, [layers.randomFlip()], { batchMix: mixUp({ alpha: 0.2 }) });
 */
export function mixUp(options: MixUpOptions = {}): BatchMixer {
  const alpha = checkAlpha('mixUp', options, 0.2);
  return {
    name: 'MixUp',
    draw([height, width], randoms) {
      const shares = Float32Array.from(randoms, (random) => 1 - drawBeta(random, alpha));
      const rows = new Float32Array(randoms.length * height);
      shares.forEach((share, example) => {
        rows.fill(share, example * height, (example + 1) * height);
      });
      return { rows, columns: new Float32Array(randoms.length * width).fill(1), shares };
    },
  };
}

/**
 * Puts a rectangle of another picture of the batch into each: its sides are √(1 − λ) of the picture's with λ from
 * Beta(alpha, alpha), and it lies within the picture. Targets are mixed by the pixels that were replaced.
 *
 * @throws OptionError where alpha is not above 0
 * @example
 * const mixed = augment(training, [layers.randomFlip()], { batchMix: [mixUp(), cutMix()], labelSmoothing: 0.1 });
 */
export function cutMix(options: CutMixOptions = {}): BatchMixer {
  const alpha = checkAlpha('cutMix', options, 1);
  return {
    name: 'CutMix',
    draw([height, width], randoms) {
      const rows = new Float32Array(randoms.length * height);
      const columns = new Float32Array(randoms.length * width);
      const shares = new Float32Array(randoms.length);
      randoms.forEach((random, example) => {
        const side = Math.sqrt(1 - drawBeta(random, alpha));
        const across = cut(columns.subarray(example * width, (example + 1) * width), side, random);
        const down = cut(rows.subarray(example * height, (example + 1) * height), side, random);
        shares[example] = (across * down) / (width * height);
      });
      return { rows, columns, shares };
    },
  };
}

/** Marks the places of a run of `side` times the length by 1, and says how many they are. */
function cut(places: Float32Array, side: number, random: Random): number {
  const length = side * places.length;
  const start = random.next() * (places.length - length);
  const [first, end] = [Math.ceil(start), Math.min(places.length, Math.ceil(start + length))];
  places.fill(1, first, end);
  return end - first;
}

function checkAlpha(where: string, options: object, usual: number): number {
  checkKeys(where, options, ['alpha']);
  const { alpha = usual } = options as MixUpOptions;
  return checkNumber(where, 'alpha', alpha, { min: 0, exclusive: 'min' });
}

/** For each example, another one of the batch: the next in a random ring, whose order follows from what each one draws. */
export function drawPartners(randoms: readonly Random[]): Int32Array {
  const keys = randoms.map((random) => random.next());
  const ring = keys.map((_, example) => example).sort((a, b) => keys[a]! - keys[b]! || a - b);
  const partners = new Int32Array(ring.length);
  ring.forEach((example, place) => {
    partners[example] = ring[(place + 1) % ring.length]!;
  });
  return partners;
}

/** The mixed pictures in a graph, from its inputs `partners`, `rows` and `columns`. */
export function mixedPictures(graph: Graph, pictures: Value): Value {
  const [, height, width] = pictures.shape as [number, number, number, number];
  const others = takeExamples(pictures, graph.input('partners', [batchAxis], 'int32'));
  const rows = graph.input('rows', [batchAxis, height, 1, 1]);
  const columns = graph.input('columns', [batchAxis, 1, width, 1]);
  const share = multiply(rows, columns);
  return add(multiply(pictures, subtract(1, share)), multiply(others, share));
}

/** The mixed targets, `[batch, classes]`. */
export function mixedTargets(
  targets: Float32Array,
  classes: number,
  partners: Int32Array,
  shares: Float32Array,
): Float32Array {
  return targets.map((target, index) => {
    const example = Math.floor(index / classes);
    const share = shares[example]!;
    const other = targets[partners[example]! * classes + (index % classes)]!;
    return share === 0 ? target : (1 - share) * target + share * other;
  });
}
