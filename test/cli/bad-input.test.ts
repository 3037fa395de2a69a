// Protects what a person is told when something is wrong: the message, the exit code, and that nothing half-written stays.
import assert from 'node:assert/strict';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import sharp from 'sharp';
import { describeError, exitCodeOf } from '../../src/cli/exit-code.ts';
import { DataError } from '../../src/core/errors.ts';
import { mountSmallDisk } from '../runs/temporary-folder.ts';
import { run, start } from './command-line.ts';
import { tinyNetwork, writeTinyPictures } from './tiny-pictures.ts';

let folder = '';
let pictures = '';
const at = (...parts: string[]) => path.join(folder, ...parts);

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'cajal-bad-'));
  pictures = await writeTinyPictures(at('pictures'), 5);
  const { code, notes } = await run([
    'train',
    pictures,
    ...tinyNetwork,
    '--epochs',
    '1',
    '--quiet',
    '--out',
    at('model'),
  ]);
  assert.equal(code, 0, notes);
});

after(() => rmSync(folder, { recursive: true, force: true }));

/** A training that must fail: with this code and message, and without leaving a run. */
async function refuse(args: readonly string[], code: number, message: RegExp): Promise<void> {
  const out = at('refused');
  const result = await run(['train', ...args, '--out', out]);
  assert.match(result.notes, message);
  assert.equal(result.code, code, result.notes);
  assert.doesNotMatch(result.notes, /This is a bug/);
  assert.ok(!existsSync(out), 'nothing is left');
}

/** A copy of the pictures, changed. */
function copyOf(name: string, change: (copy: string) => void): string {
  cpSync(pictures, at(name), { recursive: true });
  change(at(name));
  return at(name);
}

describe('folders', () => {
  test('no such folder', () =>
    refuse([at('nowhere')], 3, /nowhere: expected a folder, received a path where nothing is/));

  test('no folder at all', () => refuse([], 2, /train: expected a folder of pictures, received none/));

  test('pictures without class folders', () =>
    refuse(
      [path.join(pictures, 'cats')],
      3,
      /expected one folder of pictures for each class, received 5 pictures directly in it/,
    ));

  test('one class', () => {
    mkdirSync(at('one'));
    cpSync(path.join(pictures, 'cats'), at('one/cats'), { recursive: true });
    return refuse([at('one')], 3, /expected pictures of at least two classes, received pictures of cats only/);
  });

  test('nothing is left to validate on', async () => {
    const none =
      /train: expected pictures to validate on, received none: no class has two pictures .* \(--val 0\.2\); all 3 pictures are in training\. Use more pictures .*--val 0 to do without/;
    await refuse([pictures, ...tinyNetwork, '--fraction', '1e-9'], 3, none);
    const groups = /no class has two groups .*Use another --group-by pattern/;
    await refuse([pictures, ...tinyNetwork, '--group-by', '(.png)'], 3, groups);
    const demo = ['demo', '--slides', '2', '--pictures-per-slide', '4', '--epochs', '1', '--out', at('few-slides')];
    const { code, notes } = await run(demo);
    assert.equal(code, 3, notes);
    assert.match(notes, groups);
  });

  test('other classes in the validation folder', () => {
    const other = copyOf('foreign', (copy) =>
      cpSync(path.join(copy, 'cats'), path.join(copy, 'cows'), { recursive: true }),
    );
    return refuse(
      [pictures, '--val-folder', other],
      3,
      /foreign: expected the class folders of .*, received a folder with cows/,
    );
  });

  test('other classes than the model has', async () => {
    const { code, notes } = await run(['evaluate', at('model'), at('foreign')]);
    assert.equal(code, 3);
    assert.match(notes, /expected class folders of cats, dogs, owls, received also cows/);
  });

  test('an empty class is warned of and counts as a class', async () => {
    const empty = copyOf('empty', (copy) => mkdirSync(path.join(copy, 'newts')));
    const { code, notes } = await run(['train', empty, ...tinyNetwork, '--epochs', '1', '--out', at('with-empty')]);
    assert.equal(code, 0);
    assert.match(notes, /warning: class newts has no pictures; it still counts as a class/);
    assert.deepEqual(JSON.parse(readFileSync(at('with-empty/weights/best/model.json'), 'utf8')).classNames, [
      'cats',
      'dogs',
      'newts',
      'owls',
    ]);
  });
});

describe('pictures', () => {
  let broken = '';

  before(async () => {
    const jpeg = await sharp({
      create: {
        width: 64,
        height: 64,
        channels: 3,
        background: '#8040c0',
        noise: { type: 'gaussian', mean: 128, sigma: 40 },
      },
    })
      .jpeg()
      .toBuffer();
    broken = copyOf('broken', (copy) => {
      writeFileSync(path.join(copy, 'cats/truncated.jpg'), jpeg.subarray(0, jpeg.length / 2));
      writeFileSync(path.join(copy, 'dogs/text.jpg'), 'not a picture');
      writeFileSync(path.join(copy, 'owls/zero.png'), '');
    });
  });

  test('broken ones are named, left out and counted in the report', async () => {
    const { code, notes } = await run(['train', broken, ...tinyNetwork, '--epochs', '1', '--out', at('with-broken')]);
    assert.equal(code, 0);
    for (const name of ['cats/truncated.jpg', 'dogs/text.jpg', 'owls/zero.png']) assert.ok(notes.includes(name), notes);
    assert.match(notes, /warning: 3 files were left out/);
    assert.equal(JSON.parse(readFileSync(at('with-broken/report.json'), 'utf8')).skippedFiles.length, 3);
  });

  test('broken ones are an error with --strict', () =>
    refuse(
      [broken, '--strict', ...tinyNetwork],
      3,
      /expected only pictures that decode \(strict\), received 3 that do not: cats\/truncated\.jpg .*, dogs\/text\.jpg .*, owls\/zero\.png/,
    ));

  test('the same content in two classes is warned of', async () => {
    const twice = copyOf('twice', (copy) =>
      copyFileSync(path.join(copy, 'cats/_0_0.png'), path.join(copy, 'dogs/copy.png')),
    );
    const { code, notes } = await run(['train', twice, ...tinyNetwork, '--epochs', '1', '--out', at('with-twice')]);
    assert.equal(code, 0);
    assert.match(
      notes,
      /warning: 1 picture\(s\) lie in different classes with the same content: cats\/_0_0\.png = dogs\/copy\.png/,
    );
  });

  test('every kind of picture can be predicted: tiny, huge, CMYK, grey, with alpha, of 16 bits', async () => {
    mkdirSync(at('kinds'));
    const flat = (width: number, height: number, channels: 3 | 4 = 3) =>
      sharp({ create: { width, height, channels, background: { r: 200, g: 60, b: 40, alpha: 0.5 } } });
    await flat(1, 1).png().toFile(at('kinds/1.png'));
    await flat(12_000, 9_000).jpeg().toFile(at('kinds/huge.jpg'));
    await flat(20, 20).toColourspace('cmyk').jpeg().toFile(at('kinds/cmyk.jpg'));
    await flat(20, 20).greyscale().png().toFile(at('kinds/grey.png'));
    await flat(20, 20, 4).png().toFile(at('kinds/alpha.png'));
    await flat(20, 20).toColourspace('rgb16').png().toFile(at('kinds/deep.png'));
    const { code, out, notes } = await run(['predict', at('model'), at('kinds'), '--json']);
    assert.equal(code, 0, notes);
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(lines.length, 6);
    for (const { path: file, answers } of lines) assert.ok(answers?.[0].probability > 0, file);
  });

  test('a path that is not there', async () => {
    const { code, notes } = await run(['predict', at('model'), at('nowhere.jpg')]);
    assert.equal(code, 3);
    assert.match(notes, /expected at least one picture, received 1 that cannot be read/);
  });
});

describe('usage', () => {
  test('a place for answers that is none is refused before anything is predicted', async () => {
    const file = at('plain.txt');
    writeFileSync(file, '');
    const places: [string, RegExp][] = [
      [at('nodir/x.csv'), /received .*x\.csv, but there is no folder .*nodir\. Make the folder first/],
      [folder, /received the folder .*\. Add the name of a file/],
      [path.join(file, 'x.csv'), /received .*x\.csv, but .*plain\.txt is a file\. Choose a folder/],
    ];
    for (const [out, message] of places) {
      const { code, notes } = await run(['predict', at('model'), path.join(pictures, 'cats'), '--out', out, '--json']);
      assert.equal(code, 2, notes);
      assert.match(notes, /predict: expected --out to name a file that can be written/);
      assert.match(notes, message);
      assert.doesNotMatch(notes, /\.tmp/);
    }
  });

  test('a size that the network cannot take names layer and shape', () =>
    refuse(
      [pictures, '--size', '10'],
      2,
      /conv2d_2: expected an input of at least 3×3 .*, received \[batch, 1, 1, 32\].* With 3 blocks \(--filters 32,32,64\), expected --size of at least 22, received 10: raise --size/,
    ));

  test('the size that is named is the least that the network takes', async () => {
    assert.equal((await run(['summary', '--size', '22', '--classes', '2'])).code, 0);
    assert.equal((await run(['summary', '--size', '21', '--classes', '2'])).code, 2);
  });

  test('an unknown flag', () =>
    refuse([pictures, '--epoch', '3'], 2, /unknown option '--epoch'\n\(Did you mean --epochs\?\)/));

  test('an unknown command', async () => {
    const { code, notes } = await run(['trian']);
    assert.equal(code, 2);
    assert.match(notes, /unknown command 'trian'\n\(Did you mean train\?\)/);
  });

  test('an unknown optimizer', () =>
    refuse([pictures, '--optimizer', 'adm'], 2, /unknown --optimizer "adm"\. Did you mean "adam"\?/));

  test('an unknown monitor', () =>
    refuse([pictures, '--monitor', 'val_los'], 2, /unknown monitor "val_los"\. Did you mean "val_loss"\?/));

  test('two ways of validation', () =>
    refuse([pictures, '--val', '0.2', '--val-folder', pictures], 2, /expected --val or --val-folder, received both/));

  test('groups without anything to hold out', () =>
    refuse(
      [pictures, '--val', '0', '--group-by', '^_(\\d+)_'],
      2,
      /--group-by needs pictures to hold out, received it with no --val/,
    ));

  test('a pattern that does not match', () =>
    refuse([pictures, ...tinyNetwork, '--group-by', '^x(\\d+)'], 3, /groupBy: expected every file name to match/));

  test('two places for a run', () => refuse([pictures, '--name', 'x'], 2, /expected --out or --name, received both/));

  test('a name that is taken', async () => {
    const { code, notes } = await run(['train', pictures, '--out', at('model')]);
    assert.equal(code, 2);
    assert.match(notes, /expected a name that no other run has, received "model".*--exist-ok/);
    assert.ok(existsSync(at('model/weights/best/model.json')), 'the former run is untouched');
  });

  test('--resume with settings of its own', async () => {
    const { code, notes } = await run(['train', '--resume', at('model'), '--size', '20']);
    assert.equal(code, 2);
    assert.match(notes, /expected --resume alone or with --epochs, .*received also --size/);
  });

  test('a config file with a key that nobody knows', async () => {
    writeFileSync(at('config.json'), '{"epoch": 3}');
    await refuse([pictures, '--config', at('config.json')], 2, /unknown option "epoch"\. Did you mean "epochs"\?/);
  });

  test('cajal.config.json of the current folder is read by every command', async (context) => {
    const former = process.cwd();
    context.after(() => process.chdir(former));
    mkdirSync(at('configured'));
    writeFileSync(at('configured/cajal.config.json'), '{"size": 24, "filters": [3, 5], "topK": 2}');
    process.chdir(at('configured'));
    const { code, out } = await run(['summary', '--units', '7', '--json'], { CAJAL_SIZE: '20' });
    assert.equal(code, 0);
    const { inputShape, layers } = JSON.parse(out);
    assert.deepEqual(inputShape, [20, 20, 3]);
    assert.equal(layers.filter(({ className }: { className: string }) => className === 'Conv2D').length, 2);
    writeFileSync(at('configured/cajal.config.json'), '{"sise": 24}');
    const wrong = await run(['summary']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.notes, /cajal\.config\.json: unknown option "sise"\. Did you mean "size"\?/);
  });

  test('a backend that is forced and not there is said before any picture is read', async () => {
    const { outcome } = start(['train', pictures, ...tinyNetwork, '--out', at('forced')], {
      cwd: folder,
      environment: { CAJAL_BACKEND: 'native', CAJAL_ISA: 'simd128' },
    });
    const { code, notes } = await outcome;
    assert.equal(code, 1);
    assert.match(notes, /^error: .*simd128/);
    assert.ok(!existsSync(at('forced')));
  });

  test('a misspelled environment variable is warned of', async () => {
    const { notes } = await run(['summary'], { CAJAL_EPOCS: '3' });
    assert.match(notes, /warning: the environment variable CAJAL_EPOCS is not known\. Did you mean CAJAL_EPOCHS\?/);
  });
});

describe('models', () => {
  const evaluate = (name: string, change: (weights: string) => void) => {
    cpSync(at('model/weights/best'), at(name), { recursive: true });
    change(at(name, 'model.safetensors'));
    return run(['evaluate', at(name), pictures]);
  };

  test('no model', async () => {
    const { code, notes } = await run(['evaluate', at('nowhere'), pictures]);
    assert.equal(code, 3);
    assert.match(
      notes,
      /nowhere: expected a run or a model folder, received a path where nothing is\. Name the folder that a training printed, as runs\/train\./,
    );
    assert.match((await run(['summary', pictures])).notes, /expected a run or a model folder, received another folder/);
  });

  test('missing, truncated and foreign weights', async () => {
    const missing = await evaluate('missing', (weights) => rmSync(weights));
    assert.equal(missing.code, 3);
    assert.match(missing.notes, /model\.safetensors: expected the model's weights, received no such file/);
    const truncated = await evaluate('truncated', (weights) =>
      writeFileSync(weights, readFileSync(weights).subarray(0, 400)),
    );
    assert.equal(truncated.code, 3);
    assert.match(truncated.notes, /model\.safetensors/);
    const foreign = await evaluate('foreign-weights', (weights) =>
      writeFileSync(weights, 'these are no weights at all'),
    );
    assert.equal(foreign.code, 3);
    assert.match(foreign.notes, /expected a safetensors file/);
  });

  test('a model without names of classes cannot look at pictures', async () => {
    cpSync(at('model/weights/best'), at('nameless'), { recursive: true });
    const { classNames: _, ...rest } = JSON.parse(readFileSync(at('nameless/model.json'), 'utf8'));
    writeFileSync(at('nameless/model.json'), JSON.stringify(rest));
    const { code, notes } = await run(['predict', at('nameless'), pictures]);
    assert.equal(code, 3);
    assert.match(notes, /expected the names of the classes, received none/);
  });
});

describe('disks', () => {
  const training = () => ['train', pictures, ...tinyNetwork, '--epochs', '2', '--quiet'];

  test('a full disk', async (context) => {
    const disk = mountSmallDisk(context, 32);
    if (!disk) return;
    const { code, notes } = await run([...training(), '--units', '2000', '--out', path.join(disk.folder, 'run')]);
    assert.equal(code, 1, notes);
    assert.match(notes, /expected room on the disk, received ENOSPC\. Free some space/);
    assert.deepEqual(readdirSync(disk.folder), [], 'a run that failed before its first checkpoint leaves nothing');
  });

  test('a read-only disk', async (context) => {
    const disk = mountSmallDisk(context, 64);
    if (!disk) return;
    disk.makeReadOnly();
    const { code, notes } = await run([...training(), '--out', path.join(disk.folder, 'run')]);
    assert.equal(code, 1);
    assert.match(notes, /expected a disk that can be written, received EROFS/);
  });
});

test('a bug looks like a bug, and never like a mistake of the person', () => {
  const bug = describeError(new TypeError('x is undefined'));
  assert.match(bug, /TypeError: x is undefined\n +at .*This is a bug in cajal/s);
  assert.equal(exitCodeOf(new TypeError('x')), 1);
  assert.equal(describeError(new DataError('cats: expected more.')), 'cats: expected more.');
  assert.equal(exitCodeOf(new DataError('cats')), 3);
});

test('the reader may leave early', async () => {
  const { child, outcome } = start(['train', '--help'], { cwd: folder });
  child.stdout!.destroy();
  const { notes } = await outcome;
  assert.equal(notes, '');
});
