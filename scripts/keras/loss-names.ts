/** Keras's losses and metrics. */
import { type KerasNotes, type KerasSection, namesOf } from './keras-name.ts';

const reductions = 'the loss of a batch is always the sum over its examples, by their number';
const lastAxis = { axis: 'classes are on the last axis' };
const fromLogits: KerasNotes = {
  differs:
    'On the output of a softmax or sigmoid the loss is traced from its logits, so that certain mistakes have a gradient ([why](decisions/losses-from-logits.md)). Equal on probabilities.',
  lacks: lastAxis,
};

/** A metric that Keras has as a function only: the mean of the loss, which has goldens. */
const asLoss: KerasNotes = { test: ['test/nn/metrics.test.ts', 'every metric has goldens, as itself or as a loss'] };

/** Losses, then metrics. */
export const lossSections: readonly KerasSection[] = [
  {
    title: 'Losses',
    words:
      "As `loss` of `compile`: a name, Keras’s short one (`'mse'`), one with options, or a function in ops. Losses of each example, the weighted loss of the batch and gradients, with sample weights and without.",
    module: 'keras.losses',
    without: { reduction: reductions, name: 'a loss is named as what it is', dtype: 'losses are computed in float32' },
    names: [
      ...namesOf('keras.losses', 'losses', [
        ['BinaryCrossentropy', 'binaryCrossentropy', fromLogits],
        ['CategoricalCrossentropy', 'categoricalCrossentropy', fromLogits],
        ['SparseCategoricalCrossentropy', 'sparseCategoricalCrossentropy', fromLogits],
        ['BinaryFocalCrossentropy', 'binaryFocalCrossentropy', fromLogits],
        ['CategoricalFocalCrossentropy', 'categoricalFocalCrossentropy', fromLogits],
        ['MeanSquaredError', 'meanSquaredError'],
        ['MeanAbsoluteError', 'meanAbsoluteError'],
        ['MeanAbsolutePercentageError', 'meanAbsolutePercentageError'],
        ['MeanSquaredLogarithmicError', 'meanSquaredLogarithmicError'],
        ['Huber', 'huber'],
        ['LogCosh', 'logCosh'],
        ['KLDivergence', 'klDivergence'],
        ['Poisson', 'poisson'],
        ['Hinge', 'hinge'],
        ['SquaredHinge', 'squaredHinge'],
        ['CategoricalHinge', 'categoricalHinge'],
        ['CosineSimilarity', 'cosineSimilarity', { lacks: lastAxis }],
      ]),
      {
        keras: 'keras.Model.fit(class_weight)',
        cajal: 'Model.fit({ classWeight })',
        test: ['test/training/fit.test.ts', 'weighs classes'],
      },
      {
        keras: 'keras.Model.fit(sample_weight)',
        cajal: 'Model.fit({ sampleWeights })',
        test: ['test/model/sample-weights.test.ts', 'weights of examples'],
      },
    ],
  },
  {
    title: 'Metrics',
    words:
      'As `metrics` and `weightedMetrics` of `compile`: names, metrics with options, or functions. Over several batches, with sample weights and without. They count on the host in float64.',
    module: 'keras.metrics',
    without: { dtype: 'metrics count in float64' },
    names: [
      {
        keras: 'keras.Model.compile(metrics=["accuracy"])',
        cajal: 'metrics.accuracy',
        test: ['test/nn/metrics.test.ts', 'choose the form of accuracy by the output’s shape'],
      },
      ...namesOf('keras.metrics', 'metrics', [
        ['BinaryAccuracy', 'binaryAccuracy'],
        ['CategoricalAccuracy', 'categoricalAccuracy'],
        ['SparseCategoricalAccuracy', 'sparseCategoricalAccuracy'],
        ['TopKCategoricalAccuracy', 'topKCategoricalAccuracy'],
        [
          'SparseTopKCategoricalAccuracy',
          'sparseTopKCategoricalAccuracy',
          { lacks: { from_sorted_ids: 'predictions are shares of classes' } },
        ],
        ['Precision', 'precision'],
        ['Recall', 'recall'],
        ['F1Score', 'f1Score'],
        ['FBetaScore', 'fBetaScore'],
        ['AUC', 'auc', { lacks: { num_labels: 'the output tells it' } }],
        ['MeanSquaredError', 'meanSquaredError'],
        ['RootMeanSquaredError', 'rootMeanSquaredError'],
        ['MeanAbsoluteError', 'meanAbsoluteError'],
        ['MeanAbsolutePercentageError', 'meanAbsolutePercentageError'],
        ['MeanSquaredLogarithmicError', 'meanSquaredLogarithmicError'],
        ['CosineSimilarity', 'cosineSimilarity', { lacks: lastAxis }],
        ['LogCoshError', 'logCosh'],
        ['KLDivergence', 'klDivergence'],
        ['Poisson', 'poisson'],
        ['Hinge', 'hinge'],
        ['SquaredHinge', 'squaredHinge'],
        ['CategoricalHinge', 'categoricalHinge'],
        ['BinaryCrossentropy', 'binaryCrossentropy'],
        ['CategoricalCrossentropy', 'categoricalCrossentropy', { lacks: lastAxis }],
        ['SparseCategoricalCrossentropy', 'sparseCategoricalCrossentropy', { lacks: lastAxis }],
        ['binary_focal_crossentropy', 'binaryFocalCrossentropy', asLoss],
        ['categorical_focal_crossentropy', 'categoricalFocalCrossentropy', asLoss],
        ['huber', 'huber', asLoss],
      ]),
    ],
  },
  {
    title: 'What Keras has no metric for',
    words: 'What lessons take from scikit-learn, or compute by hand.',
    names: [
      { keras: 'sklearn.metrics.cohen_kappa_score', cajal: 'metrics.cohenKappa' },
      { keras: 'sklearn.metrics.matthews_corrcoef', cajal: 'metrics.matthewsCorrelation' },
      { keras: 'expected calibration error', cajal: 'metrics.expectedCalibrationError' },
      {
        keras: 'sklearn.metrics.confusion_matrix',
        cajal: 'confusionMatrix',
        test: ['test/nn/metrics.test.ts', 'a confusion matrix is counted of tensors as of class numbers'],
      },
      { keras: 'sklearn.metrics.classification_report', cajal: 'classificationReport' },
    ],
  },
];
