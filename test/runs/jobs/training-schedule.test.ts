// Protects `--schedule` and `--warmup-epochs`: the learning rate of every step, what is refused, that a training uses it and goes on
// to the same bits, and that the report says it.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { defaultBackend } from '../../../src/engine/choose-backend.ts';
import { schedule } from '../../../src/nn/schedules/table.ts';
import { createRunFolder } from '../../../src/runs/create-run-folder.ts';
import { type JobObserver, silentObserver } from '../../../src/runs/jobs/job-observer.ts';
import { train } from '../../../src/runs/jobs/train.ts';
import { checkTrainSettings, optimizerFor, type TrainSettings } from '../../../src/runs/jobs/train-settings.ts';
import { type ScheduleSettings, scheduledLearningRate } from '../../../src/runs/jobs/training-schedule.ts';
import { writeTinyPictures } from '../../cli/tiny-pictures.ts';

/** The learning rates of all steps: of 4 epochs with 5 steps, where nothing else is said. */
function rates(settings: Partial<ScheduleSettings>, rate = 0.1): number[] {
  const { epochs = 4 } = settings;
  const found = scheduledLearningRate({ epochs, ...settings }, rate, 5);
  return Array.from({ length: epochs * 5 }, (_, step) => (typeof found === 'number' ? found : schedule(found)(step)));
}

function assertNear(value: number, expected: number): void {
  assert.ok(Math.abs(value - expected) < 1e-9, `${value}, expected ${expected}`);
}

describe('the learning rate of each step', () => {
  it('follows the schedule over all epochs', () => {
    assert.equal(scheduledLearningRate({ epochs: 4 }, 0.1, 5), 0.1);
    assert.equal(scheduledLearningRate({ epochs: 4, schedule: 'constant' }, 0.1, 5), 0.1);
    assertNear(rates({ schedule: 'linear' })[5]!, 0.075);
    assertNear(rates({ schedule: 'cosine' })[10]!, 0.05);
    assertNear(rates({ schedule: 'exponential' })[10]!, 0.01);
    const cycle = rates({ schedule: 'one-cycle' });
    assertNear(cycle[0]!, 0.004);
    assertNear(Math.max(...cycle), 0.1);
    assertNear(cycle[5]!, 0.1);
    assertNear(cycle[19]!, 0.004 / 1e4);
  });

  it('rises in the warm-up first, from more than nothing', () => {
    for (const name of ['constant', 'linear', 'cosine', 'exponential'] as const) {
      const found = rates({ schedule: name, warmupEpochs: 1 });
      for (let step = 0; step <= 5; step++) assertNear(found[step]!, (0.1 * (step + 1)) / 6);
      if (name === 'constant') assert.deepEqual(found.slice(5), Array(15).fill(0.1));
      // The fall has the steps that the warm-up leaves.
      else assert.deepEqual(found.slice(5), rates({ schedule: name, epochs: 3 }));
    }
    const cycle = rates({ schedule: 'one-cycle', warmupEpochs: 2 });
    assert.equal(cycle.indexOf(Math.max(...cycle)), 9);
    assert.deepEqual(rates({ warmupEpochs: 0.05 }), Array(20).fill(0.1));
  });

  it('starts from the learning rate of the settings, or the default of the optimizer', () => {
    const settings = (given: Partial<TrainSettings>) =>
      ({ optimizer: 'adam', epochs: 2, schedule: 'cosine', ...given }) as TrainSettings;
    assertNear(optimizerFor(settings({}), 10).learningRateAt(10), 0.0005);
    assertNear(optimizerFor(settings({ learningRate: 0.2 }), 10).learningRateAt(10), 0.1);
    assertNear(optimizerFor(settings({ stepsPerEpoch: 4 })).learningRateAt(4), 0.0005);
  });
});

describe('a training with a schedule', () => {
  let folder = '';
  let settings: TrainSettings;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'cajal-schedule-'));
    settings = {
      folder: await writeTinyPictures(path.join(folder, 'pictures'), 6),
      val: 0.34,
      fraction: 1,
      strict: false,
      arch: 'logistic-regression',
      size: 12,
      colorMode: 'rgb',
      fit: 'stretch',
      interpolation: 'bilinear',
      filters: [4],
      units: 8,
      dropout: 0,
      epochs: 4,
      batchSize: 4,
      optimizer: 'adam',
      schedule: 'linear',
      warmupEpochs: 1,
      loss: 'categoricalCrossentropy',
      metrics: ['accuracy'],
      seed: 0,
    };
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('goes on to the same bits where it was stopped, and records what it used', async (context) => {
    const start = (name: string) => createRunFolder(path.join(folder, 'runs'), { name });
    const whole = await start('whole');
    const { history } = await train(whole, settings, { observer: silentObserver });
    // Three steps in each epoch; what is noted is the learning rate that comes next.
    const expected = [1, 2 / 3, 1 / 3, 0].map((share) => 0.001 * share);
    for (const [epoch, row] of history.entries()) assertNear(row['learningRate']!, expected[epoch]!);
    const report = JSON.parse(readFileSync(whole.pathOf('report.json'), 'utf8'));
    assert.deepEqual(report.optimizer, { name: 'adam', learningRate: 0.001, schedule: 'linear', warmupEpochs: 1 });
    const page = readFileSync(whole.pathOf('report.html'), 'utf8');
    assert.match(page, /<dt>Optimizer<\/dt><dd>adam, learning rate 0\.001, linear schedule, 1 epoch of warm-up<\/dd>/);
    assert.match(page, /<b>learningRate<\/b>/);

    if ((await defaultBackend()).backend.name === 'reference') return context.skip('it computes in float64');
    const cut = await start('cut');
    const controller = new AbortController();
    const observer: JobObserver = {
      ...silentObserver,
      event: ({ event, epoch }) => event === 'epoch' && epoch === 2 && controller.abort(),
    };
    const { reason } = await train(cut, settings, { observer, signal: controller.signal });
    assert.equal(reason, 'interrupted');
    await train(cut, settings, { observer: silentObserver, isResumed: true });
    for (const file of ['history.csv', 'weights/last/model.safetensors']) {
      assert.deepEqual(readFileSync(cut.pathOf(file)), readFileSync(whole.pathOf(file)), file);
    }
  });

  it('refuses a warm-up that leaves no epoch', () => {
    assert.throws(
      () => checkTrainSettings({ ...settings, warmupEpochs: 4 }),
      /^OptionError: train: expected --warmup-epochs below --epochs \(4\), received 4\. Raise --epochs, or warm up for less\.$/,
    );
  });
});
