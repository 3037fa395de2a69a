// Protects the way from a folder of pictures to a model that is used: one small run, made by the command as a person types
// it, and everything that is done with it.
import assert from 'node:assert/strict';
import {
  copyFileSync,
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
import { after, before, test } from 'node:test';
import { run, start } from './command-line.ts';
import { tinyNetwork, writeTinyPictures } from './tiny-pictures.ts';

let folder = '';
let pictures = '';
const at = (...parts: string[]) => path.join(folder, ...parts);
const read = (...parts: string[]) => readFileSync(at(...parts), 'utf8');
const weightsOf = (name: string, which = 'last') =>
  readFileSync(at('runs', name, 'weights', which, 'model.safetensors'));

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'cajal-train-'));
  pictures = await writeTinyPictures(at('pictures'));
  const { outcome } = start(
    ['train', 'pictures', ...tinyNetwork, '--epochs', '3', '--seed', '7', '--patience', '5', '--name', 'first'],
    { cwd: folder },
  );
  const { code, out, notes } = await outcome;
  assert.equal(code, 0, notes);
  assert.match(out, /precision {4}recall {2}f1-score {3}support/);
  assert.match(out, /true \\ predicted {2}cats {2}dogs {2}owls/);
  assert.match(out, /Accuracy \d+\.\d % \(\d+ of 6; 95 % interval .*Report: runs.first.report\.html\n$/s);
  // The classes of these pictures are colours, which is said.
  assert.match(
    notes,
    /^warning: Pictures of \w+ are .* the network learns the camera.*\n30 training and 6 validation pictures of 3 classes; cnn with 947 parameters/,
  );
  assert.equal(notes.match(/^Epoch \d\/3 - .* - val_loss: \d/gm)?.length, 3);
});

after(() => rmSync(folder, { recursive: true, force: true }));

test('the run folder holds all that was promised', () => {
  const names = readdirSync(at('runs/first')).sort();
  assert.deepEqual(
    names,
    'args.json checkpoint events.jsonl history.csv report.html report.json split.json versions.json weights'.split(' '),
  );
  const { folder: data, filters, optimizer, val, command, ...others } = JSON.parse(read('runs/first/args.json'));
  assert.deepEqual(
    { data, filters, optimizer, val, command },
    { data: 'pictures', filters: [4], optimizer: 'rmsprop', val: 0.2, command: 'train' },
  );
  assert.ok(!('name' in others) && !('json' in others), 'where the run lies does not decide the weights');
  assert.equal(read('runs/first/history.csv').trim().split('\n').length, 4);
  const events = read('runs/first/events.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).event);
  assert.deepEqual(events, ['start', 'epoch', 'epoch', 'epoch', 'end']);
  const { classNames, preprocessing, metrics } = JSON.parse(read('runs/first/weights/best/model.json'));
  assert.deepEqual(classNames, ['cats', 'dogs', 'owls']);
  assert.equal(preprocessing.height, 12);
  assert.deepEqual(Object.keys(metrics).sort(), ['accuracy', 'loss', 'val_accuracy', 'val_loss']);
  const report = JSON.parse(read('runs/first/report.json'));
  assert.deepEqual(
    report.subsets.map(({ counts }: { counts: number[] }) => counts),
    [
      [10, 10, 10],
      [2, 2, 2],
    ],
  );
  assert.equal(report.samples.length, 18);
  assert.equal(report.firstBatch.length, 8);
  assert.equal(report.ending.reason, 'finished');
  assert.match(read('runs/first/report.html'), /<img src="data:image\/png;base64,/);
});

test('--config runs/NAME/args.json gives the same bits, on another number of threads too', async () => {
  const again = ['train', '--config', 'runs/first/args.json', '--quiet'];
  const three = await start([...again, '--name', 'three'], { cwd: folder, environment: { CAJAL_THREADS: '3' } })
    .outcome;
  assert.deepEqual({ code: three.code, notes: three.notes }, { code: 0, notes: '' });
  const one = await start([...again, '--name', 'one', '--seed', '8'], {
    cwd: folder,
    environment: { CAJAL_THREADS: '1' },
  }).outcome;
  assert.equal(one.code, 0);
  for (const which of ['best', 'last']) assert.ok(weightsOf('three', which).equals(weightsOf('first', which)));
  assert.equal(read('runs/three/history.csv'), read('runs/first/history.csv'));
  assert.equal(read('runs/three/split.json'), read('runs/first/split.json'));
  assert.ok(!weightsOf('one').equals(weightsOf('first')), 'another seed gives other weights');
});

test('--json gives events and nothing else', async () => {
  const { code, out, notes } = await run([
    'train',
    pictures,
    ...tinyNetwork,
    '--epochs',
    '1',
    '--json',
    '--out',
    at('json'),
  ]);
  assert.equal(code, 0, notes);
  assert.match(notes, /^warning: Pictures of .*\n$/);
  const events = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    events.map(({ event }) => event),
    ['start', 'epoch', 'end'],
  );
  assert.ok(events[2].accuracy >= 0 && events[2].report.endsWith('report.html'));
});

test('evaluate prints the report, or gives it as JSON, and 4 where it is too bad', async () => {
  const text = await run(['evaluate', at('runs/first'), pictures]);
  assert.equal(text.code, 0);
  assert.match(text.out, /weights.best on .*precision.*Accuracy .* \(\d+ of 36;/s);
  const { code, out, notes } = await run(['evaluate', at('runs/first'), pictures, '--json', '--min-accuracy', '1.0']);
  const { pictures: count, accuracy, confusionMatrix, values } = JSON.parse(out);
  assert.equal(count, 36);
  assert.equal(values.accuracy, accuracy);
  assert.equal(
    confusionMatrix.flat().reduce((sum: number, value: number) => sum + value, 0),
    36,
  );
  assert.equal(code, accuracy === 1 ? 0 : 4);
  if (accuracy < 1) assert.match(notes, /too low: the accuracy is \d+\.\d %, expected at least 100\.0 %/);
});

test('the accuracy that training printed is the one that evaluate finds on the same pictures', async () => {
  const { files } = JSON.parse(read('runs/first/split.json')) as { files: { path: string; subset: string }[] };
  for (const { path: file, subset } of files) {
    if (subset !== 'validation') continue;
    mkdirSync(at('held', path.dirname(file)), { recursive: true });
    copyFileSync(path.join(pictures, file), at('held', file));
  }
  const { out } = await run(['evaluate', at('runs/first'), at('held'), '--json']);
  const { evaluation } = JSON.parse(read('runs/first/report.json'));
  assert.deepEqual(JSON.parse(out).confusionMatrix, evaluation.confusionMatrix);
});

test('predict prints a table, writes CSV, or gives JSON; bad files are named and left out', async () => {
  const picture = path.join(pictures, 'cats/_0_0.png');
  const bad = at('bad.jpg');
  writeFileSync(bad, 'this is text');
  const table = await run(['predict', at('runs/first'), picture, path.join(pictures, 'dogs'), '--top-k', '2']);
  assert.equal(table.code, 0);
  assert.match(table.out, /^file +class +probability +class_2 +probability_2\n/);
  assert.equal(table.out.trim().split('\n').length, 14);

  const csv = await run(['predict', at('runs/first'), picture, bad, '--out', at('predictions.csv')]);
  assert.equal(csv.code, 0);
  assert.match(csv.notes, /warning: .*bad\.jpg: expected a picture/);
  const [head, line, ...rest] = read('predictions.csv').trim().split('\n');
  assert.equal(head, 'file,class,probability');
  assert.match(line!, /cats._0_0\.png,(cats|dogs|owls),0\.\d+$/);
  assert.deepEqual(rest, []);

  const json = await run(['predict', at('runs/first', 'weights', 'last'), picture, '--json', '--top-k', '9']);
  const { answers } = JSON.parse(json.out) as { answers: { probability: number }[] };
  assert.equal(answers.length, 3);
  assert.ok(Math.abs(answers.reduce((sum, { probability }) => sum + probability, 0) - 1) < 1e-5);

  const missing = await run(['predict', at('runs/first'), picture, 'nofile.png', '--json']);
  assert.equal(missing.code, 0);
  assert.match(missing.notes, /warning: nofile\.png: expected a picture .*, received a path where nothing is\. Check/);
  assert.equal(missing.out.trim().split('\n').length, 2);

  const many = await run([
    'predict',
    at('runs/first'),
    picture,
    bad,
    ...['a', 'b', 'c', 'd', 'e'].map((name) => at(name)),
  ]);
  assert.equal(many.code, 0);
  assert.match(
    many.notes,
    /^warning: 6 files were left out \(1 undecodable, 5 unreadable\): .*bad\.jpg, .* and 1 more\.\n$/,
  );
  assert.equal((await run(['predict', at('runs/first'), 'nofile.png'])).code, 3);

  const none = await run(['predict', at('runs/first'), bad]);
  assert.equal(none.code, 3);
  assert.match(none.notes, /predict: expected at least one picture, received 1 that cannot be read/);
});

test('summary shows a run or a network that could be', async () => {
  const trained = await run(['summary', at('runs/first')]);
  assert.match(trained.out, /Model: "cnn".*Total params: 947/s);
  const { out } = await run(['summary', '--arch', 'cnn', '--size', '150', '--classes', '4', '--json']);
  const { parameterCount, layers } = JSON.parse(out);
  assert.equal(parameterCount, 4_764_900);
  // The thirteen layers, and the rescaling before them.
  assert.equal(layers.length, 14);
  const both = await run(['summary', at('runs/first'), '--size', '9']);
  assert.equal(both.code, 2);
  assert.match(both.notes, /summary: expected a run or the options of a network, received both/);
});

test('--dry-run tells shapes, memory and time, and writes nothing', async () => {
  const args = ['train', pictures, ...tinyNetwork, '--dry-run', '--out', at('dry')];
  const { code, out } = await run(args);
  assert.equal(code, 0);
  assert.match(out, /a batch +inputs \[8, 12, 12, 3\] uint8, targets \[8, 3\].*in all +10 epochs, about/s);
  const json = await run([...args, '--json', '--group-by', '^_(\\d+)_']);
  const { trainingPictures, validationPictures, stepFlops, stepsPerEpoch } = JSON.parse(json.out);
  assert.deepEqual(
    { trainingPictures, validationPictures, stepsPerEpoch },
    { trainingPictures: 27, validationPictures: 9, stepsPerEpoch: 4 },
  );
  assert.ok(stepFlops > 0);
  assert.ok(!existsSync(at('dry')));
});

test('other losses, colours, folders and weights can be had', async () => {
  const flags =
    '--color-mode rgba --fit pad --interpolation lanczos --loss sparseCategoricalCrossentropy --class-weight balanced --optimizer adam --steps-per-epoch 2';
  const { code, notes } = await run([
    'train',
    pictures,
    ...tinyNetwork,
    ...flags.split(' '),
    '--epochs',
    '1',
    '--val-folder',
    pictures,
    '--quiet',
    '--out',
    at('other'),
  ]);
  assert.equal(code, 0, notes);
  const { subsets, split, evaluation } = JSON.parse(read('other/report.json'));
  assert.equal(split.method, 'folder');
  assert.equal(subsets[1].name, 'validation');
  const { fit, interpolation } = JSON.parse(read('other/args.json'));
  const { preprocessing } = JSON.parse(read('other/weights/best/model.json'));
  assert.deepEqual(preprocessing.resize, { fit: 'pad', interpolation: 'lanczos' });
  assert.deepEqual({ fit, interpolation }, preprocessing.resize);
  assert.equal(preprocessing.channels, 4);
  assert.equal(evaluation.pictures, 36);
});

test('without validation the report says that it saw the pictures before, and a test folder is never mixed in', async () => {
  const none = await run([
    'train',
    pictures,
    ...tinyNetwork,
    '--epochs',
    '1',
    '--val',
    '0',
    '--quiet',
    '--out',
    at('none'),
  ]);
  assert.equal(none.code, 0, none.notes);
  assert.match(
    none.out,
    /\. These are the pictures it was trained on: the accuracy on others is not known.*\nReport: /,
  );
  assert.equal(JSON.parse(read('none/report.json')).evaluation.seen, 'training');
  const test = await run([
    'train',
    pictures,
    ...tinyNetwork,
    '--epochs',
    '1',
    '--test-folder',
    pictures,
    '--json',
    '--out',
    at('tested'),
  ]);
  assert.equal(test.code, 0, test.notes);
  const shared = /\d+ pictures of the test set are also in the training set, byte for byte: the accuracy is too good/;
  assert.match(test.notes, shared);
  assert.match(JSON.parse(read('tested/report.json')).warnings.join('\n'), shared);
  assert.equal(JSON.parse(test.out.trim().split('\n').at(-1)!).subset, 'test');
});

test('patience stops a training that gets no better', async () => {
  const flags = '--epochs 30 --learning-rate 0 --patience 1 --quiet'.split(' ');
  const { code, notes } = await run(['train', pictures, ...tinyNetwork, ...flags, '--out', at('patient')]);
  assert.equal(code, 0, notes);
  const { ending } = JSON.parse(read('patient/report.json'));
  assert.deepEqual(ending, { reason: 'stopped-early', epochs: 2, plannedEpochs: 30 });
});

test('a loss that is not finite stops the run with 1; without a whole epoch there is no model', async () => {
  const flags = '--epochs 5 --learning-rate 1e300 --optimizer sgd'.split(' ');
  const { code, notes } = await run(['train', pictures, ...tinyNetwork, ...flags, '--out', at('diverged')]);
  assert.equal(code, 1);
  assert.match(
    notes,
    /train: expected a finite loss, received one that is infinite or not a number, in epoch 1\. There is no epoch before it whose model could be kept/,
  );
  assert.equal(JSON.parse(read('diverged/report.json')).ending.reason, 'diverged');
  assert.ok(!existsSync(at('diverged/weights')) && !existsSync(at('diverged/checkpoint')));
});

test('an epoch whose last loss is not finite is not recorded', async () => {
  const flags = '--epochs 5 --steps-per-epoch 1 --learning-rate 1e300 --optimizer sgd'.split(' ');
  const { code, notes } = await run(['train', pictures, ...tinyNetwork, ...flags, '--out', at('one-step')]);
  assert.equal(code, 1);
  assert.match(notes, /in epoch 2\./);
  assert.equal(read('one-step/history.csv').trim().split('\n').length, 2);
  assert.equal(JSON.parse(read('one-step/checkpoint/checkpoint.json')).epoch, 1);
});

test('a loss that is not finite leaves the best model, which is evaluated', async () => {
  const out = at('late');
  await run(['train', pictures, ...tinyNetwork, '--epochs', '1', '--optimizer', 'sgd', '--quiet', '--out', out]);
  const best = readFileSync(path.join(out, 'weights/best/model.safetensors'));
  const checkpoint = path.join(out, 'checkpoint/checkpoint.json');
  writeFileSync(
    checkpoint,
    readFileSync(checkpoint, 'utf8').replace(/"learningRate": [\d.]+/, '"learningRate": 1e300'),
  );
  const result = await run(['train', '--resume', out, '--epochs', '3']);
  assert.equal(result.code, 1);
  assert.match(result.notes, /in epoch 2\. The model of epoch 1 is kept\. Lower --learning-rate/);
  assert.match(result.out, /The model of epoch 1 on the validation pictures/);
  assert.ok(readFileSync(path.join(out, 'weights/best/model.safetensors')).equals(best));
  const { evaluation, history } = JSON.parse(read('late/report.json'));
  assert.equal(evaluation.values.loss, history[0].val_loss, 'what is evaluated is the best model');
});

test('doctor names the backend that was chosen', async () => {
  const { code, out } = await run(['doctor', '--json']);
  assert.equal(code, 0);
  const { backends, node, cores } = JSON.parse(out);
  assert.equal(node, process.versions.node);
  assert.ok(cores >= 1);
  assert.equal(backends.filter(({ isChosen }: { isChosen: boolean }) => isChosen).length, 1);
  const text = await run(['doctor']);
  assert.match(text.out, /^→ (native|wasm|reference) /m);
});
