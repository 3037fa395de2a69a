/** `cajal demo`: draws blood smears, trains the thirteen-layer network on them, and reports on slides it never saw. */
import path from 'node:path';
import { defaultSmearSet } from '../../data/synthetic/default-smear-set.ts';
import type { TrainSettings } from '../../runs/jobs/train-settings.ts';
import { withInterrupt } from '../interrupt.ts';
import type { OptionTable } from '../options/option.ts';
import { resolveOptions } from '../options/resolve-options.ts';
import { type OutputOptions, outputOptions, trainOptions, trainRunOptions } from '../options/train-options.ts';
import { showProgress } from '../progress.ts';
import { type Command, type CommandInput, defineCommand } from './command.ts';
import { showResult } from './train.ts';

const testShare = defaultSmearSet.testSlides / defaultSmearSet.slides;

interface DemoOptions extends OutputOptions {
  out: string;
  epochs: number;
  seed: number;
  slides: number;
  picturesPerSlide: number;
  minAccuracy?: number;
}

const table: OptionTable<DemoOptions> = {
  out: { ...trainRunOptions.out, default: 'runs', help: 'where the run and the drawn pictures go' },
  epochs: { ...trainOptions.epochs, group: 'Run', default: 15 },
  seed: { ...trainOptions.seed, group: 'Run', default: 7 },
  slides: {
    kind: 'number',
    group: 'Run',
    rule: { integer: true, min: 2, max: 9999 },
    default: defaultSmearSet.slides,
    help: 'slides to draw; two in nine are kept for the test',
  },
  picturesPerSlide: {
    kind: 'number',
    group: 'Run',
    rule: { integer: true, min: 4, max: 9999 },
    default: defaultSmearSet.picturesPerSlide,
    help: 'pictures to draw of each slide',
  },
  minAccuracy: trainRunOptions.minAccuracy,
  ...outputOptions,
};

/** The command. */
export const demoCommand: Command = defineCommand<DemoOptions>({
  name: 'demo',
  summary: 'draw a set of pictures, train on it and report: two minutes',
  arguments: [],
  table,
  examples: ['cajal demo', 'cajal demo --epochs 20 --seed 1'],
  run: runDemo,
});

async function runDemo({ terminal, values: options }: CommandInput<DemoOptions>): Promise<number> {
  const { out: root, epochs, seed, slides, picturesPerSlide } = options;
  const testSlides = Math.max(1, Math.round(slides * testShare));
  const { writeSmearSet } = await import('../../data/synthetic/node/write-smear-set.ts');
  const { progressOf } = await import('../../runs/jobs/training-data.ts');
  const { createRunFolder } = await import('../../runs/create-run-folder.ts');
  const { train } = await import('../../runs/jobs/train.ts');
  const observer = showProgress(terminal, options);
  const result = await withInterrupt(terminal, 'Stopping after this step, then the report.', async (signal) => {
    const folder = path.join(root, `smears-${slides}x${picturesPerSlide}`);
    const drawing = progressOf(observer, 'Drawing pictures');
    const { trainFolder, testFolder } = await writeSmearSet(
      folder,
      { slides, testSlides, picturesPerSlide, signal },
      drawing.update,
    );
    drawing.end();
    const settings: TrainSettings = {
      ...(resolveOptions({
        command: 'demo',
        table: trainOptions,
        flags: {},
        environment: {},
        config: {},
      }) as unknown as TrainSettings),
      folder: trainFolder,
      testFolder,
      size: defaultSmearSet.size,
      val: 0.2,
      groupBy: '^slide(\\d+)_',
      epochs,
      seed,
    };
    const run = await createRunFolder(root, { stem: 'demo' });
    return train(run, settings, { observer, signal });
  });
  return showResult(terminal, result, options);
}
