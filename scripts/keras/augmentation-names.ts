/** Keras's layers for augmentation. */
import { type KerasSection, namesOf } from './keras-name.ts';

const channelsLast = 'channels come last';
const inRange = 'Pairs beyond the documented bounds are refused.';
const wrapped =
  'With the fill mode `wrap`, values between the last pixel and the first are interpolated; Keras on TensorFlow repeats one of them. Pairs beyond the documented bounds are refused.';
const own = (title: string) => ['test/nn/augmentation.test.ts', title] as const;
const ofRegions = (title: string) => ['test/nn/augmentation-regions.test.ts', title] as const;

/** As in the table of layers. */
export const augmentationSections: readonly KerasSection[] = [
  {
    title: 'Augmentation',
    words:
      'Pixels, given what is done to each picture, on every backend and instruction set. What is drawn differs, since the random numbers are cajal’s: functions of seed, layer, step and example, or of seed, epoch and picture in an augmented dataset. Every picture has numbers of its own, also where Keras draws once for a batch. Outside training the layers do nothing.',
    without: {
      seed: 'random numbers come from the model’s seed, or the dataset’s',
    },
    names: [
      ...namesOf('keras.layers', 'layers', [
        [
          'RandomFlip',
          'randomFlip',
          {
            differs: '`horizontalAndVertical` decides for each direction by itself; Keras mirrors in both or in none.',
          },
        ],
        ['RandomRotation', 'randomRotation', { differs: wrapped }],
        ['RandomTranslation', 'randomTranslation', { differs: wrapped }],
        ['RandomZoom', 'randomZoom', { differs: wrapped }],
        ['RandomShear', 'randomShear', { differs: wrapped }],
        [
          'RandomPerspective',
          'randomPerspective',
          {
            differs:
              'Every corner moves, by up to a quarter of the size times `scale`. In Keras the places themselves are multiplied: the right and lower edges move by up to half the size, and the corner at the top left never does.',
          },
        ],
        [
          'RandomCrop',
          'randomCrop',
          {
            differs:
              'Each picture is cut at a place of its own, Keras cuts all of a batch at one. Outside training, and from smaller pictures, the largest part in the middle is resized as Keras documents; Keras gives back the whole picture, or resizes another part.',
          },
        ],
        ['RandomBrightness', 'randomBrightness', { differs: inRange }],
        [
          'RandomContrast',
          'randomContrast',
          {
            differs: `A number f gives factors from 1 − f to 1 + f, as Keras documents; Keras draws from 1 to 1 + f. Two numbers are lower and upper in this order, which Keras sorts. ${inRange}`,
          },
        ],
        [
          'RandomSaturation',
          'randomSaturation',
          {
            differs: `A number f is drawn from 0 to f, as Keras documents; Keras draws from −f to f, and what is below 0 makes grey. The saturation stays at most 1, where Keras holds it below the largest value of pixels, so that channels become negative; values that do not begin at 0 are taken from their lowest. ${inRange}`,
          },
        ],
        ['RandomHue', 'randomHue', { differs: inRange }],
        [
          'RandomColorJitter',
          'randomColorJitter',
          {
            differs: 'The changes are those of the four layers above.',
            test: own('jitters by the four changes in their order'),
          },
        ],
        [
          'RandomColorDegeneration',
          'randomColorDegeneration',
          { differs: `A number f is drawn from 0 to f, as Keras documents; Keras draws from −f to f. ${inRange}` },
        ],
        ['RandomGrayscale', 'randomGrayscale'],
        [
          'RandomInvert',
          'randomInvert',
          {
            differs:
              'Inverted values stay in the value range: low + high − x, where Keras computes high − x. One number is drawn against the mean of the range of probabilities, which has the same distribution.',
          },
        ],
        [
          'RandomPosterization',
          'randomPosterization',
          {
            differs:
              'A number is the number of bits, as Keras documents; Keras draws from 1 to one below it. Of two numbers both can be drawn, where Keras leaves out the second.',
          },
        ],
        ['RandomSharpness', 'randomSharpness', { differs: inRange }],
        [
          'Solarization',
          'solarization',
          { differs: 'Both ends of a factor are shares of the value range; Keras takes the lower one as a value.' },
        ],
        ['AutoContrast', 'autoContrast'],
        [
          'Equalization',
          'equalization',
          {
            differs:
              'Each picture has a histogram of its own, where Keras counts the values of a batch together. It does the same outside training, as Keras documents; Keras leaves pictures there. With `factor`, it changes a share of the pictures, in training.',
          },
        ],
        [
          'ContrastLimitedAdaptiveHistogramEqualization',
          'contrastLimitedAdaptiveHistogramEqualization',
          {
            differs:
              'As OpenCV’s `createCLAHE`: values are rounded to levels, what is above the limit is dealt out in whole pixels, and the tables are rounded; Keras cuts values off and counts in fractions. With `factor`, it changes a share of the pictures, in training.',
            test: ofRegions('takes no part in a tile for more than its limit, in training and outside'),
          },
        ],
        [
          'RandomErasing',
          'randomErasing',
          {
            differs:
              'Without `fillValue`, the rectangle gets one colour, drawn for each picture from the value range, where Keras draws a number for each pixel, half of which are cut to black. `fillValue` can be a list for any number of channels.',
          },
        ],
        [
          'RandomGaussianBlur',
          'randomGaussianBlur',
          {
            differs:
              'Each picture has deviations of its own, Keras draws one for a batch. `kernelSize` is `[down, across]`.',
          },
        ],
        [
          'RandomElasticTransform',
          'randomElasticTransform',
          {
            differs:
              'Shifts down and across are drawn by themselves, and `scale` for each picture; Keras draws both from one seed, so that pixels move along one diagonal only. Shifts are interpolated from a grid instead of blurred, with the same deviation at `scale` 1.',
            test: ofRegions('moves pixels in both directions, by as much as its scale says'),
          },
        ],
        [
          'RandAugment',
          'randAugment',
          {
            differs:
              'Changes are drawn for each picture, Keras draws them for a batch. Those that move pixels are done first, in one pass; a change that is drawn twice happens once; a `factor` that is one number moves pixels in both directions; equalization is not among the changes.',
            test: ofRegions('changes each picture by what was drawn for it'),
          },
        ],
      ]),
      {
        keras: 'keras.layers.MixUp',
        cajal: 'mixUp',
        differs:
          '`augment(dataset, layers, { batchMix: mixUp() })` mixes, after the layers and before the batch reaches the model: with the next picture in a random ring of the batch, so that none is mixed with itself; Keras shuffles, where some are.',
        lacks: { data_format: channelsLast },
      },
      {
        keras: 'keras.layers.CutMix',
        cajal: 'cutMix',
        differs:
          '`augment(dataset, layers, { batchMix: cutMix() })`, partners as for `mixUp`. Areas come from Beta(alpha, alpha) as in the paper, with alpha 1 all alike; Keras draws alpha itself for each batch, from 0 to `factor`. Targets go by the pixels that were replaced, in Keras by the area of a rectangle that ends between pixels.',
        spelled: { factor: 'alpha' },
        lacks: { data_format: channelsLast },
      },
      {
        keras: 'keras_cv.layers.RandomChannelShift',
        cajal: 'layers.randomChannelShift',
        test: own('shifts each channel by itself'),
      },
      {
        keras: 'torchvision.transforms.RandomAffine',
        cajal: 'layers.randomAffine',
        test: own('turns, slants, zooms and shifts in one go'),
      },
      { keras: 'albumentations.RandomRotate90', cajal: 'layers.randomRot90', test: own('turns by quarters') },
    ],
  },
];
