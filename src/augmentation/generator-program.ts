/** What `imageDataGenerator` does to a batch, as programs of the engine: one resampling for rotation, shift, shear, zoom and
 * flips together, channel shift, brightness, then standardization. */
import type { DType, TypedArray } from '../core/dtype.ts';
import { OptionError } from '../core/errors.ts';
import { batchAxis, elementCount, formatShape, sameShape } from '../core/shape.ts';
import { type Tensor, tensor } from '../core/tensor.ts';
import { chooseBackend, defaultBackend } from '../engine/choose-backend.ts';
import { Executable } from '../engine/executable.ts';
import { ModelMemory } from '../engine/model-memory.ts';
import { variableType } from '../engine/variable-store.ts';
import { Graph } from '../graph/graph.ts';
import { transformPictures } from '../ops/affine-transform.ts';
import {
  add,
  where as choose,
  clip,
  divide,
  greater,
  maximum,
  minimum,
  multiply,
  negate,
  rescale,
  sqrt,
  square,
  subtract,
} from '../ops/elementwise.ts';
import { matrixProduct } from '../ops/mat-mul.ts';
import { mean } from '../ops/mean.ts';
import { applyOne, type Value } from '../ops/op.ts';
import { reshapeTo } from '../ops/reshape.ts';
import type { GeneratorSettings } from './generator-options.ts';
import { isStill, type TransformParameters, transformMatrix } from './transform-parameters.ts';

/** What `fit` found. */
export interface FittedStatistics {
  /** Of each channel. */
  readonly mean?: readonly number[];
  readonly deviation?: readonly number[];
  /** `[features, rank]`: principal axes, each times the root of its factor. A picture, flat, times this times its transposed is
   * whitened. */
  readonly whitening?: Tensor;
}

/** Added to standard deviations before dividing, as in Keras. */
const smallestDeviation = 1e-6;

/** Which parts a program has. */
interface Parts {
  readonly inputType: DType;
  readonly moves: boolean;
  readonly shifts: boolean;
  readonly brightens: boolean;
  readonly standardizes: boolean;
}

/** The programs for pictures of one shape `[height, width, channels]`. */
export class GeneratorProgram {
  readonly #settings: GeneratorSettings;
  readonly #shape: readonly [height: number, width: number, channels: number];
  readonly #fitted: FittedStatistics;
  readonly #executables = new Map<string, Executable>();
  #memory: Promise<ModelMemory> | undefined;

  constructor(settings: GeneratorSettings, shape: readonly number[], fitted: FittedStatistics) {
    this.#settings = settings;
    this.#shape = shape as [number, number, number];
    this.#fitted = fitted;
  }

  /**
   * The pictures after a transform each, in float32.
   *
   * @param parameters one for each picture; absent: none is changed
   * @param standardizes whether they are standardized afterwards
   * @throws OptionError where the statistics that this needs are not there
   */
  async run(
    pictures: Tensor,
    parameters: readonly TransformParameters[] | undefined,
    standardizes: boolean,
  ): Promise<Tensor> {
    if (standardizes) this.#checkFitted();
    const { preprocessingFunction } = this.#settings;
    const moves = parameters?.some((one) => !isStill(one)) ?? false;
    const shifts = parameters?.some(({ channelShiftIntensity }) => channelShiftIntensity) ?? false;
    const brightens = parameters?.some(({ brightness }) => (brightness ?? 1) !== 1) ?? false;
    const parts = { inputType: pictures.dtype, moves, shifts, brightens };
    if (!standardizes || !preprocessingFunction) {
      return this.#execute({ ...parts, standardizes }, pictures, parameters ?? []);
    }
    const transformed = await this.#execute({ ...parts, standardizes: false }, pictures, parameters ?? []);
    const preprocessed = preprocess(transformed, preprocessingFunction);
    const still = { inputType: 'float32', moves: false, shifts: false, brightens: false } as const;
    return this.#execute({ ...still, standardizes: true }, preprocessed, []);
  }

  async #execute(parts: Parts, pictures: Tensor, parameters: readonly TransformParameters[]): Promise<Tensor> {
    this.#memory ??= this.#open();
    const memory = await this.#memory;
    const key = JSON.stringify(parts);
    const executable = this.#executables.get(key) ?? Executable.compile(memory, this.#graph(parts));
    this.#executables.set(key, executable);
    const [height, width] = this.#shape;
    const inputs: Record<string, TypedArray> = { inputs: pictures.data };
    const numbers = (of: (one: TransformParameters) => number) => Float32Array.from(parameters, of);
    if (parts.moves) {
      inputs['transforms'] = Float32Array.from(
        parameters.flatMap((one) => [...transformMatrix(one, [height, width]), 0, 0]),
      );
    }
    if (parts.shifts) inputs['channelShift'] = numbers(({ channelShiftIntensity }) => channelShiftIntensity ?? 0);
    if (parts.brightens) inputs['brightness'] = numbers(({ brightness }) => brightness ?? 1);
    const { outputs } = await executable.run({ batch: pictures.shape[0]!, inputs });
    return outputs['outputs']!;
  }

  async #open(): Promise<ModelMemory> {
    const { backend } = this.#settings;
    const chosen = await (Object.keys(backend).length > 0 ? chooseBackend(backend) : defaultBackend());
    const memory = new ModelMemory(chosen.backend);
    const { mean: center, deviation, whitening } = this.#fitted;
    const channels = Object.entries({ mean: center, deviation }).flatMap(([name, numbers]) =>
      numbers ? [{ type: variableType(name, [1, 1, 1, numbers.length]), data: Float32Array.from(numbers) }] : [],
    );
    const axes = whitening ? [{ type: variableType('whitening', whitening.shape), data: whitening.data }] : [];
    await memory.add([...channels, ...axes]);
    return memory;
  }

  #graph({ inputType, moves, shifts, brightens, standardizes }: Parts): Graph {
    const { fillMode, cval, interpolation } = this.#settings;
    const graph = new Graph();
    let x = graph.input('inputs', [batchAxis, ...this.#shape], inputType);
    const ofEach = (name: string) => reshapeTo(graph.input(name, [batchAxis, 1]), [batchAxis, 1, 1, 1]);
    if (moves) {
      const transforms = graph.input('transforms', [batchAxis, 8]);
      x = transformPictures(x, transforms, { interpolation, fillMode, fillValue: cval });
    } else if (inputType !== 'float32') {
      x = rescale(x, 1, 0);
    }
    if (shifts) x = maximum(minimum(add(x, ofEach('channelShift')), largestOf(x)), smallestOf(x));
    if (brightens) x = brightened(x, ofEach('brightness'));
    graph.output('outputs', standardizes ? this.#standardized(graph, x) : x);
    return graph;
  }

  #standardized(graph: Graph, pictures: Value): Value {
    const settings = this.#settings;
    const [, , channels] = this.#shape;
    const ofChannel = (name: string) => graph.variable(name, [1, 1, 1, channels]);
    let x = pictures;
    if (settings.rescale !== 1) x = multiply(x, settings.rescale);
    if (settings.samplewiseCenter) x = subtract(x, ofPicture(x));
    if (settings.samplewiseStdNormalization) {
      x = divide(x, add(sqrt(ofPicture(square(subtract(x, ofPicture(x))))), smallestDeviation));
    }
    if (settings.featurewiseCenter) x = subtract(x, ofChannel('mean'));
    if (settings.featurewiseStdNormalization) x = divide(x, add(ofChannel('deviation'), smallestDeviation));
    if (!settings.zcaWhitening) return x;
    const axes = graph.variable('whitening', this.#fitted.whitening!.shape);
    const flat = reshapeTo(x, [batchAxis, elementCount(this.#shape)]);
    const along = matrixProduct(flat, axes);
    return reshapeTo(matrixProduct(along, axes, undefined, { transposeB: 'yes' }), x.shape);
  }

  #checkFitted(): void {
    const { featurewiseCenter, zcaWhitening } = this.#settings;
    const { mean: center, whitening } = this.#fitted;
    if (featurewiseCenter && !center) {
      const name = zcaWhitening ? 'zcaWhitening' : 'featurewise statistics';
      throw new OptionError(
        `imageDataGenerator: expected fit before pictures are standardized by ${name}, received none. ` +
          'Call await generator.fit(x) with the training pictures.',
      );
    }
    const features = elementCount(this.#shape);
    const fits = center === undefined || center.length === this.#shape[2];
    if (fits && (whitening === undefined || whitening.shape[0] === features)) return;
    throw new OptionError(
      `imageDataGenerator: expected pictures of the shape that fit saw, received ${formatShape(this.#shape)}. Fit again.`,
    );
  }
}

/** The user's function, picture by picture. */
export function preprocess(pictures: Tensor, change: (picture: Tensor) => Tensor): Tensor {
  const [count, ...shape] = pictures.shape as [number, ...number[]];
  const size = elementCount(shape);
  const data = new Float32Array(pictures.data.length);
  for (let index = 0; index < count; index++) {
    const own = Float32Array.from(pictures.data.subarray(index * size, (index + 1) * size));
    const changed = change(tensor(own, shape));
    if (!changed?.shape || !sameShape(changed.shape, shape)) {
      throw new OptionError(
        `imageDataGenerator: preprocessingFunction must return a tensor ${formatShape(shape)} like its picture, received ` +
          `${changed?.shape ? formatShape(changed.shape) : 'none'}.`,
      );
    }
    data.set(changed.data, index * size);
  }
  return tensor(data, pictures.shape);
}

function ofPicture(x: Value): Value {
  return mean(x, 1, 3, 'yes');
}

function largestOf(x: Value): Value {
  return applyOne('reduceMax', [x], { firstAxis: 1, lastAxis: 3, keepAxes: 'yes' });
}

function smallestOf(x: Value): Value {
  return negate(largestOf(negate(x)));
}

/** Times a factor, cut at 0 and 255; a picture that goes beyond those is cut at its own smallest and largest value. */
function brightened(x: Value, factor: Value): Value {
  const [low, high] = [smallestOf(x), largestOf(x)];
  const isBeyond = maximum(greater(0, low), greater(high, 255));
  const own = add(minimum(maximum(multiply(subtract(x, low), factor), 0), subtract(high, low)), low);
  return choose(isBeyond, own, clip(multiply(x, factor), 0, 255));
}
