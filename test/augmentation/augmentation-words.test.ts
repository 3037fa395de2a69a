// Protects: what `--augment` means: each word is its layers, those that move pixels are one layer, and wrong words are told.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  augmentationHelp,
  augmentationLayersOf,
  augmentationNames,
} from '../../src/augmentation/augmentation-words.ts';
import { Network } from '../../src/nn/network.ts';

const read = (...words: string[]) =>
  augmentationLayersOf('train', words).map(({ className, config }) => [className, config] as const);

describe('augmentations by words', () => {
  it('are the layers of the same names, with the amounts given', () => {
    assert.deepEqual(read('flip', 'brightness=0.3', 'rot90'), [
      ['RandomFlip', { mode: 'horizontal' }],
      ['RandomBrightness', { factor: 0.3, valueRange: [0, 255] }],
      ['RandomRot90', {}],
    ]);
  });

  it('move pixels once, where the first such word stands', () => {
    const sampling = { fillMode: 'nearest', interpolation: 'bilinear', fillValue: 0 };
    const none = { heightFactor: 0, widthFactor: 0, zoomFactor: 0, shearFactor: 0 };
    assert.deepEqual(read('flip', 'rotation=36', 'contrast', 'zoom'), [
      ['RandomFlip', { mode: 'horizontal' }],
      ['RandomAffine', { ...none, rotationFactor: 0.1, zoomFactor: 0.2, ...sampling }],
      ['RandomContrast', { factor: 0.2, valueRange: [0, 255] }],
    ]);
    assert.deepEqual(read('shift=0.25', 'shear=0.5'), [
      [
        'RandomAffine',
        { rotationFactor: 0, zoomFactor: 0, heightFactor: 0.25, widthFactor: 0.25, shearFactor: 0.5, ...sampling },
      ],
    ]);
  });

  it('choose a share of the pictures', () => {
    const factorOf = (word: string) => (read(word)[0]![1] as { factor: unknown }).factor;
    assert.deepEqual(factorOf('clahe=0.25'), [0.25, 0.25]);
    for (const word of ['equalization', 'clahe', 'blur', 'erasing']) assert.deepEqual(factorOf(word), [0.5, 0.5], word);
    assert.deepEqual(factorOf('posterization'), [4, 8]);
  });

  it('all make a network, and each has a line of help', () => {
    for (const name of augmentationNames) {
      const network = Network.sequential(augmentationLayersOf('train', [name]), [8, 8, 3]);
      assert.deepEqual(network.outputShape.slice(1), [8, 8, 3], name);
      assert.ok(
        augmentationHelp.some((line) => line.startsWith(name)),
        name,
      );
    }
  });

  it('are refused where they are wrong', () => {
    const refuses = (words: string[], message: string) =>
      assert.throws(() => augmentationLayersOf('train', words), { name: 'OptionError', message: `train: ${message}` });
    const choices = augmentationNames.join(', ');
    refuses(['rotaton'], `unknown augmentation "rotaton". Did you mean "rotation"? Choose from ${choices}.`);
    refuses(['flip=2'], 'expected flip without a number, received "flip=2". Write flip.');
    refuses(['zoom', 'zoom=0.1'], 'expected each augmentation once, received zoom twice. Leave one out.');
    refuses(['zoom=much'], 'zoom must be a number of at least 0 and of at most 0.9, received "much".');
    refuses(['zoom='], 'zoom must be a number of at least 0 and of at most 0.9, received "".');
  });
});
