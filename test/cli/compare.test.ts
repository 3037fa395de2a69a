// Protects `cajal compare` as a person types it: what it trains, records and says, that it goes on where it was stopped, and
// what is said of wrong input.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { run, start } from './command-line.ts';
import { tinyNetwork, writeTinyPictures } from './tiny-pictures.ts';

let folder = '';
let formerFolder = '';
const at = (...parts: string[]) => path.join(folder, ...parts);
const read = (...parts: string[]) => readFileSync(at(...parts), 'utf8');
const readJson = (...parts: string[]) => JSON.parse(read(...parts));
const byGroup = ['--group-by', '^_(\\d+)_'];
const tiny = ['compare', 'pictures', ...tinyNetwork, '--epochs', '2', '--val', '0.3'];

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'cajal-compare-'));
  await writeTinyPictures(at('pictures'));
  formerFolder = process.cwd();
  process.chdir(folder);
});

after(() => {
  process.chdir(formerFolder);
  rmSync(folder, { recursive: true, force: true });
});

const optimizers = [...tiny, ...byGroup, '--vary', 'optimizer=adam,sgd', '--seeds', '2', '--seed', '5'];

test('two settings with two seeds: a folder for each run, a table, a page and JSON', async () => {
  const { code, out, notes } = await run([...optimizers, '--name', 'first']);
  assert.equal(code, 0, notes);
  assert.match(
    notes,
    /^4 trainings: 2 settings with 2 seeds each\.\n1\/4 adam, seed 5: 2 epochs, accuracy .* left\n2\/4 sgd, seed 5/,
  );
  assert.match(out, /setting +n +accuracy +macro-F1 +log-loss +epochs +s\/epoch +total +parameters\nadam +2 +\d/);
  assert.match(out, /evaluated on 9 examples of 3 groups\. ± is half of the 95 % interval/);
  assert.match(out, /adam and sgd: no difference that these runs can show|is better than/);
  assert.match(out, /2 seeds are few.*3 groups of examples: with so few.*Comparison: runs.first.comparison\.html\n$/s);

  const { comparison, plan, versions } = readJson('runs/first/comparison.json');
  assert.deepEqual(comparison.seeds, [5, 6]);
  assert.deepEqual(plan.vary, { optimizer: ['adam', 'sgd'] });
  assert.ok(versions.backend);
  assert.equal(comparison.settings[0].runs[1].history.length, 2);
  assert.ok(comparison.settings[0].secondsPerEpoch > 0 && comparison.settings[0].parameterCount === 947);
  const split = (name: string, seed: number) => read('runs/first', name, `seed-${seed}`, 'split.json');
  assert.equal(split('adam', 5), split('sgd', 6), 'one split for all');
  const weights = (name: string, seed: number) =>
    read('runs/first', name, `seed-${seed}`, 'weights/last/model.safetensors');
  assert.notEqual(weights('adam', 5), weights('adam', 6));

  const page = read('runs/first/comparison.html');
  for (const part of [
    'optimizer: 2 settings compared',
    '<svg',
    'val_accuracy by epoch',
    'val_loss by epoch',
    'default learning rate',
  ])
    assert.ok(page.includes(part), part);
  assert.doesNotMatch(page, /<script|https?:\/\/(?!www\.w3\.org)|NaN|undefined|\[object/);
  assert.match(page, />▸<\/text>/, 'the interval of two seeds is wider than the chart, which says so');
  assert.doesNotMatch(page, /Two numbers called accuracy/);
});

test('what a comparison reports is what its runs report, and a run can be trained again alone', async () => {
  const { comparison } = readJson('runs/first/comparison.json');
  const { evaluation } = readJson('runs/first/adam/seed-6/report.json');
  const [adam] = comparison.settings;
  assert.equal(adam.runs[1].values.accuracy, evaluation.accuracy);
  assert.ok(Math.abs(adam.runs[1].values.macroF1 - evaluation.report.macro.f1) < 1e-12);
  assert.ok(Math.abs(adam.runs[1].values.logLoss - evaluation.values.loss) < 1e-5, 'the loss is the log-loss here');
  const again = await run(['train', '--config', 'runs/first/adam/seed-6/args.json', '--quiet', '--name', 'again']);
  assert.equal(again.code, 0, again.notes);
  assert.equal(read('runs/again/history.csv'), read('runs/first/adam/seed-6/history.csv'));
  assert.equal(read('runs/again/split.json'), read('runs/first/adam/seed-6/split.json'));
});

test('the same command goes on and trains nothing again; others are refused; more seeds are added', async () => {
  const time = () => statSync(at('runs/first/adam/seed-5/outcome.json')).mtimeMs;
  const before = time();
  const again = await run([...optimizers, '--name', 'first']);
  assert.equal(again.code, 0, again.notes);
  assert.match(again.notes, /4 trainings: .*; 4 of them done before\.\n$/);
  const other = await run([...optimizers, '--name', 'first', '--epochs', '3']);
  assert.equal(other.code, 2);
  assert.match(
    other.notes,
    /expected the settings that runs.first was begun with \(epochs 2\), received others \(epochs 3\)/,
  );
  const more = await run(['compare', '--resume', 'runs/first', '--seeds', '3', '--json']);
  assert.equal(more.code, 0, more.notes);
  assert.equal(time(), before);
  const events = more.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(events.filter(({ event }) => event === 'run').length, 2);
  assert.deepEqual([events[0].event, events[0].setting, events[0].seed], ['start', 'adam', 7]);
  const last = events.at(-1);
  assert.deepEqual([last.event, last.done, last.seeds], ['comparison', 6, [5, 6, 7]]);
  const fewer = await run(['compare', '--resume', 'runs/first', '--seeds', '2']);
  assert.equal(fewer.code, 2);
  const foreign = await run(['compare', 'pictures', '--resume', 'runs/first', '--epochs', '9']);
  assert.match(
    foreign.notes,
    /compare: --resume goes alone or with --seeds, --cache-mib, --disk-cache-mib, --no-cache, --json, --quiet, received also (--epochs, <folder>|<folder>, --epochs)\./,
  );
  const config = await run([
    'compare',
    '--config',
    'runs/first/plan.json',
    '--name',
    'copy',
    '--quiet',
    '--seeds',
    '1',
  ]);
  assert.equal(config.code, 0, config.notes);
  assert.equal(read('runs/copy/adam/seed-5/history.csv'), read('runs/first/adam/seed-5/history.csv'));
});

test('runs that were made with other settings, or are damaged, are not taken for done', async () => {
  const file = at('runs/copy/sgd/seed-5/outcome.json');
  const outcome = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...outcome, settings: { ...outcome.settings, dropout: 0.9 } }));
  const changed = await run(['compare', '--resume', 'runs/copy']);
  assert.equal(changed.code, 2);
  assert.match(
    changed.notes,
    /outcome\.json: expected a run with dropout 0\.4, received one with 0\.9\. Delete its folder/,
  );
  writeFileSync(file, '{"half":');
  const damaged = await run(['compare', '--resume', 'runs/copy']);
  assert.equal(damaged.code, 3);
  assert.match(damaged.notes, /expected the outcome of a run, version 1, received something else\. Delete it/);
  rmSync(file);
  const mended = await run(['compare', '--resume', 'runs/copy', '--quiet']);
  assert.equal(mended.code, 0, mended.notes);
  assert.ok(existsSync(file), 'a run that was done but for its outcome is not trained again from the beginning');
});

test('losses are compared on shared metrics, and both numbers called accuracy are shown', async () => {
  const vary = 'loss=binaryCrossentropy,categoricalCrossentropy,sparseCategoricalCrossentropy';
  const { code, out, notes } = await run([
    ...tiny,
    '--vary',
    vary,
    '--seeds',
    '1',
    '--optimizer',
    'adam',
    '--name',
    'losses',
    '--quiet',
  ]);
  assert.equal(code, 0, notes);
  assert.match(out, /One seed has no interval: the tests speak of these two models/);
  assert.match(out, /binaryCrossentropy +1 +\d+\.\d % +\d/, 'no ± for one seed');
  const page = read('runs/losses/comparison.html');
  assert.match(page, /Two numbers called accuracy.*0\.955.*0\.873.*outputs that are right/s);
  assert.match(page, /Losses are not drawn/);
  assert.doesNotMatch(page, /val_loss by epoch/);
  const { settings } = readJson('runs/losses/comparison.json').comparison;
  const rowOf = (name: string) => settings.find((setting: { name: string }) => setting.name === name).values;
  assert.ok(rowOf('binaryCrossentropy').binaryAccuracy.mean !== rowOf('binaryCrossentropy').accuracy.mean);
  // The two forms of categorical cross-entropy are one loss for one-hot rows and for class numbers.
  assert.equal(rowOf('categoricalCrossentropy').accuracy.mean, rowOf('sparseCategoricalCrossentropy').accuracy.mean);
});

test('a grid of several arguments, lists among them; a split for each seed', async () => {
  const { code, notes } = await run([
    ...tiny,
    ...[
      '--vary',
      'filters=4/2,2',
      '--vary',
      'learning-rate=0.01,0.001',
      '--seeds',
      '2',
      '--split-per-seed',
      '--quiet',
      '--name',
      'grid',
    ],
  ]);
  assert.equal(code, 0, notes);
  const { comparison } = readJson('runs/grid/comparison.json');
  assert.deepEqual(
    comparison.settings.map(({ name }: { name: string }) => name),
    [
      'filters=4, learningRate=0.01',
      'filters=4, learningRate=0.001',
      'filters=2,2, learningRate=0.01',
      'filters=2,2, learningRate=0.001',
    ],
  );
  assert.equal(comparison.pairs.length, 6);
  const splitOf = (seed: number) => read('runs/grid/filters=4,learningRate=0.01', `seed-${seed}`, 'split.json');
  assert.notEqual(splitOf(0), splitOf(1));
  assert.match(read('runs/grid/comparison.html'), /Each seed has drawn a split of its own/);
});

test('a setting that fails or diverges is recorded, and the others go on', async () => {
  const failing = ['--vary', 'group-by=^_(\\d+)_,^x(\\d+)_', '--seeds', '2', '--quiet', '--name', 'failing'];
  const failed = await run([...tiny, ...failing]);
  assert.equal(failed.code, 1, failed.notes);
  assert.match(failed.out, /groupBy=\^x\(\\d\+\)_, seeds 0 and 1, failed: groupBy: expected every file name to match/);
  assert.match(failed.out, /groupBy=\^_\(\\d\+\)_ +2 +\d/);
  assert.ok(readdirSync(at('runs/failing')).includes('comparison.html'));
  const again = await run(['compare', '--resume', 'runs/failing', '--quiet']);
  assert.equal(again.code, 1, 'it is tried again, and fails again');

  const wild = ['--vary', 'learning-rate=0.01,1e300', '--optimizer', 'sgd', '--seeds', '1', '--name', 'wild'];
  const diverged = await run([...tiny, ...wild]);
  assert.equal(diverged.code, 0, diverged.notes);
  assert.match(
    diverged.notes,
    /2\/2 learningRate=1e\+300, seed 0: failed: the loss was infinite or not a number in epoch 1/,
  );
  const resumed = await run([...tiny, ...wild]);
  assert.match(resumed.notes, /2 of them done before/, 'a result, if a bad one');

  const none = await run([
    ...tiny,
    '--vary',
    'group-by=^y(\\d+)_,^x(\\d+)_',
    '--seeds',
    '1',
    '--quiet',
    '--name',
    'none',
  ]);
  assert.equal(none.code, 3);
  assert.match(
    none.notes,
    /compare: expected at least one training with results, received 2 that failed\. groupBy: .* And 1 other reason/,
  );
  assert.ok(!existsSync(at('runs/none')), 'nothing is left');
});

test('Ctrl-C ends well and a kill does no harm: both go on to the same numbers', async (context) => {
  const long = [
    ...tiny,
    '--vary',
    'optimizer=adam,sgd',
    '--seeds',
    '2',
    '--steps-per-epoch',
    '60',
    '--epochs',
    '4',
    '--json',
  ];
  const whole = await run([...long, '--name', 'whole']);
  assert.equal(whole.code, 0, whole.notes);
  const stopAfter = async (args: readonly string[], signal: NodeJS.Signals, event: RegExp) => {
    const { child, outcome } = start(args, { cwd: folder });
    let seen = '';
    await Promise.race([
      outcome,
      new Promise<void>((resolve) =>
        child.stdout!.on('data', (text: string) => {
          seen += text;
          if (event.test(seen)) resolve();
        }),
      ),
    ]);
    child.kill(signal);
    return outcome;
  };
  const interrupted = await stopAfter([...long, '--name', 'stopped'], 'SIGINT', /"event":"run".*"event":"epoch"/s);
  assert.equal(interrupted.code, 130, interrupted.notes);
  assert.match(interrupted.notes, /Stopped after 1 of 4 trainings\. To go on: cajal compare --resume runs.stopped/);
  assert.ok(existsSync(at('runs/stopped/comparison.html')), 'there is a page of what there is');
  const killed = await stopAfter(['compare', '--resume', 'runs/stopped', '--json'], 'SIGKILL', /"event":"epoch"/);
  assert.equal(killed.code, null);
  const last = await run(['compare', '--resume', 'runs/stopped', '--json']);
  assert.equal(last.code, 0, last.notes);
  assert.match(last.out, /"event":"resume"/, 'an interrupted run goes on at its checkpoint');
  const valuesOf = (name: string) =>
    readJson('runs', name, 'comparison.json').comparison.settings.map(({ runs }: { runs: { values: object }[] }) =>
      runs.map(({ values }) => values),
    );
  if (readJson('runs/whole/comparison.json').versions.backend === 'reference')
    return context.skip('the reference does not go on to the bit');
  assert.deepEqual(valuesOf('stopped'), valuesOf('whole'));
});

test('what is wrong is said before anything is trained', async () => {
  const refuse = async (args: readonly string[], code: number, message: RegExp) => {
    const result = await run(['compare', 'pictures', ...tinyNetwork, ...args, '--name', 'refused']);
    assert.match(result.notes, message);
    assert.equal(result.code, code, result.notes);
    assert.doesNotMatch(result.notes, /This is a bug/);
    assert.ok(!existsSync(at('runs/refused')), 'nothing is left');
  };
  const vary = ['--vary', 'optimizer=adam,sgd'];
  await refuse(
    [],
    2,
    /compare: expected at least two settings, received nothing to vary\. Name them: --vary optimizer=rmsprop,adam/,
  );
  await refuse(['--vary', 'optimizer=adam'], 2, /expected at least two settings, received only adam/);
  await refuse(
    ['--vary', 'optimiser=adam,sgd'],
    2,
    /compare: unknown --vary name "optimiser"\. Did you mean "optimizer"\?/,
  );
  await refuse(['--vary', 'optimizer=adam,sdg'], 2, /compare: unknown --vary optimizer "sdg"\. Did you mean "sgd"\?/);
  await refuse(
    ['--vary', 'optimizer'],
    2,
    /--vary must be name=value,value, received "optimizer"\. Write --vary optimizer=adam,sgd/,
  );
  await refuse(
    ['--vary', 'optimizer=adam,adam'],
    2,
    /--vary optimizer must be different values, received "adam" twice/,
  );
  await refuse([...vary, ...vary], 2, /compare: --vary names optimizer twice\. Write all its values behind one --vary/);
  await refuse(
    ['--vary', 'batchSize=1,2', '--vary', 'batch-size=4,5'],
    2,
    /compare: --vary has batchSize in two spellings/,
  );
  await refuse(['--vary', 'dropout=0,1.5'], 2, /--vary dropout must be a number .*below 1, received 1\.5/);
  await refuse(['--vary', 'dropout=0,'], 2, /--vary dropout must be a number .*received ""/);
  await refuse(['--vary', 'seed=1,2'], 2, /--vary cannot vary seed, received seed=1,2\. Use --seeds/);
  await refuse(['--vary', 'folder=a,b'], 2, /--vary cannot vary folder.*Compare what is trained on one folder/);
  for (const seeds of ['0', '-1', '2.5', 'many'])
    await refuse(
      [...vary, '--seeds', seeds],
      2,
      /--seeds must be a whole number of at least 1 and of at most 1000, received/,
    );
  await refuse(
    [...vary, '--seed', '2147483647', '--seeds', '2'],
    2,
    /compare: expected seeds below 2147483648, received 2 from 2147483647 on/,
  );
  await refuse(['--vary', 'size=12,1'], 2, /expected --size of at least 4, received 1/);
  await refuse(
    ['--vary', 'splitSeed=1,2', '--split-per-seed'],
    2,
    /expected --split-per-seed or --vary splitSeed=…, received both/,
  );
  await refuse([...vary, '--compare-by', 'acuracy'], 2, /Did you mean "accuracy"\?/);
  await refuse([...vary, '--out', 'x'], 2, /compare: expected --out or --name, received both/);
  const none = await run(['compare', '--vary', 'optimizer=adam,sgd']);
  assert.match(
    none.notes,
    /compare: expected pictures to compare on, received no folder\. Name it: cajal compare photos/,
  );
  const missing = await run(['compare', 'nothing', ...vary, '--name', 'refused']);
  assert.equal(missing.code, 3);
  assert.ok(!existsSync(at('runs/refused')));
  const foreign = await run(['compare', 'pictures', ...vary, '--name', 'again']);
  assert.match(
    foreign.notes,
    /compare: expected an empty folder or one of a comparison, received runs.again with args\.json/,
  );
  const noPlan = await run(['compare', '--resume', 'runs/again']);
  assert.equal(noPlan.code, 3);
  assert.match(noPlan.notes, /compare: expected the folder of a comparison, with plan\.json, received runs.again/);
  writeFileSync(at('runs/again/plan.json'), '{}');
  const noComparison = await run(['compare', '--resume', 'runs/again']);
  assert.match(noComparison.notes, /plan\.json: expected the plan of a comparison, received something else/);
  writeFileSync(at('vary.json'), '{"vary": {"optimizer": "adam"}}');
  const text = await run(['compare', 'pictures', '--config', 'vary.json']);
  assert.match(
    text.notes,
    /"vary" in the config file must be an object of lists, such as \{"optimizer": \["adam", "sgd"\]\}/,
  );
});
