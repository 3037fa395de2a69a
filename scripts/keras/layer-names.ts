/** Keras's layers for pictures, and its activations. */
import { type KerasSection, namesOf } from './keras-name.ts';

const randomNumbers =
  'Which values are drawn differs, since the random numbers are cajal’s: functions of seed, layer, step and example, equal for any number of threads. Outside training it is Keras’s.';

/** In the order of the lessons. */
export const layerSections: readonly KerasSection[] = [
  {
    title: 'Layers',
    words:
      'Outputs and gradients of inputs and weights, on every backend and instruction set; what batch normalization moves; names that layers get when they have none.',
    module: 'keras.layers',
    without: {
      dtype: 'layers compute in float32',
      seed: 'random numbers come from the model’s seed: `sequential([…], { seed: 7 })`',
      lora_rank: 'LoRA is for language models',
      lora_alpha: 'LoRA is for language models',
      quantization_config: 'layers know nothing of quantization',
    },
    names: [
      {
        keras: 'keras.Input',
        cajal: 'layers.input',
        lacks: {
          batch_size: 'a model takes batches of any size',
          batch_shape: 'a model takes batches of any size',
          dtype: 'bytes and whole numbers are taken as they come',
          sparse: 'pictures are dense',
          ragged: 'pictures are dense',
          tensor: 'an input is always new',
          optional: 'every input is needed',
        },
        test: ['test/model/model.test.ts', 'happens at once with an input layer, or at the first data'],
      },
      ...namesOf('keras.layers', 'layers', [
        ['Dense', 'dense'],
        ['Conv2D', 'conv2d'],
        ['SeparableConv2D', 'separableConv2d'],
        ['DepthwiseConv2D', 'depthwiseConv2d'],
        ['Conv2DTranspose', 'conv2dTranspose'],
        ['MaxPooling2D', 'maxPooling2d'],
        ['AveragePooling2D', 'averagePooling2d'],
        ['GlobalAveragePooling2D', 'globalAveragePooling2d'],
        ['GlobalMaxPooling2D', 'globalMaxPooling2d'],
        ['Flatten', 'flatten'],
        ['Reshape', 'reshape'],
        ['Permute', 'permute'],
        ['ZeroPadding2D', 'zeroPadding2d'],
        ['Cropping2D', 'cropping2d'],
        ['UpSampling2D', 'upSampling2d'],
        [
          'BatchNormalization',
          'batchNormalization',
          {
            lacks: {
              renorm: 'batch renormalization is a method of its own, which no lesson here has',
              renorm_clipping: 'see `renorm`',
              renorm_momentum: 'see `renorm`',
              synchronized: 'a model runs on one machine',
            },
          },
        ],
        ['LayerNormalization', 'layerNormalization'],
        ['GroupNormalization', 'groupNormalization'],
        [
          'Dropout',
          'dropout',
          {
            differs: randomNumbers,
            lacks: { noise_shape: '`spatialDropout2d` drops whole channels' },
            test: ['test/nn/dropout.test.ts', 'drops its share and scales the rest up'],
          },
        ],
        [
          'SpatialDropout2D',
          'spatialDropout2d',
          {
            differs: randomNumbers,
            test: ['test/nn/dropout.test.ts', 'spatialDropout2d drops whole channels'],
          },
        ],
        [
          'GaussianNoise',
          'gaussianNoise',
          {
            differs: randomNumbers,
            test: ['test/nn/dropout.test.ts', 'gaussianNoise has its deviation, and only in training'],
          },
        ],
        [
          'GaussianDropout',
          'gaussianDropout',
          {
            differs: randomNumbers,
            test: ['test/nn/dropout.test.ts', 'gaussianDropout'],
          },
        ],
        ['Activation', 'activation'],
        ['ReLU', 'reLU'],
        ['LeakyReLU', 'leakyReLU'],
        ['PReLU', 'prelu'],
        ['ELU', 'elu'],
        ['Softmax', 'softmax'],
        ['Add', 'add'],
        ['Subtract', 'subtract'],
        ['Multiply', 'multiply'],
        ['Average', 'average'],
        ['Maximum', 'maximum'],
        ['Minimum', 'minimum'],
        ['Concatenate', 'concatenate'],
        ['Rescaling', 'rescaling'],
        ['Normalization', 'normalization'],
        ['Resizing', 'resizing'],
        ['CenterCrop', 'centerCrop'],
        ['Identity', 'identity'],
      ]),
      {
        keras: 'keras.layers.Normalization.adapt',
        cajal: 'layers.normalization',
        differs:
          '`await normalization.adapt(data)`: what runs is awaited; data are tensors or a dataset. Mean and variance are summed in float64.',
        test: ['test/nn/normalization.test.ts', 'measures each channel, each place of other axes, or all values'],
      },
    ],
  },
  {
    title: 'Activations',
    words:
      "As the option `activation` of a layer: a name (`'relu'`), one with options (`activations.leakyRelu({ negativeSlope: 0.1 })`), or a function in ops. Values and gradients.",
    module: 'keras.activations',
    names: namesOf('keras.activations', 'activations', [
      ['linear', 'linear'],
      ['relu', 'relu'],
      ['relu6', 'relu6'],
      ['leaky_relu', 'leakyRelu'],
      ['elu', 'elu'],
      ['selu', 'selu'],
      ['gelu', 'gelu'],
      ['silu', 'silu'],
      ['swish', 'swish'],
      ['hard_sigmoid', 'hardSigmoid'],
      ['hard_swish', 'hardSwish'],
      ['hard_silu', 'hardSilu'],
      ['sigmoid', 'sigmoid'],
      ['tanh', 'tanh'],
      ['hard_tanh', 'hardTanh'],
      ['softplus', 'softplus'],
      ['softsign', 'softsign'],
      ['mish', 'mish'],
      ['exponential', 'exponential'],
      ['log_sigmoid', 'logSigmoid'],
      ['softmax', 'softmax'],
      ['log_softmax', 'logSoftmax'],
    ]),
  },
];
