// Protects ways to mix by words: which mixers they make, with which numbers, and what each wrong word is answered.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutMix, mixUp } from '../../src/augmentation/batch-mixer.ts';
import { batchMixersOf } from '../../src/augmentation/mixing-words.ts';
import { Random } from '../../src/core/random.ts';

const drawn = (mixer: ReturnType<typeof mixUp>) => mixer.draw([4, 4], [new Random(7, 'a'), new Random(7, 'b')]);

test('words make mixers with their numbers, or those that each has by itself', () => {
  const [blended, cut] = batchMixersOf('train', ['mixUp=0.4', 'cutMix']);
  assert.deepEqual(drawn(blended!), drawn(mixUp({ alpha: 0.4 })));
  assert.notDeepEqual(drawn(blended!), drawn(mixUp()));
  assert.equal(cut!.name, 'CutMix');
  assert.deepEqual(drawn(cut!), drawn(cutMix({ alpha: 1 })));
  assert.deepEqual(batchMixersOf('train', []), []);
});

test('wrong words are said', () => {
  assert.throws(() => batchMixersOf('train', ['mixup']), {
    message: 'train: unknown way to mix "mixup". Did you mean "mixUp"? Choose from mixUp, cutMix.',
  });
  assert.throws(() => batchMixersOf('train', ['mixUp', 'mixUp=1']), {
    message: 'train: expected each way to mix once, received mixUp twice. Leave one out.',
  });
  for (const word of ['cutMix=0', 'cutMix=', 'cutMix=much']) {
    assert.throws(() => batchMixersOf('train', [word]), {
      message: `train: expected cutMix with a number above 0, received "${word}". Write cutMix=1.`,
    });
  }
});
