/** Eigenvalues and eigenvectors of a symmetric matrix: Householder's tridiagonal form, then implicit QL with Wilkinson's shift
 * (Golub and Van Loan, "Matrix Computations", 8.3). In float64, with turns for the event loop. */
import { TrainingError } from '../core/errors.ts';
import { nextTurn } from '../engine/event-loop.ts';

/** Eigenvalues, and the eigenvector of each as a row. */
export interface Eigen {
  readonly values: Float64Array;
  /** `[size, size]`, a row for each value. */
  readonly vectors: Float64Array;
}

/** Decomposes a symmetric matrix, row-major `[size, size]`, which is overwritten. */
export async function symmetricEigen(matrix: Float64Array, size: number): Promise<Eigen> {
  const diagonal = new Float64Array(size);
  const beside = new Float64Array(size);
  const vectors = new Float64Array(size * size);
  for (let index = 0; index < size; index++) vectors[index * size + index] = 1;
  // Reflections that leave nothing below the first subdiagonal of each column; `vectors` gathers their product, transposed.
  const direction = new Float64Array(size);
  const image = new Float64Array(size);
  for (let column = 0; column + 2 < size; column++) {
    await nextTurn();
    const first = column + 1;
    let length = 0;
    for (let row = first; row < size; row++) length += matrix[row * size + column]! ** 2;
    length = Math.sqrt(length);
    if (length === 0) continue;
    const head = matrix[first * size + column]!;
    const pivot = head > 0 ? -length : length;
    let norm = 0;
    for (let row = first; row < size; row++) {
      direction[row] = matrix[row * size + column]! - (row === first ? pivot : 0);
      norm += direction[row]! ** 2;
    }
    const factor = 2 / norm;
    reflectBoth(matrix, size, first, direction, factor, image);
    for (let row = first; row < size; row++) {
      const value = row === first ? pivot : 0;
      matrix[row * size + column] = value;
      matrix[column * size + row] = value;
    }
    reflectRows(vectors, size, first, direction, factor, image);
  }
  for (let index = 0; index < size; index++) {
    diagonal[index] = matrix[index * size + index]!;
    if (index + 1 < size) beside[index] = matrix[(index + 1) * size + index]!;
  }
  await diagonalize(diagonal, beside, vectors, size);
  return { values: diagonal, vectors };
}

/** matrix ← H · matrix · H for H = 1 − factor · d · dᵀ, on the rows and columns from `first` on. */
function reflectBoth(
  matrix: Float64Array,
  size: number,
  first: number,
  d: Float64Array,
  factor: number,
  image: Float64Array,
): void {
  let overlap = 0;
  for (let row = first; row < size; row++) {
    let sum = 0;
    for (let column = first; column < size; column++) sum += matrix[row * size + column]! * d[column]!;
    image[row] = factor * sum;
    overlap += image[row]! * d[row]!;
  }
  for (let row = first; row < size; row++) image[row]! -= 0.5 * factor * overlap * d[row]!;
  for (let row = first; row < size; row++) {
    const [a, b] = [d[row]!, image[row]!];
    for (let column = first; column < size; column++) {
      matrix[row * size + column]! -= a * image[column]! + b * d[column]!;
    }
  }
}

/** rows ← H · rows. */
function reflectRows(
  rows: Float64Array,
  size: number,
  first: number,
  d: Float64Array,
  factor: number,
  image: Float64Array,
): void {
  image.fill(0);
  for (let row = first; row < size; row++) {
    for (let column = 0; column < size; column++) image[column]! += d[row]! * rows[row * size + column]!;
  }
  for (let row = first; row < size; row++) {
    const by = factor * d[row]!;
    for (let column = 0; column < size; column++) rows[row * size + column]! -= by * image[column]!;
  }
}

/** Implicit QL on a tridiagonal matrix; the rotations are applied to the rows of `vectors`. */
async function diagonalize(
  diagonal: Float64Array,
  beside: Float64Array,
  vectors: Float64Array,
  size: number,
): Promise<void> {
  for (let start = 0; start < size; start++) {
    for (let round = 0; ; round++) {
      await nextTurn();
      let end = start;
      while (end + 1 < size && !isSmall(beside[end]!, diagonal[end]!, diagonal[end + 1]!)) end++;
      if (end === start) break;
      if (round === 100) {
        throw new TrainingError('zcaWhitening: expected finite pictures, received some whose axes cannot be found.');
      }
      sweep(diagonal, beside, vectors, size, start, end);
    }
  }
}

function isSmall(off: number, one: number, other: number): boolean {
  return Math.abs(off) <= Number.EPSILON * (Math.abs(one) + Math.abs(other));
}

/** One sweep from `end` up to `start`. */
function sweep(
  diagonal: Float64Array,
  beside: Float64Array,
  vectors: Float64Array,
  size: number,
  start: number,
  end: number,
): void {
  const half = (diagonal[start + 1]! - diagonal[start]!) / (2 * beside[start]!);
  const root = Math.hypot(half, 1);
  let bulge = diagonal[end]! - diagonal[start]! + beside[start]! / (half + (half < 0 ? -root : root));
  let [sine, cosine, correction] = [1, 1, 0];
  for (let index = end - 1; index >= start; index--) {
    const [across, along] = [sine * beside[index]!, cosine * beside[index]!];
    const length = Math.hypot(across, bulge);
    beside[index + 1] = length;
    if (length === 0) {
      diagonal[index + 1]! -= correction;
      beside[end] = 0;
      return;
    }
    sine = across / length;
    cosine = bulge / length;
    const shifted = diagonal[index + 1]! - correction;
    const step = (diagonal[index]! - shifted) * sine + 2 * cosine * along;
    correction = sine * step;
    diagonal[index + 1] = shifted + correction;
    bulge = cosine * step - along;
    for (let column = 0; column < size; column++) {
      const upper = vectors[index * size + column]!;
      const lower = vectors[(index + 1) * size + column]!;
      vectors[(index + 1) * size + column] = sine * upper + cosine * lower;
      vectors[index * size + column] = cosine * upper - sine * lower;
    }
  }
  diagonal[start]! -= correction;
  beside[start] = bulge;
  beside[end] = 0;
}
