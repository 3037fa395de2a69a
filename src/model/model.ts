/** The model that users hold: a network with its memory, training and files. Everything long is in the parts it is made
 * of; this is the list of what one can do. */
import type { TypedArray } from '../core/dtype.ts';
import { OptionError, TrainingError } from '../core/errors.ts';
import { checkKeys, checkNumber, checkObject } from '../core/options.ts';
import { checkTensor, isTensor, type Tensor } from '../core/tensor.ts';
import type { Dataset, MultiBatch, Tensors } from '../data/dataset.ts';
import { type BackendOptions, backendOptionNames, chooseBackend, defaultBackend } from '../engine/choose-backend.ts';
import type { LayerFactory } from '../nn/layers/layer.ts';
import { Network } from '../nn/network.ts';
import { type NetworkConfig, networkFromConfig } from '../nn/network-config.ts';
import { SymbolicTensor } from '../nn/symbolic-tensor.ts';
import type { Logs } from '../training/callbacks/callback.ts';
import type { History } from '../training/callbacks/history.ts';
import { type Compiled, type CompileOptions, resolveCompileOptions } from '../training/compile-options.ts';
import { EpochMeans } from '../training/epoch-means.ts';
import { type EvaluateOptions, evaluateLoop } from '../training/evaluate-loop.ts';
import { type FitLoopOptions, fitLoop } from '../training/fit-loop.ts';
import { type Profile, type ProfileOptions, profileStep } from '../training/profile.ts';
import { Trainer } from '../training/trainer.ts';
import { Training } from '../training/training.ts';
import {
  checkedDataset,
  type EvaluateArraysOptions,
  evaluateArrays,
  type FitArraysOptions,
  fitArrays,
} from './fit-data.ts';
import { checkMap, checkNumbers, openMemory, setWeight } from './layer-weights.ts';
import { type PredictOptions, predictInBatches } from './predict.ts';
import { type SaveOptions, storeModel } from './store.ts';
import { Structure, type StructurePart } from './structure.ts';
import { type SummaryOptions, summarize } from './summary.ts';

/** Options of models. */
export interface ModelOptions extends BackendOptions {
  /** Default `sequential`, or `functional`. */
  readonly name?: string;
  /** From which all random numbers of the model come; default 0. */
  readonly seed?: number;
}

/** Kinds of layers of the user's own, which saved models name by their class. */
export interface CustomLayers {
  readonly customLayers?: readonly LayerFactory<never>[];
}

/** What a row of layers is made of: layers, models, and an input in the first place. */
export type ModelPart = StructurePart;

/** A trainable, evaluable, saveable network. Make one with `sequential`, `model` or `loadModel`. It can be called as a layer,
 * on the output of another layer: `base(x)`. */
export class Model extends Structure {
  readonly seed: number;
  readonly #backendOptions: BackendOptions;
  #trainer: Promise<Trainer> | undefined;
  #compiled: Compiled | undefined;
  #isTraining = false;

  constructor(source: readonly ModelPart[] | Network, options: ModelOptions = {}) {
    const [kind, usual] = source instanceof Network ? ['model', 'functional'] : ['sequential', 'sequential'];
    checkKeys(kind!, options, ['name', 'seed', ...backendOptionNames]);
    const { name = usual!, seed = 0, ...backendOptions } = options;
    super(source, name);
    this.seed = checkNumber(kind!, 'seed', seed, { integer: true });
    this.#backendOptions = backendOptions;
  }

  /** A model from the configuration that `getConfig` gave, with fresh weights. @throws OptionError where it makes no network */
  static fromConfig(config: NetworkConfig, given: ModelOptions & CustomLayers = {}): Model {
    checkObject('fromConfig', given, ['customLayers']);
    const { customLayers = [], ...options } = given;
    const network = networkFromConfig(config, customLayers);
    if (network.kind === 'Functional') return new Model(network, options);
    const { inputs, layers } = network;
    return new Model([inputs[0]!, ...layers.map(({ layer }) => layer)], options);
  }

  /** Sets the optimizer, loss and metrics. @throws OptionError naming the nearest known name; TrainingError during a fit */
  compile(options: CompileOptions): void {
    this.#checkFree('compile');
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
  async fit(data: Dataset<MultiBatch>, options?: FitLoopOptions): Promise<History>;
  async fit(x: Tensors, y: Tensors, options?: FitArraysOptions): Promise<History>;
  async fit(
    data: Dataset<MultiBatch> | Tensors,
    second?: FitLoopOptions | Tensors,
    third: FitArraysOptions = {},
  ): Promise<History> {
    const { dataset, options } = isDataset(data)
      ? checkedDataset(data, second)
      : fitArrays(data, second as Tensors, third, this.builtNetwork, this.seed);
    return this.trainAlone('fit', dataset.inputShape, ({ trainer, compiled }) =>
      fitLoop(trainer, compiled, this, dataset, options),
    );
  }

  /**
   * Runs work that changes weights, while nothing else may train the model.
   *
   * @param where what messages call it
   * @param inputShape of one example, for which the model is built where it is not yet
   * @throws TrainingError where the model is not compiled, or is training already
   */
  async trainAlone<Result>(
    where: string,
    inputShape: readonly number[],
    work: (parts: { trainer: Trainer; compiled: Compiled }) => Promise<Result>,
  ): Promise<Result> {
    this.#checkFree(where);
    this.buildFor(inputShape);
    this.#isTraining = true;
    try {
      return await work(await this.#ready(where));
    } finally {
      this.#isTraining = false;
    }
  }

  /** Loss and metrics over a dataset or arrays, by name. @throws TrainingError where the model is not compiled */
  async evaluate<Item extends MultiBatch>(data: Dataset<Item>, options?: EvaluateOptions<Item>): Promise<Logs>;
  async evaluate(x: Tensors, y: Tensors, options?: EvaluateArraysOptions): Promise<Logs>;
  async evaluate(
    data: Dataset<MultiBatch> | Tensors,
    second?: EvaluateOptions | Tensors,
    third: EvaluateArraysOptions = {},
  ): Promise<Logs> {
    checkObject('evaluate', third, ['batchSize']);
    const { dataset, options } = isDataset(data)
      ? { dataset: data, options: (second as EvaluateOptions | undefined) ?? {} }
      : evaluateArrays([data, second as Tensors], third, this.builtNetwork);
    checkKeys('evaluate', options, ['steps', 'signal', 'callbacks', 'onBatch']);
    this.buildFor(dataset.inputShape);
    const { trainer, compiled } = await this.#ready('evaluate');
    const metrics = compiled.metrics(this.network);
    const steps = options.steps ?? dataset.batchCount;
    const training = new Training({ trainer, compiled, model: this, metrics, epochs: 0, steps });
    return evaluateLoop(trainer, dataset, metrics, training, options);
  }

  /**
   * Predictions `[examples, …]` for inputs `[examples, …]`: of the first output, where there are several.
   *
   * @throws ShapeError where the inputs do not fit; AbortError where the signal says so
   */
  async predict(x: Tensors, options: PredictOptions = {}): Promise<Tensor> {
    return (await this.predictOutputs(x, options))[0]!;
  }

  /** Predictions of each output. */
  async predictOutputs(x: Tensors, options: PredictOptions = {}): Promise<Tensor[]> {
    this.#buildForInputs('predict', x);
    return predictInBatches(this, () => this.trainer(), x, options);
  }

  /** One update on one batch. @returns loss and metrics of the batch before the update */
  async trainOnBatch(x: Tensors, y: Tensors, sampleWeights?: Float32Array): Promise<Logs> {
    this.#buildForInputs('trainOnBatch', x);
    const { trainer, compiled } = await this.#ready('trainOnBatch');
    const means = new EpochMeans(compiled.metrics(this.network));
    means.add(await trainer.train({ inputs: x, targets: y, ...(sampleWeights && { sampleWeights }) }));
    return means.logs();
  }

  /**
   * One update from gradients that were computed elsewhere, as by `valueAndGradients`: the optimizer's whole step, with clipping,
   * decay and averages.
   *
   * @param gradients by the names of the weights; other weights stay as they are
   * @throws TrainingError where the model is not compiled; OptionError for a foreign name; ShapeError where a count differs
   */
  async applyGradients(gradients: ReadonlyMap<string, TypedArray>): Promise<void> {
    const { trainer } = await this.#ready('applyGradients');
    const known = new Map(trainer.trainableWeights.map((weight) => [weight.name, weight]));
    for (const [name, data] of checkMap('applyGradients', 'gradients', gradients)) {
      const weight = known.get(name);
      if (weight) checkNumbers(weight, data);
      else {
        throw new OptionError(
          `applyGradients: expected gradients of weights of ${this.name} that are not frozen, received one of "${name}". They are ${[...known.keys()].join(', ')}.`,
        );
      }
    }
    await trainer.applyGradients(gradients);
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
    checkObject('profile', options, ['batchSize']);
    const trainer = options.step === 'predict' ? await this.trainer() : (await this.#ready('profile')).trainer;
    return profileStep(trainer, options);
  }

  /** Layers, output shapes and parameter counts as a table, as Keras prints it. */
  summary(options?: SummaryOptions): string {
    return summarize(this.name, this.network, options);
  }

  /** The number of all parameters, trained or not. */
  countParams(): number {
    return this.network.parameterCount;
  }

  /** Copies of the weights by name, as `conv2d/kernel`. */
  async getWeights(): Promise<Map<string, Float32Array>> {
    const { memory } = await this.trainer();
    const names = this.network.weights.map(({ name }) => name);
    const read = await Promise.all(names.map((name) => memory.read(name)));
    return new Map(names.map((name, index) => [name, read[index] as Float32Array]));
  }

  /** Replaces weights by name, or all of them by a list in their order, as Keras does.
   * @throws OptionError for a foreign name or a list of another length; ShapeError where a count differs */
  async setWeights(given: ReadonlyMap<string, TypedArray> | readonly TypedArray[]): Promise<void> {
    const known = new Map(this.network.weights.map((weight) => [weight.name, weight]));
    if (isList(given) && given.length !== known.size) {
      throw new OptionError(
        `setWeights: expected ${known.size} arrays for ${this.name} (${[...known.keys()].join(', ')}), received ${given.length}.`,
      );
    }
    const names = [...known.keys()];
    const weights: ReadonlyMap<string, TypedArray> = isList(given)
      ? new Map(given.map((data, index) => [names[index]!, data]))
      : given;
    for (const [name, data] of checkMap('setWeights', 'weights', weights)) {
      const weight = known.get(name);
      if (weight) {
        checkNumbers(weight, data);
        continue;
      }
      throw new OptionError(
        `setWeights: expected a weight of ${this.name}, received "${name}". It has ${[...known.keys()].join(', ')}.`,
      );
    }
    await Promise.all([...weights].map(([name, data]) => setWeight(known.get(name)!, data)));
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
    const isNamed = Object.keys(this.#backendOptions).length > 0;
    const chosen = async () => (await (isNamed ? chooseBackend(this.#backendOptions) : defaultBackend())).backend;
    const compiled = this.#compiled;
    let trainer: Trainer | undefined;
    await openMemory(network, this.seed, { chosen, isNamed }, async (memory, missing) => {
      trainer = new Trainer(network, memory, this.seed);
      // The optimizer's slots with the weights, so that memory need not grow twice.
      if (compiled) await trainer.compile(compiled, missing);
      else await memory.add(missing);
    });
    return trainer!;
  }

  protected override beforeChange(where: string): void {
    this.#checkFree(where);
    this.#trainer = undefined;
  }

  #checkFree(where: string): void {
    if (!this.#isTraining) return;
    throw new TrainingError(
      `${where}: expected ${this.name} to be free, received one that is already training. Await the first fit before what comes next.`,
    );
  }

  #buildForInputs(where: string, x: Tensors): void {
    if (isTensor(x)) this.buildFor(checkTensor(where, 'inputs', x).shape.slice(1));
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
}

function isList(given: ReadonlyMap<string, TypedArray> | readonly TypedArray[]): given is readonly TypedArray[] {
  return Array.isArray(given);
}

function isDataset(data: Dataset<MultiBatch> | Tensors | undefined | null): data is Dataset<MultiBatch> {
  return typeof (data as Dataset | undefined | null)?.epoch === 'function';
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
export function sequential(layers: readonly ModelPart[] = [], options: ModelOptions = {}): Model {
  return new Model(layers, options);
}

/** What `model` takes. */
export interface FunctionalOptions extends ModelOptions {
  readonly inputs: SymbolicTensor | readonly SymbolicTensor[];
  readonly outputs: SymbolicTensor | readonly SymbolicTensor[];
}

/**
 * A model of what lies between inputs and outputs: branches, shared layers, models inside models, or a part of another model.
 * It shares the weights of its layers with every other model that has them.
 *
 * @throws OptionError where an output does not follow from the inputs, an input leads to no output, or a name is given twice
 * @example
 * const x = input({ shape: [32, 32, 3] });
 * const left = layers.conv2d({ filters: 8, kernelSize: 3, padding: 'same' })(x);
 * const right = layers.conv2d({ filters: 8, kernelSize: 1 })(x);
 * const sum = layers.add()([left, right]);
 * const residual = model({ inputs: x, outputs: layers.globalAveragePooling2d()(sum) });
 */
export function model(options: FunctionalOptions): Model {
  checkObject('model', options, ['inputs', 'outputs']);
  const { inputs, outputs, ...rest } = options;
  const list = (what: string, given: FunctionalOptions['inputs']): readonly SymbolicTensor[] => {
    const tensors = Array.isArray(given) ? given : [given];
    if (tensors.length > 0 && tensors.every((one) => one instanceof SymbolicTensor)) return tensors;
    throw new OptionError(
      `model: expected ${what} as symbolic tensors, what input({ shape }) gives and what layers give for it, received ${tensors.length === 0 ? 'none' : 'something else'}.`,
    );
  };
  return new Model(new Network(list('inputs', inputs), list('outputs', outputs)), rest);
}
