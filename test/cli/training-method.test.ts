// Protects what flags of a training do beside the network: augmentation, mixing, balanced sampling and options of the loss reach
// the training, stand in args.json, and are refused where they do not go together.
import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../data/node/picture-folder.ts';
import { run } from './command-line.ts';
import { tinyNetwork, writeTinyPictures } from './tiny-pictures.ts';

const folder = temporaryFolder();
const pictures = await writeTinyPictures(path.join(folder, 'pictures'));
for (let index = 4; index < 12; index++) rmSync(path.join(pictures, 'owls', `_${index % 4}_${index}.png`));

const at = (name: string) => path.join(folder, name);
const method = '--augment flip,rotation=15 --mix mixUp=0.4,cutMix --sampling balanced --label-smoothing 0.1'.split(' ');
const train = (name: string, ...more: string[]) =>
  run(['train', pictures, ...tinyNetwork, '--epochs', '2', '--quiet', '--out', at(name), ...more]);

test('a training with all of them runs, does the same again, and says so in args.json', async () => {
  const { code, notes } = await train('all', ...method);
  assert.equal(code, 0, notes);
  const settings = JSON.parse(readFileSync(path.join(at('all'), 'args.json'), 'utf8')) as Record<string, unknown>;
  assert.deepEqual(
    [settings['augment'], settings['mix'], settings['sampling'], settings['labelSmoothing']],
    [['flip', 'rotation=15'], ['mixUp=0.4', 'cutMix'], 'balanced', 0.1],
  );
  const report = JSON.parse(readFileSync(path.join(at('all'), 'report.json'), 'utf8')) as Record<string, unknown>;
  assert.deepEqual(report['treatment'], {
    augmentation: ['flip', 'rotation=15'],
    mixing: ['mixUp=0.4', 'cutMix'],
    labelSmoothing: 0.1,
    sampling: 'balanced',
  });
  const page = readFileSync(path.join(at('all'), 'report.html'), 'utf8');
  for (const text of [
    'Training pictures were changed at random in every epoch: flip, rotation=15. Pictures of a batch were mixed',
    'every epoch had as many pictures of each class (balanced sampling)',
    'augmentation (flip, rotation=15, mixUp=0.4, cutMix), and everything else that is done',
  ]) {
    assert.ok(page.includes(text), text);
  }
  const again = await run(['train', '--config', path.join(at('all'), 'args.json'), '--quiet', '--out', at('again')]);
  assert.equal(again.code, 0, again.notes);
  const weights = (name: string) => readFileSync(path.join(at(name), 'weights', 'last', 'model.safetensors'));
  assert.deepEqual(weights('again'), weights('all'));
});

test('each of them changes what is learned', async () => {
  const weights = (name: string) =>
    readFileSync(path.join(at(name), 'weights', 'last', 'model.safetensors')).toString('latin1');
  const seen = new Set<string>();
  const ways = [[], method.slice(0, 2), method.slice(2, 4), method.slice(4, 6), method.slice(6)];
  for (const [number, way] of ways.entries()) {
    const { code, notes } = await train(`way-${number}`, ...way);
    assert.equal(code, 0, notes);
    seen.add(weights(`way-${number}`));
  }
  const focal = ['--loss', 'categoricalFocalCrossentropy'];
  for (const [number, more] of [[], ['--focal-gamma', '5'], ['--focal-alpha', '0.5']].entries()) {
    assert.equal((await train(`focal-${number}`, ...focal, ...more)).code, 0);
    seen.add(weights(`focal-${number}`));
  }
  assert.equal(seen.size, 8);
});

test('what does not go together is refused', async () => {
  const refused = async (flags: string, expected: string) => {
    const { code, notes } = await train('refused', ...flags.split(' '));
    assert.equal(code, 2, notes);
    assert.ok(notes.includes(expected), notes);
  };
  await refused(
    '--mix mixUp --loss sparseCategoricalCrossentropy',
    'train: --mix makes targets that are shares of classes, received --loss sparseCategoricalCrossentropy, whose targets are ' +
      'class numbers. Use --loss categoricalCrossentropy.',
  );
  await refused(
    '--sampling balanced --class-weight balanced',
    'train: expected --sampling balanced or --class-weight balanced, received both: rare classes would count twice. Leave one out.',
  );
  await refused(
    '--focal-gamma 3',
    'train: --focal-gamma is for binaryFocalCrossentropy, categoricalFocalCrossentropy, received --loss ' +
      'categoricalCrossentropy. Choose one of them, or leave --focal-gamma out.',
  );
  await refused('--mix blend', 'train: unknown way to mix "blend".');
});
