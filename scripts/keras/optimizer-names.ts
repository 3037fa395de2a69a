/** Keras's optimizers, their common options and its schedules. */
import { type KerasSection, namesOf } from './keras-name.ts';

/** In the order of a lesson. */
export const optimizerSections: readonly KerasSection[] = [
  {
    title: 'Optimizers',
    words: 'As `optimizer` of `compile`: a name, or one with options. Ten steps of each in each of its modes.',
    module: 'keras.optimizers',
    without: {
      loss_scale_factor: 'training is in float32, where losses need no scale',
      name: 'an optimizer is named as what it is',
    },
    names: namesOf('keras.optimizers', 'optimizers', [
      ['SGD', 'sgd'],
      ['RMSprop', 'rmsprop'],
      ['Adam', 'adam'],
      ['AdamW', 'adamW'],
      ['Adamax', 'adamax'],
      ['Nadam', 'nadam'],
      ['Adagrad', 'adagrad'],
      ['Adadelta', 'adadelta'],
      ['Lion', 'lion'],
      ['Ftrl', 'ftrl'],
    ]),
  },
  {
    title: 'Options of every optimizer',
    words:
      'The first ones are Keras 3’s. `decay` and the preset `keras2` are for lessons of Keras 2; Keras 3 ignores `decay`.',
    names: [
      { keras: 'keras.optimizers.Optimizer(clipnorm)', cajal: 'optimizers.adam({ clipnorm })' },
      { keras: 'keras.optimizers.Optimizer(clipvalue)', cajal: 'optimizers.adam({ clipvalue })' },
      { keras: 'keras.optimizers.Optimizer(global_clipnorm)', cajal: 'optimizers.adam({ globalClipnorm })' },
      { keras: 'keras.optimizers.Optimizer(weight_decay)', cajal: 'optimizers.adam({ weightDecay })' },
      {
        keras: 'keras.optimizers.Optimizer(exclude_from_weight_decay)',
        cajal: 'optimizers.adamW({ excludeFromWeightDecay })',
        differs: "An option, where Keras has a method: patterns of names, `['bias', 'batch_normalization*']`.",
      },
      { keras: 'keras.optimizers.Optimizer(use_ema)', cajal: 'optimizers.adam({ useEma })' },
      { keras: 'keras.optimizers.Optimizer(ema_momentum)', cajal: 'optimizers.adam({ emaMomentum })' },
      {
        keras: 'keras.optimizers.Optimizer(ema_overwrite_frequency)',
        cajal: 'optimizers.adam({ emaOverwriteFrequency })',
      },
      {
        keras: 'keras.optimizers.Optimizer(gradient_accumulation_steps)',
        cajal: 'optimizers.adam({ gradientAccumulationSteps })',
      },
      {
        keras: 'decay of Keras 2',
        cajal: 'optimizers.sgd({ decay })',
        test: ['test/nn/optimizers.test.ts', 'divide the learning rate by legacy decay, after a schedule'],
      },
      {
        keras: 'defaults and formulas of Keras 2.3.1',
        cajal: "optimizers.adadelta({ preset: 'keras2' })",
        test: ['test/nn/optimizers-keras2.test.ts', 'with the preset keras2 steps as Keras 2.3.1'],
      },
      {
        keras: 'learning rates that differ by layer',
        cajal: 'optimizers.adam({ learningRateMultipliers })',
        test: ['test/nn/optimizers.test.ts', 'multiply the learning rates of weights that a pattern names'],
      },
    ],
  },
  {
    title: 'Schedules',
    words: 'As `learningRate` of an optimizer, beside numbers and functions of the step.',
    module: 'keras.optimizers.schedules',
    without: { name: 'a schedule is named as what it is' },
    names: [
      ...namesOf('keras.optimizers.schedules', 'schedules', [
        ['ExponentialDecay', 'exponentialDecay'],
        ['PiecewiseConstantDecay', 'piecewiseConstantDecay'],
        ['PolynomialDecay', 'polynomialDecay'],
        ['InverseTimeDecay', 'inverseTimeDecay'],
        ['CosineDecay', 'cosineDecay'],
        ['CosineDecayRestarts', 'cosineDecayRestarts'],
      ]),
      { keras: 'torch.optim.lr_scheduler.OneCycleLR', cajal: 'schedules.oneCycle' },
    ],
  },
];
