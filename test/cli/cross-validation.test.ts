// Protects `cajal train --cv` and `--split grouped`: every picture is judged once by a model that did not learn from it, a killed
// cross-validation goes on to the same bits, and what is said of wrong input.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { defaultBackend } from '../../src/engine/choose-backend.ts';
import { run, start } from './command-line.ts';
import { tinyNetwork, writeTinyPictures } from './tiny-pictures.ts';

let folder = '';
let formerFolder = '';
const at = (...parts: string[]) => path.join(folder, ...parts);
const read = (...parts: string[]) => readFileSync(at(...parts), 'utf8');
const readJson = (...parts: string[]) => JSON.parse(read(...parts));
const events = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const training = ['train', 'pictures', ...tinyNetwork];
const byGroup = ['--group-by', '^_(\\d+)_'];
const folds = [...training, '--cv', '3', '--epochs', '2'];
const grouped = [...folds, ...byGroup];

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'cajal-folds-'));
  await writeTinyPictures(at('pictures'));
  formerFolder = process.cwd();
  process.chdir(folder);
});

after(() => {
  process.chdir(formerFolder);
  rmSync(folder, { recursive: true, force: true });
});

/** All pictures of the folder, as an audit has them, with the groups of their names. */
function audited(): { path: string; sha256: string; group: string | null }[] {
  return ['cats', 'dogs', 'owls'].flatMap((name) =>
    readdirSync(at('pictures', name)).map((file) => ({
      path: `${name}/${file}`,
      sha256: createHash('sha256')
        .update(readFileSync(at('pictures', name, file)))
        .digest('hex'),
      group: `${name}/${file.split('_')[1]}`,
    })),
  );
}

test('three folds of whole groups: each picture is judged once, and all is summed up', async () => {
  const { code, out, notes } = await run([...grouped, '--name', 'whole']);
  assert.equal(code, 0, notes);
  assert.match(
    notes,
    /^warning: Pictures of .*\n3 trainings of 36 pictures, each with another fold held out\.\n1\/3 fold 1: 2 epochs, accuracy/,
  );
  assert.match(
    out,
    /fold +held out +groups +accuracy +macro-F1 +log-loss +best epoch +accuracy at the end +time\n1 +12 +4/,
  );
  assert.match(out, /Mean accuracy of 3 folds: .* \(95 % interval .* to .*\), on pictures .* \(36 from 12 groups\)/);
  assert.match(out, /Each fold's epoch was chosen by val_loss .* after the last epochs, the mean is/);
  assert.match(out, /Report: runs.whole.report\.html\n$/);

  const report = readJson('runs/whole/report.json');
  assert.deepEqual(
    [report.format, report.version, report.folds.length, report.pooled.pictures],
    ['cajal cross-validation', 1, 3, 36],
  );
  const accuracies = report.folds.map((fold: { values: { accuracy: number } }) => fold.values.accuracy);
  const mean = accuracies.reduce((sum: number, value: number) => sum + value, 0) / 3;
  assert.ok(Math.abs(report.values.accuracy.mean - mean) < 1e-12);
  assert.ok(report.values.accuracy.low < mean && mean < report.values.accuracy.high);

  const [head, ...lines] = read('runs/whole/predictions.csv').trim().split('\n');
  assert.equal(head, 'path,class,predicted,cats,dogs,owls');
  assert.deepEqual(
    lines.map((line) => line.split(',')[0]).sort(),
    audited()
      .map(({ path: name }) => name)
      .sort(),
  );
  const right = lines.filter((line) => line.split(',')[1] === line.split(',')[2]).length;
  assert.equal(right, report.pooled.right);

  const { files } = readJson('runs/whole/folds.json');
  const foldOf = new Map<string, number>();
  for (const { group, fold } of files) {
    assert.equal(foldOf.get(group) ?? fold, fold, 'a group is held out as a whole');
    foldOf.set(group, fold);
  }
  for (const number of [1, 2, 3]) {
    const { evaluation, split } = readJson(`runs/whole/fold-${number}/report.json`);
    assert.equal(evaluation.accuracy, accuracies[number - 1]);
    assert.deepEqual([evaluation.subset, evaluation.seen, split.fold], ['validation', 'never', { number, of: 3 }]);
  }
  assert.match(read('runs/whole/fold-2/report.html'), /Fold 2 of 3, about 33\.3.% of the pictures were set aside/);
  const page = read('runs/whole/report.html');
  for (const part of [
    'cnn on 3 classes, 3 folds',
    '<svg',
    './fold-3/report.html',
    'Whole groups',
    'validation goes from',
  ]) {
    assert.ok(page.includes(part), part);
  }
  assert.doesNotMatch(page, /<script|https?:\/\/(?!www\.w3\.org)|NaN|undefined|\[object/);
});

test('what is done is not done again, and one fold can be trained alone', async () => {
  const outcome = at('runs/whole/fold-1/outcome.json');
  const before = statSync(outcome).mtimeMs;
  const again = await run(['train', '--resume', 'runs/whole', '--json']);
  assert.equal(again.code, 0, again.notes);
  assert.equal(statSync(outcome).mtimeMs, before);
  const [last, ...others] = events(again.out).reverse();
  assert.deepEqual([last.event, last.done, last.planned, others.length], ['cross-validation', 3, 3, 0]);
  const alone = await run([...grouped, '--fold', '2', '--name', 'alone', '--quiet']);
  assert.equal(alone.code, 0, alone.notes);
  assert.equal(read('runs/alone/history.csv'), read('runs/whole/fold-2/history.csv'));
  assert.equal(read('runs/alone/split.json'), read('runs/whole/fold-2/split.json'));
});

test('a cross-validation that is killed in its second fold ends with the same bits', async (context) => {
  const { backend } = await defaultBackend();
  if (backend.name === 'reference') return context.skip('the reference backend does not go on to the bit');
  const long = [...grouped, '--steps-per-epoch', '60', '--epochs', '4', '--json'];
  const { child, outcome } = start([...long, '--name', 'killed'], { cwd: folder });
  await new Promise<void>((resolve) => {
    child.stdout!.on('data', (text: string) => {
      if (/"event":"epoch","epoch":2.*"fold":2/.test(text) || /"epoch":2,.*"fold":2/.test(text)) resolve();
    });
    void outcome.then(() => resolve());
  });
  child.kill('SIGKILL');
  assert.equal((await outcome).code, null, 'it was killed before it could end');
  assert.ok(existsSync(at('runs/killed/fold-1/outcome.json')) && existsSync(at('runs/killed/fold-2/checkpoint')));
  assert.ok(!existsSync(at('runs/killed/fold-2/outcome.json')) && !existsSync(at('runs/killed/report.json')));
  const resumed = await run(['train', '--resume', 'runs/killed', '--json']);
  assert.equal(resumed.code, 0, resumed.notes);
  const begun = events(resumed.out).filter(({ event }) => ['start', 'resume'].includes(event));
  assert.deepEqual(
    begun.map(({ event, fold }) => [event, fold]),
    [
      ['resume', 2],
      ['start', 3],
    ],
  );
  const whole = await run([...long, '--name', 'unbroken']);
  assert.equal(whole.code, 0, whole.notes);
  for (const file of ['predictions.csv', 'folds.json', 'fold-2/history.csv', 'fold-3/history.csv']) {
    assert.equal(read('runs/killed', file), read('runs/unbroken', file), file);
  }
});

test('pictures that changed between two folds are named', async () => {
  cpSync(at('runs/whole'), at('runs/changed'), { recursive: true });
  rmSync(at('runs/changed/fold-3'), { recursive: true });
  const args = readJson('runs/changed/args.json');
  cpSync(at('pictures'), at('others'), { recursive: true });
  cpSync(at('others/cats/_0_0.png'), at('others/cats/_0_1.png'));
  writeFileSync(at('runs/changed/args.json'), JSON.stringify({ ...args, folder: 'others' }));
  const { code, notes } = await run(['train', '--resume', 'runs/changed', '--quiet']);
  assert.equal(code, 3, notes);
  assert.match(
    notes,
    /folds\.json: expected the pictures as they were when the folds were drawn, received 1 in others .* as cats\/_0_1\.png/,
  );
  writeFileSync(at('runs/changed/folds.json'), '{}');
  const damaged = await run(['train', '--resume', 'runs/changed', '--quiet']);
  assert.match(damaged.notes, /folds\.json: expected the folds of a cross-validation, received something else/);
  writeFileSync(at('runs/changed/args.json'), JSON.stringify(args));
  cpSync(at('runs/whole/folds.json'), at('runs/changed/folds.json'));
  writeFileSync(at('runs/changed/fold-1/predictions.csv'), 'path,class\n');
  const csv = await run(['train', '--resume', 'runs/changed', '--quiet']);
  assert.match(
    csv.notes,
    /predictions\.csv: expected predictions with the columns path, class, predicted and one for each class/,
  );
});

test('a grouped split takes the groups of an audit', async () => {
  const audit = { version: 1, folder: 'pictures', files: audited() };
  const none = await run([...training, '--split', 'grouped', '--quiet']);
  assert.match(none.notes, /--split grouped needs an audit of pictures, received none at pictures.audit\.json or /);
  writeFileSync(at('pictures/audit.json'), JSON.stringify(audit));
  const { code, notes } = await run([
    ...training,
    '--split',
    'grouped',
    '--val',
    '0.3',
    '--epochs',
    '1',
    '--name',
    'audited',
  ]);
  assert.equal(code, 0, notes);
  const { groupSource, files } = readJson('runs/audited/split.json');
  assert.equal(groupSource, 'audit.json');
  const sides = new Map<string, string>();
  for (const { group, subset } of files) {
    assert.equal(sides.get(group) ?? subset, subset);
    sides.set(group, subset);
  }
  assert.match(read('runs/audited/report.html'), /Which pictures have one source is said by audit\.json/);
  rmSync(at('pictures/audit.json'));
  // Of the same pictures under other names: their content says which they are.
  const renamed = audit.files.map((file, number) => ({ ...file, path: `before/${number}.png` }));
  writeFileSync(at('mine.json'), JSON.stringify({ ...audit, files: renamed }));
  const cv = await run([
    ...folds,
    '--split',
    'grouped',
    '--audit',
    'mine.json',
    '--epochs',
    '1',
    '--name',
    'cv',
    '--quiet',
  ]);
  assert.equal(cv.code, 0, cv.notes);
  assert.equal(readJson('runs/cv/report.json').folds[0].heldOut.groups, 4);
});

test('an audit that does not fit is refused', async () => {
  const refused = async (content: object, message: RegExp) => {
    writeFileSync(at('wrong.json'), JSON.stringify(content));
    const { code, notes } = await run([...training, '--split', 'grouped', '--audit', 'wrong.json', '--quiet']);
    assert.notEqual(code, 0);
    assert.match(notes, message);
  };
  const files = audited();
  await refused(
    { version: 2, files },
    /wrong\.json: expected the record of an audit, version 1, received something else/,
  );
  await refused(
    { version: 1, files: files.slice(1) },
    /wrong\.json: expected an audit of the pictures in pictures, received one that does not know 1 of them as they are now, as cats\//,
  );
  await refused(
    { version: 1, files: files.map((file) => ({ ...file, group: null })) },
    /wrong\.json: expected groups of pictures, received an audit that found none/,
  );
});

test('folds that cannot be are refused before anything is written', async () => {
  const refused = async (args: readonly string[], message: RegExp) => {
    const { code, notes } = await run([...training, ...args, '--name', 'refused', '--quiet']);
    assert.notEqual(code, 0);
    assert.match(notes, message);
    assert.ok(!existsSync(at('runs/refused')));
  };
  await refused(['--cv', '1'], /--cv must be a whole number of at least 2/);
  await refused(
    ['--cv', '5', '--val', '0.2'],
    /--cv holds out each picture once, received also --val 0\.2\. Leave one out/,
  );
  await refused(['--cv', '5', '--val-folder', 'x'], /received also --val-folder x/);
  await refused(['--cv', '5', '--test-folder', 'x'], /received also --test-folder x/);
  await refused(['--fold', '2'], /--fold 2 is one of the folds of --cv, received no --cv/);
  await refused(['--cv', '2', '--fold', '3'], /--fold 3 is one of the folds of --cv, received --cv 2/);
  await refused(['--cv', '2', '--exist-ok'], /--exist-ok replaces a single training, received it with --cv/);
  await refused(['--split', 'grouped', '--val', '0'], /--split grouped needs pictures to hold out/);
  await refused(
    ['--split', 'grouped', ...byGroup],
    /--group-by makes groups of its own, received also --split grouped/,
  );
  await refused(['--audit', 'a.json'], /--audit names the groups of --split grouped, received it alone/);
  await refused(['--cv', '13', ...byGroup], /expected at least 13 groups for 13 folds, received 12\. Use fewer folds/);
  const varied = await run(['compare', 'pictures', ...tinyNetwork, '--vary', 'cv=2,3']);
  assert.match(varied.notes, /--vary cannot vary cv.*Run train --cv with each setting/);
});

test('folds that all diverge leave no numbers', async () => {
  const { code, notes } = await run([...folds, '--optimizer', 'sgd', '--learning-rate', '1e300', '--name', 'wild']);
  assert.equal(code, 3, notes);
  assert.match(
    notes,
    /train: expected at least one fold with results, received 3 that failed\. the loss was infinite or not a number/,
  );
});
