/** What Keras does with weights: initializers, regularizers, constraints. */
import { type KerasSection, namesOf } from './keras-name.ts';

/** In the order of a weight's life. */
export const weightSections: readonly KerasSection[] = [
  {
    title: 'Initializers',
    words:
      'As `kernelInitializer`, `biasInitializer` and their like: a name, one with options, or a function. Numbers are cajal’s own, drawn from the model’s seed and the weight’s name; what is equal is how they are spread: mean, deviation, smallest and largest.',
    module: 'keras.initializers',
    without: {
      input_axes: 'which axes count as inputs follows from the layer',
      output_axes: 'which axes count as outputs follows from the layer',
    },
    names: namesOf('keras.initializers', 'initializers', [
      ['Zeros', 'zeros'],
      ['Ones', 'ones'],
      ['Constant', 'constant'],
      ['RandomNormal', 'randomNormal'],
      ['TruncatedNormal', 'truncatedNormal'],
      ['RandomUniform', 'randomUniform'],
      ['VarianceScaling', 'varianceScaling'],
      ['GlorotUniform', 'glorotUniform'],
      ['GlorotNormal', 'glorotNormal'],
      ['HeUniform', 'heUniform'],
      ['HeNormal', 'heNormal'],
      ['LecunUniform', 'lecunUniform'],
      ['LecunNormal', 'lecunNormal'],
      ['Orthogonal', 'orthogonal'],
      ['Identity', 'identity'],
    ]),
  },
  {
    title: 'Regularizers',
    words: 'As `kernelRegularizer`, `biasRegularizer`, `activityRegularizer` and their like. Penalties and gradients.',
    module: 'keras.regularizers',
    names: namesOf('keras.regularizers', 'regularizers', [
      ['L1', 'l1'],
      ['L2', 'l2'],
      ['L1L2', 'l1l2'],
      ['OrthogonalRegularizer', 'orthogonalRegularizer'],
    ]),
  },
  {
    title: 'Constraints',
    words: 'As `kernelConstraint`, `biasConstraint` and their like; after each update.',
    module: 'keras.constraints',
    names: namesOf('keras.constraints', 'constraints', [
      ['MaxNorm', 'maxNorm'],
      ['MinMaxNorm', 'minMaxNorm'],
      ['UnitNorm', 'unitNorm'],
      ['NonNeg', 'nonNeg'],
    ]),
  },
];
