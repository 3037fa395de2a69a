/** Weights and pictures by a formula on whole numbers: scripts/formula.py computes the same in Python, so goldens
 * need not hold them. */
import { elementCount, type Shape } from '../../src/core/shape.ts';
import { type Tensor, tensor } from '../../src/core/tensor.ts';
import type { Network } from '../../src/nn/network.ts';

/** A 32-bit hash of a whole number. */
export function mixed(number: number): number {
  let x = Math.imul(number + 1, 2_654_435_761) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 2_246_822_519) >>> 0;
  return (x ^ (x >>> 13)) >>> 0;
}

/** Numbers in [-1, 1), as float32. */
export function uniform(shape: Shape, salt: number): Float32Array {
  const count = elementCount(shape);
  return Float32Array.from({ length: count }, (_, index) => mixed(index + salt * 1_000_003) / 2 ** 31 - 1);
}

/** Kernels in Glorot's range, ones for scales and variances, zeros for biases and means, by weight name. */
export function formulaWeights(network: Network): Map<string, Float32Array> {
  return new Map(network.weights.map(({ name, shape }, salt) => [name, formulaWeight(name, shape, salt)]));
}

function formulaWeight(name: string, shape: Shape, salt: number): Float32Array {
  const values = new Float32Array(elementCount(shape));
  if (shape.length === 1) return values.fill(/(gamma|movingVariance)$/.test(name) ? 1 : 0);
  const window = elementCount(shape.slice(0, -2));
  const limit = Math.sqrt(6 / (window * shape.at(-2)! + window * shape.at(-1)!));
  // The wide network has 118 million of them: a plain loop.
  for (let index = 0; index < values.length; index++) {
    values[index] = (mixed(index + salt * 1_000_003) / 2 ** 31 - 1) * limit;
  }
  return values;
}

/** What the pictures of a training are. */
export interface FormulaTask {
  readonly size: number;
  readonly batch: number;
  readonly classes: number;
  /** Which pictures. */
  readonly salt: number;
  /** Bytes of noise are below this. */
  readonly noise: number;
  /** How much brighter a stripe is than the ground. */
  readonly contrast: number;
  /** 1 lets the stripes of each picture begin elsewhere. */
  readonly moves: 0 | 1;
}

/** Striped pictures under noise, and one-hot rows: the batch of one training step. */
export function formulaBatch(step: number, task: FormulaTask): { x: Tensor; y: Tensor } {
  const { size, batch, classes, salt, noise, contrast, moves } = task;
  const pictures = new Uint8Array(batch * size * size * 3);
  const rows = new Float32Array(batch * classes);
  for (let example = 0; example < batch; example++) {
    const label = mixed(example + 7_000_000 + salt * 100_003 + step * batch) % classes;
    const start = (mixed(example + 8_000_000 + salt * 100_003 + step * batch) % 16) * moves;
    rows[example * classes + label] = 1;
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const stripe = Math.floor((row * (label + 1) + column * (3 - label) + start) / 8) & 1;
        for (let channel = 0; channel < 3; channel++) {
          const place = ((example * size + row) * size + column) * 3 + channel;
          const hash = mixed(place + 9_000_000 + salt * 31_000_033 + step * 500_000);
          pictures[place] = (hash % noise) + contrast * stripe;
        }
      }
    }
  }
  return { x: tensor(pictures, [batch, size, size, 3]), y: tensor(rows, [batch, classes]) };
}
