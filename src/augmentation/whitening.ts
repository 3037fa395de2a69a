/** ZCA whitening (Bell and Sejnowski, 1997) as Keras scales it: with the singular values s of n centred pictures, the axes u
 * weigh √n / (s + ε). The axes are found from the smaller of the two matrices of products, by pictures or by features. Axes along
 * which the pictures do not differ weigh nothing. */

import { batchAxis } from '../core/shape.ts';
import { type Tensor, tensor } from '../core/tensor.ts';
import { type BackendOptions, chooseBackend, defaultBackend } from '../engine/choose-backend.ts';
import { Executable } from '../engine/executable.ts';
import { ModelMemory } from '../engine/model-memory.ts';
import { Graph } from '../graph/graph.ts';
import { matrixProduct } from '../ops/mat-mul.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

/** Rows whose products are summed at once, in float32; the sums of those are float64. */
const rowsAtOnce = 256;

/** Singular values below this share of the largest one are what float32 leaves of zero. */
const leastShare = 1e-6;

/**
 * The principal axes of centred examples, each times the root of its weight: `[features, rank]`.
 *
 * @param examples `[count, features]`, row-major, centred
 */
export async function whiteningAxes(
  examples: Float32Array,
  count: number,
  features: number,
  epsilon: number,
  backend: BackendOptions,
): Promise<Tensor> {
  const byFeatures = features <= count;
  const size = Math.min(count, features);
  const rows = byFeatures ? examples : transposed(examples, count, features);
  const products = await productsOf(rows, Math.max(count, features), size, backend);
  const { values, vectors } = await symmetricEigen(products, size);
  const singular = values.map((value) => Math.sqrt(Math.max(0, value)));
  const least = leastShare * Math.max(...singular);
  const weights = singular.map((value) => (value > least ? Math.sqrt(count) / (value + epsilon) : 0));
  const axes = byFeatures ? vectors : fromPictures(examples, count, features, singular, vectors);
  const scaled = new Float32Array(features * size);
  for (let axis = 0; axis < size; axis++) {
    const root = Math.sqrt(weights[axis]!);
    for (let feature = 0; feature < features; feature++) {
      scaled[feature * size + axis] = root * axes[axis * features + feature]!;
    }
  }
  return tensor(scaled, [features, size]);
}

/** rowsᵀ · rows, `[size, size]`. */
async function productsOf(
  rows: Float32Array,
  count: number,
  size: number,
  backend: BackendOptions,
): Promise<Float64Array> {
  const chosen = await (Object.keys(backend).length > 0 ? chooseBackend(backend) : defaultBackend());
  const graph = new Graph();
  const input = graph.input('rows', [batchAxis, size]);
  graph.output('products', matrixProduct(input, input, undefined, { transposeA: 'yes' }));
  const executable = Executable.compile(new ModelMemory(chosen.backend), graph);
  const sums = new Float64Array(size * size);
  for (let first = 0; first < count; first += rowsAtOnce) {
    const batch = Math.min(rowsAtOnce, count - first);
    const given = rows.subarray(first * size, (first + batch) * size);
    const { outputs } = await executable.run({ batch, inputs: { rows: given } });
    const products = outputs['products']!.data;
    for (let place = 0; place < sums.length; place++) sums[place]! += products[place]!;
  }
  return sums;
}

/** The axes over features from those over pictures: u = xᵀ · v / s. */
function fromPictures(
  examples: Float32Array,
  count: number,
  features: number,
  singular: Float64Array,
  vectors: Float64Array,
): Float64Array {
  const axes = new Float64Array(count * features);
  const least = leastShare * Math.max(...singular);
  for (let axis = 0; axis < count; axis++) {
    if (singular[axis]! <= least) continue;
    for (let picture = 0; picture < count; picture++) {
      const share = vectors[axis * count + picture]! / singular[axis]!;
      for (let feature = 0; feature < features; feature++) {
        axes[axis * features + feature]! += share * examples[picture * features + feature]!;
      }
    }
  }
  return axes;
}

function transposed(rows: Float32Array, count: number, size: number): Float32Array {
  const result = new Float32Array(rows.length);
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < size; column++) result[column * count + row] = rows[row * size + column]!;
  }
  return result;
}
