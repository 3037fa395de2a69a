/** `cajal augment`: what the network will see of pictures, as a sheet and as files. */
import path from 'node:path';
import { OptionError } from '../../core/errors.ts';
import type { AugmentationSheet } from '../../runs/augmentation-sheet.ts';
import { defaultShare, type TrainSettings } from '../../runs/jobs/train-settings.ts';
import { exitCodes } from '../exit-code.ts';
import { withInterrupt } from '../interrupt.ts';
import type { OptionTable } from '../options/option.ts';
import { type OutputOptions, outputOptions, trainOptions, trainRunOptions } from '../options/train-options.ts';
import { showProgress } from '../progress.ts';
import { type Command, type CommandInput, defineCommand } from './command.ts';

/** What decides which pictures are trained on, in which order, and how they are prepared. */
const usedNames = [
  'folder',
  'val',
  'valFolder',
  'groupBy',
  'split',
  'audit',
  'cv',
  'fold',
  'fraction',
  'strict',
  'size',
  'colorMode',
  'fit',
  'interpolation',
  'augment',
  'seed',
  'splitSeed',
] as const satisfies readonly (keyof TrainSettings)[];

type UsedSettings = Pick<TrainSettings, (typeof usedNames)[number]>;

interface AugmentCommandOptions extends UsedSettings, OutputOptions {
  count: number;
  variants: number;
  out: string;
  saveToDir?: string;
  config?: string;
  cacheMib?: number;
}

const usualWords = ['flip', 'rotation', 'shift', 'zoom'];
const usedOptions = Object.fromEntries(
  usedNames.map((name) => [name, trainOptions[name]]),
) as OptionTable<UsedSettings>;
const rule = { integer: true, min: 1, max: 100 } as const;

const table: OptionTable<AugmentCommandOptions> = {
  ...usedOptions,
  augment: { ...trainOptions.augment, default: usualWords },
  count: { kind: 'number', group: 'Output', rule, default: 8, help: 'pictures, of each class as many' },
  variants: { kind: 'number', group: 'Output', rule, default: 6, help: 'of each picture, one for each epoch' },
  out: {
    kind: 'text',
    group: 'Output',
    placeholder: 'file',
    default: 'augmentation.html',
    help: 'the sheet, an .html or a .png file',
  },
  saveToDir: {
    kind: 'text',
    group: 'Output',
    placeholder: 'folder',
    help: 'also write the variants there, as class/name.epoch-1.png, …',
  },
  config: { ...trainRunOptions.config, group: 'Data' },
  cacheMib: { ...trainRunOptions.cacheMib, group: 'Output' },
  ...outputOptions,
};

/** The command. */
export const augmentCommand: Command = defineCommand<AugmentCommandOptions>({
  name: 'augment',
  summary: 'show what augmentation makes of pictures, as training will see them',
  arguments: [{ name: '[folder]', help: table.folder.help }],
  table,
  takesArgumentsOf: 'train',
  examples: [
    'cajal augment cells',
    'cajal augment cells --augment flip,rot90,rotation=20 --out sheet.png',
    'cajal augment --config runs/train/args.json --variants 10 --save-to-dir seen',
  ],
  notes:
    'Give the options that you will train with: what is drawn for a picture follows from the seed, the epoch and its place among ' +
    'the training pictures.',
  run: (input) => withInterrupt(input.terminal, 'Stopping.', (signal) => runAugment(signal, input)),
});

async function runAugment(
  signal: AbortSignal,
  { terminal, values: options }: CommandInput<AugmentCommandOptions>,
): Promise<number> {
  const { out, saveToDir, count, variants, cacheMib } = options;
  const settings = settingsOf(options);
  const isPng = checkOut(out);
  const { checkRunPlace } = await import('../../runs/check-run-place.ts');
  const folders = [settings.folder, settings.valFolder].filter((folder) => folder !== undefined);
  if (saveToDir !== undefined) await checkRunPlace(saveToDir, folders);
  const { checkAugmentation } = await import('../../runs/jobs/changed-pictures.ts');
  const { channelCount, checkSplitSettings } = await import('../../runs/jobs/train-settings.ts');
  checkSplitSettings(settings);
  checkAugmentation('augment', settings, channelCount(settings));
  const { drawSheet } = await import('../../runs/jobs/augmentation-variants.ts');
  const sheet = await drawSheet(settings, {
    observer: showProgress(terminal, options),
    signal,
    count,
    epochs: variants,
    ...(cacheMib !== undefined && { cacheBytes: cacheMib * 2 ** 20 }),
  });
  await writeSheet(out, isPng, sheet);
  const { saveVariants } = await import('../../runs/jobs/save-variants.ts');
  const saved = saveToDir === undefined ? 0 : await saveVariants(saveToDir, sheet.rows);
  if (options.json) {
    const pictures = sheet.rows.map(({ file, title }) => ({ file, className: title }));
    const { words, seed } = sheet;
    terminal.out(
      `${JSON.stringify({ event: 'augmentation', augment: words, seed, epochs: variants, pictures, sheet: out, ...(saveToDir !== undefined && { saved, saveToDir }) })}\n`,
    );
    return exitCodes.ok;
  }
  const [pictures, epochs] = [quantity(sheet.rows.length, 'picture'), quantity(variants, 'epoch')];
  const how = sheet.words.length === 0 ? 'as they are' : `by ${sheet.words.join(', ')}`;
  terminal.out(`${pictures} in ${epochs} ${how}: ${out}\n`);
  if (saveToDir !== undefined) terminal.out(`${quantity(saved, 'file')}: ${saveToDir}\n`);
  return exitCodes.ok;
}

function quantity(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function settingsOf(options: AugmentCommandOptions): TrainSettings {
  const settings = Object.fromEntries(Object.entries(trainOptions).map(([key, spec]) => [key, spec.default]));
  for (const name of usedNames) settings[name] = options[name];
  if (options.folder === undefined) {
    throw new OptionError('augment: expected pictures to change, received no folder. Name it: cajal augment photos.');
  }
  settings['val'] ??= defaultShare(options);
  return settings as unknown as TrainSettings;
}

/** Whether it is a PNG. */
function checkOut(out: string): boolean {
  const extension = path.extname(out).toLowerCase();
  if (['.png', '.html', '.htm'].includes(extension)) return extension === '.png';
  throw new OptionError(
    `augment: expected --out to name an .html or a .png file, received ${JSON.stringify(out)}. Write --out sheet.html.`,
  );
}

async function writeSheet(out: string, isPng: boolean, sheet: AugmentationSheet): Promise<void> {
  const { writeFileAtomic } = await import('../../formats/node/write-file-atomic.ts');
  if (isPng) {
    const { renderSheetPng } = await import('../../runs/augmentation-picture.ts');
    await writeFileAtomic(out, await renderSheetPng(sheet));
    return;
  }
  const { renderSheetPage } = await import('../../runs/augmentation-sheet.ts');
  await writeFileAtomic(out, await renderSheetPage(sheet));
}
