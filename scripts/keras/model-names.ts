/** Models and their methods, and what users write themselves. */
import { type KerasNotes, type KerasSection, namesOf } from './keras-name.ts';

const functional = 'test/model/functional.test.ts';
const model = 'test/model/model.test.ts';
const saved = 'test/model/save-and-load.test.ts';
const curves = 'test/training/training-curves.test.ts';
const outputs = 'test/model/several-outputs.test.ts';

const byName: KerasNotes = {
  differs: 'Weights go by their names: a `Map` from `conv2d/kernel` to its numbers, where Keras has a list.',
  test: [model, 'are copies by name, in the order of the layers'],
};
const progress = 'nothing is printed; `progbarLogger` in `callbacks` prints Keras’s bar';
const layout = 'the text is returned; its columns are as wide as what is in them';
const compiling = 'every model is compiled, whole steps at a time';

const methods: readonly (readonly [keras: string, cajal: string, notes: KerasNotes])[] = [
  [
    'compile',
    'compile',
    {
      lacks: {
        run_eagerly: compiling,
        steps_per_execution: compiling,
        jit_compile: compiling,
        auto_scale_loss: 'training is in float32, where losses need no scale',
      },
      test: [model, 'finds names, and names the nearest one'],
    },
  ],
  [
    'fit',
    'fit',
    {
      spelled: { sample_weight: 'sampleWeights' },
      test: [curves, 'as Keras'],
    },
  ],
  [
    'evaluate',
    'evaluate',
    {
      differs: 'Gives the numbers by name, as Keras with `return_dict=True`.',
      spelled: { sample_weight: 'sampleWeights' },
      lacks: {
        verbose: progress,
        return_dict: 'it always is so',
      },
      test: [model, 'weigh batches of different sizes by their examples'],
    },
  ],
  [
    'predict',
    'predict',
    {
      lacks: { verbose: 'nothing is printed' },
      test: [model, 'predict the same in batches as at once, to the bit, and nothing for nothing'],
    },
  ],
  [
    'train_on_batch',
    'trainOnBatch',
    {
      differs: 'Gives the numbers of this batch by name; Keras means of all batches since the metrics were reset.',
      test: [model, 'gives loss and metrics of the batch before the update'],
    },
  ],
  [
    'summary',
    'summary',
    {
      differs: 'Returns the text, and says below the table what a forward pass costs: FLOPs and bytes.',
      lacks: { line_length: layout, positions: layout, print_fn: layout, layer_range: layout },
      test: ['test/model/summary.test.ts', 'the summary of the 13-layer network'],
    },
  ],
  ['layers', 'layers', { test: [functional, 'joins branches, in Keras’s order and names'] }],
  ['get_layer', 'getLayer', { test: [functional, 'is told by models'] }],
  ['input', 'input', { test: [functional, 'see each other’s training'] }],
  ['output', 'output', { test: [functional, 'see each other’s training'] }],
  ['build', 'build', { test: [model, 'happens once'] }],
  ['trainable', 'trainable', { test: [functional, 'freeze all that is in a model'] }],
  ['get_weights', 'getWeights', byName],
  ['set_weights', 'setWeights', byName],
  ['count_params', 'countParams', { test: [functional, 'take weights as a list in their order'] }],
  ['get_config', 'getConfig', { test: [functional, 'is the same after saving its configuration'] }],
  ['from_config', 'fromConfig', { test: [functional, 'is the same after saving its configuration'] }],
  [
    'save',
    'save',
    {
      differs: 'Writes a folder: `model.json` and `model.safetensors`. Keras’s files are not read or written.',
      test: [saved, 'is compiled as it was, and goes on from its weights'],
    },
  ],
  [
    'save_weights',
    'saveWeights',
    {
      differs: 'Writes `.safetensors`.',
      test: ['test/formats/model-folder.test.ts', 'goes into a model of the same network alone'],
    },
  ],
  [
    'load_weights',
    'loadWeights',
    {
      differs: 'Reads `.safetensors`.',
      test: ['test/formats/model-folder.test.ts', 'goes into a model of the same network alone'],
    },
  ],
];

/** Models, then what users write. */
export const modelSections: readonly KerasSection[] = [
  {
    title: 'Models',
    words:
      'What takes time is awaited: `await model.fit(…)`. Whole trainings are compared too: from the same weights and batches, losses stay within a thousandth of Keras’s for 50 steps.',
    names: [
      {
        keras: 'keras.Sequential',
        cajal: 'sequential',
        spelled: { layers: '(layers)' },
        lacks: { trainable: 'set `model.trainable`' },
        test: [functional, 'grow and shrink, and keep what was learnt'],
      },
      ...namesOf('keras.Sequential', 'Model', [
        ['add', 'add', { test: [functional, 'grow and shrink, and keep what was learnt'] }],
        ['pop', 'pop', { test: [functional, 'grow and shrink, and keep what was learnt'] }],
      ]),
      { keras: 'keras.Model', cajal: 'model', test: [functional, 'joins branches, in Keras’s order and names'] },
      {
        keras: 'keras.Model of another model’s layers',
        cajal: 'model',
        test: [functional, 'see each other’s training'],
      },
      {
        keras: 'layers and models called twice',
        cajal: 'model',
        test: [functional, 'uses a shared layer’s weights in both places, and adds up both gradients'],
      },
      {
        keras: 'keras.Layer.trainable',
        cajal: 'Layer.trainable',
        test: ['test/nn/batch-normalization.test.ts', 'a frozen layer runs as in inference'],
      },
      ...namesOf('keras.Model', 'Model', methods),
      {
        keras: 'keras.Model.compile(loss_weights)',
        cajal: 'Model.compile({ lossWeights })',
        test: [outputs, 'have losses, weights and metrics of their own, whose sum is trained'],
      },
      {
        keras: 'keras.models.load_model',
        cajal: 'loadModel',
        differs: 'Gives the model with its class names and preprocessing: `const { model } = await loadModel(folder)`.',
        test: [saved, 'predicts the same bits on'],
      },
      {
        keras: 'keras.utils.plot_model',
        cajal: 'plotModel',
        differs: 'Returns SVG, with `showShapes` true from the start; needs no Graphviz.',
        spelled: { rankdir: 'direction', model: '(model)' },
        lacks: {
          to_file: 'the text is returned',
          show_dtype: 'layers compute in float32',
          show_layer_names: 'names are always shown',
          dpi: 'SVG has any resolution',
          show_layer_activations: 'activations are in `getConfig`',
          show_trainable: '`summary({ showTrainable: true })` tells it',
          splines: 'lines are drawn one way',
        },
        test: ['test/model/plot-model.test.ts', 'has a box for each layer and an arrow for each value'],
      },
      {
        keras: 'keras.utils.to_categorical',
        cajal: 'toCategorical',
        test: ['test/data/labels.test.ts', 'toCategorical takes lists, typed arrays and tensors'],
      },
      {
        keras: 'a learning-rate finder',
        cajal: 'learningRateFinder',
        test: [
          'test/model/learning-rate-finder.test.ts',
          'suggests a learning rate at which the loss falls, with which training learns',
        ],
      },
    ],
  },
  {
    title: 'Parts of your own',
    words:
      'Each has an example in its documentation, which editors show. What computes is written in ops: `cajal/ops`.',
    names: [
      {
        keras: 'subclass of keras.Layer',
        cajal: 'defineLayer',
        test: ['test/nn/define-layer.test.ts', 'a layer of one’s own learns 2x + 3'],
      },
      {
        keras: 'function as an activation',
        cajal: 'layers.activation',
        test: ['test/nn/activations.test.ts', 'can be functions'],
      },
      {
        keras: 'function as a loss',
        cajal: 'Model.compile({ loss })',
        test: ['test/nn/losses.test.ts', 'as a function that writes the loss of each example, or place, in ops'],
      },
      {
        keras: 'function as a metric',
        cajal: 'Model.compile({ metrics })',
        test: ['test/nn/metrics.test.ts', 'may be functions of a batch, whose mean over examples is taken'],
      },
      {
        keras: 'subclass of keras.Metric',
        cajal: 'Model.compile({ metrics })',
        test: ['test/nn/metrics.test.ts', 'may be functions that make a counter'],
      },
      {
        keras: 'subclass of keras.Optimizer',
        cajal: 'defineOptimizer',
        test: ['test/nn/optimizers.test.ts', 'of one’s own are a definition, and have the common options'],
      },
      {
        keras: 'subclass of LearningRateSchedule',
        cajal: 'optimizers.sgd({ learningRate })',
        test: [
          'test/nn/schedules.test.ts',
          'of one’s own are functions from the step, and are saved as the number that they give',
        ],
      },
      {
        keras: 'subclass of keras.callbacks.Callback',
        cajal: 'Model.fit({ callbacks })',
        test: ['test/training/callbacks/hooks.test.ts', 'changes the learning rate and adds a number to the history'],
      },
      {
        keras: 'subclass of keras.Initializer',
        cajal: 'layers.dense({ kernelInitializer })',
        test: ['test/nn/initializers.test.ts', 'of one’s own are functions from the shape and random numbers'],
      },
      {
        keras: 'subclass of keras.Constraint',
        cajal: 'layers.dense({ kernelConstraint })',
        test: ['test/nn/constraints.test.ts', 'of one’s own are functions in ops'],
      },
      {
        keras: 'tf.GradientTape',
        cajal: 'valueAndGradients',
        test: ['test/model/value-and-gradients.test.ts', 'steps of one’s own are steps of fit'],
      },
      {
        keras: 'keras.optimizers.Optimizer.apply_gradients',
        cajal: 'Model.applyGradients',
        test: ['test/model/value-and-gradients.test.ts', 'steps of one’s own are steps of fit'],
      },
    ],
  },
];
