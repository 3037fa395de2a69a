/** The model that users hold: a network with its memory, training and files. Everything long is in the parts it is made
 * of; this is the list of what one can do. */
import type { TypedArray } from '../core/dtype.ts';
import { AbortError, OptionError, TrainingError } from '../core/errors.ts';
import { checkKeys, checkNumber } from '../core/options.ts';
import { sameShape } from '../core/shape.ts';
import { type Tensor, tensor } from '../core/tensor.ts';
import { arrayDataset, splitArrays } from '../data/array-dataset.ts';
import type { Dataset } from '../data/dataset.ts';
import { type BackendOptions, backendOptionNames, chooseBackend, defaultBackend } from '../engine/choose-backend.ts';
import { checkCount, ModelMemory, type VariableFill, variableType } from '../engine/model-memory.ts';
import type { Layer } from '../nn/layers/layer.ts';
import { Network, type PlacedLayer } from '../nn/network.ts';
import type { Logs } from '../training/callbacks/callback.ts';
import type { History } from '../training/callbacks/history.ts';
import { type Compiled, type CompileOptions, resolveCompileOptions } from '../training/compile-options.ts';
import { EpochMeans } from '../training/epoch-means.ts';
import { type EvaluateOptions, evaluateLoop } from '../training/evaluate-loop.ts';
import { type FitLoopOptions, fitLoop } from '../training/fit-loop.ts';
import { type Profile, type ProfileOptions, profileStep } from '../training/profile.ts';
import { Trainer } from '../training/trainer.ts';
import { Training } from '../training/training.ts';
import { type SaveOptions, storeModel } from './store.ts';
import { summarize } from './summary.ts';

/** Options of `sequential`. */
export interface ModelOptions extends BackendOptions {
  /** Default `sequential`. */
  readonly name?: string;
  /** From which all random numbers of the model come; default 0. */
  readonly seed?: number;
}

/** Options of `fit` on arrays, beside those of a training. */
export interface FitArraysOptions extends Omit<FitLoopOptions, 'validationData'> {
  /** Default 32. */
  readonly batchSize?: number;
  /** Default true: a new order in each epoch. */
  readonly shuffle?: boolean;
  /** The share at the end of the arrays, before shuffling, that is held out for validation where no `validationData` are given;
   * default 0. */
  readonly validationSplit?: number;
  readonly validationData?: Dataset | readonly [Tensor, Tensor];
}

const loopOptions = [
  'epochs',
  'initialEpoch',
  'stepsPerEpoch',
  'validationData',
  'validationSteps',
  'callbacks',
  'verbose',
  'signal',
  'classWeight',
];
const arrayOptions = ['batchSize', 'shuffle', 'validationSplit'];

/** A trainable, evaluable, saveable network. Make one with `sequential` or `loadModel`. */
export class Model {
  readonly name: string;
  readonly seed: number;
  readonly #layers: readonly Layer[];
  readonly #backendOptions: BackendOptions;
  #network: Network | undefined;
  #trainer: Promise<Trainer> | undefined;
  #initialWeights: ReadonlyMap<string, TypedArray> | undefined;
  #compiled: Compiled | undefined;
  #isTraining = false;

  constructor(layers: readonly Layer[], options: ModelOptions = {}) {
    checkKeys('sequential', options, ['name', 'seed', ...backendOptionNames]);
    const { name = 'sequential', seed = 0, ...backendOptions } = options;
    this.name = name;
    this.seed = seed;
    this.#layers = layers;
    this.#backendOptions = backendOptions;
    const [first] = layers;
    if (first?.className === 'InputLayer') this.build(first.config['shape'] as number[]);
  }

  /** Fixes the shape of one example, where no input layer has. @throws ShapeError where a layer cannot take it */
  build(inputShape: readonly number[]): void {
    if (this.#network && sameShape(this.#network.inputShape, inputShape)) return;
    if (this.#network) {
      throw new OptionError(
        `${this.name}: expected to be built once, for inputs of shape [${this.#network.inputShape.join(', ')}], received [${inputShape.join(', ')}].`,
      );
    }
    this.#network = new Network(this.#layers, inputShape);
  }

  /** The layers at their places, with shapes and weights. @throws OptionError where the model is not built */
  get layers(): readonly PlacedLayer[] {
    return this.network.layers;
  }

  /** The layers wired together. @throws OptionError where the model is not built */
  get network(): Network {
    if (this.#network) return this.#network;
    throw new OptionError(
      `${this.name}: expected a known input shape. Put layers.input({ shape: [height, width, channels] }) first, call build, or fit it.`,
    );
  }

  /** Sets the optimizer, loss and metrics. @throws OptionError naming the nearest known name */
  compile(options: CompileOptions): void {
    const compiled = resolveCompileOptions(options);
    this.#compiled = compiled;
    const before = this.#trainer;
    if (before) {
      this.#trainer = before.then(async (trainer) => {
        await trainer.compile(compiled);
        return trainer;
      });
    }
  }

  /**
   * Trains on a dataset, or on arrays.
   *
   * @returns losses and metrics of each epoch, as Keras's History
   * @throws TrainingError where the model is not compiled, or is training already; ShapeError where data and model do not fit
   * @example
   * const { history } = await model.fit(x, y, { epochs: 5, batchSize: 32, validationSplit: 0.2 });
   */
  async fit(data: Dataset, options?: FitLoopOptions): Promise<History>;
  async fit(x: Tensor, y: Tensor, options?: FitArraysOptions): Promise<History>;
  async fit(data: Dataset | Tensor, second?: FitLoopOptions | Tensor, third: FitArraysOptions = {}): Promise<History> {
    const { dataset, options } = isTensor(data) ? this.#arrays(data, second as Tensor, third) : checked(data, second);
    if (this.#isTraining) {
      throw new TrainingError(
        `fit: expected ${this.name} to be free, received one that is already training. Await the first fit before the next.`,
      );
    }
    this.build(dataset.inputShape);
    this.#isTraining = true;
    try {
      const { trainer, compiled } = await this.#ready('fit');
      return await fitLoop(trainer, compiled, this, dataset, options);
    } finally {
      this.#isTraining = false;
    }
  }

  /** Loss and metrics over a dataset or arrays, by name. @throws TrainingError where the model is not compiled */
  async evaluate(data: Dataset, options?: EvaluateOptions): Promise<Logs>;
  async evaluate(x: Tensor, y: Tensor, options?: EvaluateOptions & { batchSize?: number }): Promise<Logs>;
  async evaluate(
    data: Dataset | Tensor,
    second?: EvaluateOptions | Tensor,
    third: EvaluateOptions & { batchSize?: number } = {},
  ): Promise<Logs> {
    const { batchSize = 32, ...rest } = third;
    const dataset = isTensor(data) ? arrayDataset(data, second as Tensor, { batchSize, shuffle: false }) : data;
    const options = isTensor(data) ? rest : ((second as EvaluateOptions | undefined) ?? {});
    checkKeys('evaluate', options, ['steps', 'signal', 'callbacks', 'onBatch']);
    this.build(dataset.inputShape);
    const { trainer, compiled } = await this.#ready('evaluate');
    const metrics = compiled.metrics(this.network.outputShape);
    const steps = options.steps ?? dataset.batchCount;
    const training = new Training({ trainer, compiled, model: this, metrics, epochs: 0, steps });
    return evaluateLoop(trainer, dataset, metrics, training, options);
  }

  /**
   * Predictions `[examples, …]` for inputs `[examples, …]`.
   *
   * @throws ShapeError where the inputs do not fit; AbortError where the signal says so
   */
  async predict(x: Tensor, options: { batchSize?: number; signal?: AbortSignal } = {}): Promise<Tensor> {
    checkKeys('predict', options, ['batchSize', 'signal']);
    const { signal } = options;
    const batchSize = checkNumber('predict', 'batchSize', options.batchSize ?? 32, { integer: true, min: 1 });
    this.build(x.shape.slice(1));
    const trainer = await this.trainer();
    const [count] = x.shape as [number, ...number[]];
    const size = x.data.length / Math.max(1, count);
    const outputs: Tensor[] = [];
    for (let start = 0; start < count; start += batchSize) {
      if (signal?.aborted) throw new AbortError('predict: stopped by its signal.', { cause: signal.reason });
      const end = Math.min(count, start + batchSize);
      const part = x.data.subarray(start * size, end * size);
      outputs.push(await trainer.predict(tensor(part, [end - start, ...x.shape.slice(1)], x.dtype)));
    }
    const shape = [count, ...this.network.outputShape.slice(1)];
    const data = new Float32Array(shape.reduce((product, length) => product * length, 1));
    let offset = 0;
    for (const output of outputs) {
      data.set(output.data, offset);
      offset += output.data.length;
    }
    return tensor(data, shape);
  }

  /** One update on one batch. @returns loss and metrics of the batch before the update */
  async trainOnBatch(x: Tensor, y: Tensor, sampleWeights?: Float32Array): Promise<Logs> {
    this.build(x.shape.slice(1));
    const { trainer, compiled } = await this.#ready('trainOnBatch');
    const means = new EpochMeans(compiled.metrics(this.network.outputShape));
    means.add(await trainer.train({ inputs: x, targets: y, ...(sampleWeights && { sampleWeights }) }));
    return means.logs();
  }

  /** How the model was compiled, where it was. */
  get compiled(): Compiled | undefined {
    return this.#compiled;
  }

  /**
   * Saves the model as a folder: `model.json` and `model.safetensors`. It is there whole or not at all.
   *
   * @param folder made where it is not there
   * @throws StorageError where it cannot be written
   */
  async save(folder: string, options: SaveOptions = {}): Promise<void> {
    const { writeModelFolder } = await import('../formats/node/model-files.ts');
    await writeModelFolder(folder, await storeModel(this, options));
  }

  /** Saves the weights alone, as one safetensors file. @throws StorageError where it cannot be written */
  async saveWeights(file: string): Promise<void> {
    const { writeWeightsFile } = await import('../formats/node/model-files.ts');
    await writeWeightsFile(file, (await storeModel(this)).weights);
  }

  /** Puts the weights of a safetensors file in. @throws FormatError where the file or a weight in it is foreign */
  async loadWeights(file: string): Promise<void> {
    const { readWeightsFile } = await import('../formats/node/model-files.ts');
    await this.setWeights(await readWeightsFile(file, this.network));
  }

  /**
   * Where the time of a step goes, instruction by instruction, on random pictures. The weights stay as they are.
   *
   * @throws TrainingError where the model is not compiled and the step is not `predict`
   * @example
   * const { rows, stepMs } = await model.profile({ batchSize: 32 });
   */
  async profile(options: ProfileOptions = {}): Promise<Profile> {
    const trainer = options.step === 'predict' ? await this.trainer() : (await this.#ready('profile')).trainer;
    return profileStep(trainer, options);
  }

  /** Layers, output shapes and parameter counts as a table, as Keras prints it. */
  summary(): string {
    return summarize(this.name, this.network);
  }

  /** Copies of the weights by name, as `conv2d/kernel`. */
  async getWeights(): Promise<Map<string, Float32Array>> {
    const { memory } = await this.trainer();
    const names = this.network.weights.map(({ name }) => name);
    const read = await Promise.all(names.map((name) => memory.read(name)));
    return new Map(names.map((name, index) => [name, read[index] as Float32Array]));
  }

  /** Replaces weights by name. @throws OptionError for a foreign name; ShapeError where a count differs */
  async setWeights(weights: ReadonlyMap<string, TypedArray>): Promise<void> {
    const known = new Map(this.network.weights.map((weight) => [weight.name, weight]));
    for (const [name, data] of weights) {
      const weight = known.get(name);
      if (weight) {
        checkCount(variableType(name, weight.shape), data);
        continue;
      }
      throw new OptionError(
        `setWeights: expected a weight of ${this.name}, received "${name}". It has ${[...known.keys()].join(', ')}.`,
      );
    }
    if (!this.#trainer) {
      const copies = [...weights].map(([name, data]) => [name, data.slice()] as const);
      this.#initialWeights = new Map([...(this.#initialWeights ?? []), ...copies]);
      return;
    }
    const { memory } = await this.#trainer;
    await Promise.all([...weights].map(([name, data]) => memory.write(name, data)));
  }

  /** The running part: memory and programs. Opened at first use. */
  trainer(): Promise<Trainer> {
    this.#trainer ??= this.#open().catch((error: unknown) => {
      this.#trainer = undefined;
      throw error;
    });
    return this.#trainer;
  }

  async #open(): Promise<Trainer> {
    const { network } = this;
    const isChosen = Object.keys(this.#backendOptions).length > 0;
    const { backend } = await (isChosen ? chooseBackend(this.#backendOptions) : defaultBackend());
    const memory = new ModelMemory(backend);
    const fills = new Map<string, VariableFill>([...network.initialize(this.seed), ...(this.#initialWeights ?? [])]);
    const weights = network.weights.map(({ name, shape }) => ({
      type: variableType(name, shape),
      data: fills.get(name)!,
    }));
    const trainer = new Trainer(network, memory, this.seed);
    if (this.#compiled) await trainer.compile(this.#compiled, weights);
    else await memory.add(weights);
    this.#initialWeights = undefined;
    return trainer;
  }

  async #ready(where: string): Promise<{ trainer: Trainer; compiled: Compiled }> {
    const compiled = this.#compiled;
    if (!compiled) {
      throw new TrainingError(
        `${where}: expected a compiled model. Call model.compile({ optimizer: 'rmsprop', loss: 'categoricalCrossentropy' }) first.`,
      );
    }
    return { trainer: await this.trainer(), compiled };
  }

  #arrays(x: Tensor, y: Tensor, given: FitArraysOptions): { dataset: Dataset; options: FitLoopOptions } {
    checkKeys('fit', given, [...loopOptions, ...arrayOptions]);
    const { batchSize = 32, shuffle = true, validationSplit = 0, validationData, ...options } = given;
    // As in Keras, validation data that are given leave the split out.
    const isSplit = validationSplit !== 0 && !validationData;
    const { training, validation: rest } = isSplit ? splitArrays(x, y, validationSplit) : { training: { x, y } };
    const dataset = arrayDataset(training.x, training.y, { batchSize, shuffle, seed: this.seed });
    const held: Dataset | readonly [Tensor, Tensor] | undefined = validationData ?? (rest && [rest.x, rest.y]);
    const validation = isPair(held) ? arrayDataset(held[0], held[1], { batchSize, shuffle: false }) : held;
    return { dataset, options: { ...options, ...(validation && { validationData: validation }) } };
  }
}

function isTensor(data: Dataset | Tensor): data is Tensor {
  return 'data' in data && 'dtype' in data;
}

function isPair(data: Dataset | readonly [Tensor, Tensor] | undefined): data is readonly [Tensor, Tensor] {
  return Array.isArray(data);
}

function checked(dataset: Dataset, given: unknown): { dataset: Dataset; options: FitLoopOptions } {
  const options = (given ?? {}) as FitLoopOptions;
  checkKeys('fit', options, loopOptions);
  return { dataset, options };
}

/**
 * A model of layers in a row.
 *
 * @throws OptionError or ShapeError where an option is unknown or a layer cannot take its input
 * @example
 * const model = sequential([
 *   layers.input({ shape: [28, 28, 1] }),
 *   layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
 *   layers.flatten(),
 *   layers.dense({ units: 10, activation: 'softmax' }),
 * ]);
 */
export function sequential(layers: readonly Layer[], options: ModelOptions = {}): Model {
  return new Model(layers, options);
}
