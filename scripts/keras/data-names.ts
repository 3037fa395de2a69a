/** Keras's names for pictures as they come: ImageDataGenerator, directories and sets. */
import { camelCase } from './goldens.ts';
import type { KerasName, KerasNotes, KerasSection } from './keras-name.ts';

const generator = 'tf.keras.preprocessing.image.ImageDataGenerator';
const generatorTest = 'test/augmentation/image-data-generator.test.ts';
const flowed = [generatorTest, 'what is drawn follows from seed, epoch and picture alone'] as const;
const directories = 'test/data/node/keras-directories.test.ts';
const ranges = 'drawn parameters stay within their ranges, shifts along the axes that they name';
const sets = 'test/data/node/datasets.test.ts';

const needsFit = 'Without `fit` it is an error that says to call it; Keras warns and does nothing.';
const centre =
  'About the centre, also where height and width differ; Keras swaps the two, and pictures that are not square move about a point beside it (keras#17398, tf-keras#310, tensorflow#82838, keras-preprocessing#348).';
const wrongAxis =
  'Along the axis that it names; in Keras the two are swapped (keras#17398, tf-keras#310, tensorflow#82838, keras-preprocessing#348). Numbers from 1 on are pixels, and a whole number means whole pixels.';

/** Each argument, with what is to know of it. */
const generatorArguments: Readonly<Record<string, KerasNotes>> = {
  featurewise_center: { differs: needsFit },
  samplewise_center: {},
  featurewise_std_normalization: { differs: needsFit },
  samplewise_std_normalization: {},
  zca_whitening: {
    differs:
      'Axes along which the pictures of `fit` do not differ weigh nothing; Keras weighs the noise of rounding along them.',
  },
  zca_epsilon: {},
  rotation_range: { differs: centre },
  width_shift_range: { differs: wrongAxis },
  height_shift_range: { differs: wrongAxis },
  brightness_range: { differs: 'Values keep their fractions; Keras cuts them to whole numbers, before and after.' },
  shear_range: { differs: centre },
  zoom_range: { differs: centre },
  channel_shift_range: {},
  fill_mode: {
    differs:
      '`wrap` repeats after the side, in Keras after one pixel less; `constant` fades to `cval` over one pixel, and ends at the last pixel’s centre in Keras.',
  },
  cval: { differs: 'As `constant` of the fill modes.' },
  horizontal_flip: {},
  vertical_flip: {},
  rescale: {},
  preprocessing_function: {
    differs:
      '`fit` applies it too, as training does; in Keras it does not, though what it finds is subtracted after it.',
    test: [generatorTest, 'a function of the user changes pictures before they are rescaled, in fit too'],
  },
  validation_split: { test: [generatorTest, 'a subset is the first or the last part, of the same classes'] },
  interpolation_order: {
    differs: '0 or 1; splines of higher order have no kernel.',
    test: [generatorTest, 'transforms are those of Keras'],
  },
};

const methods: readonly KerasName[] = [
  {
    keras: `${generator}.flow`,
    cajal: 'ImageDataGenerator.flow',
    differs:
      'What is drawn follows from seed, epoch and picture, in Keras also from the batches before. `x` is one tensor.',
    test: flowed,
  },
  {
    keras: `${generator}.flow_from_directory`,
    cajal: 'ImageDataGenerator.flowFromDirectory',
    differs:
      'The same files in the same order, before they are shuffled. WebP and AVIF are left out as in Keras. The class modes `raw` and `multi_output` are not here; without augmentation, `flowFromDirectory` of `cajal/data/node` has the same arguments.',
    spelled: { directory: '(directory)' },
    test: [directories, 'flowFromDirectory lists as Keras'],
  },
  {
    keras: `${generator}.fit`,
    cajal: 'ImageDataGenerator.fit',
    differs:
      'With `augment`, pictures are transformed before `rescale`, as in training; Keras transforms them after it. Also takes a dataset, and waits for nothing else: `await` it.',
    test: [generatorTest, 'fit with augmentation measures what training will see'],
  },
  {
    keras: `${generator}.standardize`,
    cajal: 'ImageDataGenerator.standardize',
    differs:
      'Gives a new tensor, of several pictures each by its own mean; Keras changes its argument, and centres all by one.',
    test: [generatorTest, 'standardization is that of Keras'],
  },
  ...['random_transform', 'get_random_transform', 'apply_transform'].map((name) => ({
    keras: `${generator}.${name}`,
    cajal: `ImageDataGenerator.${camelCase(name)}`,
    test: [generatorTest, name === 'apply_transform' ? 'transforms are those of Keras' : ranges] as const,
  })),
];

/** As a lesson meets them. */
export const dataSections: readonly KerasSection[] = [
  {
    title: 'ImageDataGenerator',
    words:
      'Keras no longer develops it, and lessons use it everywhere: `imageDataGenerator` has its arguments, defaults and formulas, and does what Keras’s documentation says where Keras does not ([why](decisions/image-data-generator.md)). Cases without Keras’s fault come from the same formula. `flow_from_dataframe` is `fromCsv`; `fit_generator` is `model.fit`, which takes what `flow` gives.',
    names: [
      {
        keras: generator,
        cajal: 'imageDataGenerator',
        differs: 'Where an argument below says so.',
        lacks: { dtype: 'batches are float32' },
      },
      ...Object.entries(generatorArguments).map(([argument, notes]) => ({
        keras: `${generator}(${argument})`,
        cajal: `imageDataGenerator({ ${camelCase(argument)} })`,
        ...notes,
      })),
      {
        keras: `${generator}(data_format)`,
        cajal: 'imageDataGenerator({ dataFormat })',
        differs: 'Only `channelsLast`.',
        test: [generatorTest, 'what is missing or wrong is said'],
      },
      ...methods,
    ],
  },
  {
    title: 'Directories, tables and arrays',
    words:
      "From `cajal/data/node`. Both of Keras's readers keep their own conventions, which are opposite: `flow_from_directory` takes the first files of each class for validation, `image_dataset_from_directory` the last of all after shuffling. cajal’s own `folder` splits each class at random, or by groups ([more](decisions/keras-directories.md)).",
    names: [
      {
        keras: 'keras.utils.image_dataset_from_directory',
        cajal: 'imageDatasetFromDirectory',
        differs:
          'The same files in the same order where nothing is shuffled; the order after shuffling is that of cajal’s random numbers. Batches are bytes, in Keras float32 of the same values, but for rounding.',
        spelled: { directory: '(directory)' },
        lacks: { data_format: 'channels come last', format: 'datasets are cajal’s own' },
        test: [directories, 'imageDatasetFromDirectory lists as Keras'],
      },
      {
        keras: 'pandas.read_csv, then flow_from_dataframe',
        cajal: 'fromCsv',
        differs: 'Reads, checks and splits as `folder` does.',
        test: ['test/data/node/from-csv.test.ts', 'test('],
      },
      {
        keras: 'keras.datasets.mnist.load_data',
        cajal: 'datasets.mnist',
        differs:
          'From the four files in a folder; nothing is downloaded. Pictures have their channel: `[60000, 28, 28, 1]`.',
        spelled: { path: '(folder)' },
        test: [sets, 'mnist reads IDX files, compressed or not'],
      },
      {
        keras: 'keras.datasets.cifar10.load_data',
        cajal: 'datasets.cifar10',
        differs: 'From the files of the binary version in a folder; nothing is downloaded.',
        test: [sets, 'cifar10 reads batches from planes to pixels'],
      },
      {
        keras: 'numpy.load of .npy',
        cajal: 'readNpy',
        test: ['test/data/node/arrays.test.ts', 'npy arrays of every kind come back as NumPy wrote them'],
      },
      {
        keras: 'numpy.load of .npz',
        cajal: 'readNpz',
        test: ['test/data/node/arrays.test.ts', 'npz archives hold arrays by name, as Keras has its sets'],
      },
      {
        keras: 'h5py.File',
        cajal: 'readHdf5',
        differs: 'Gives one array by its name, and `listHdf5` the names.',
        test: ['test/data/node/arrays.test.ts', 'HDF5 files by the names of their datasets'],
      },
    ],
  },
];
