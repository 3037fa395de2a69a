/** `cajal predict`: what a trained model says of pictures. */
import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';
import { DataError, OptionError } from '../../core/errors.ts';
import { brokenReasons, type SkippedFile } from '../../data/index.ts';
import type { Prediction, UnreadPicture } from '../../runs/jobs/predict.ts';
import { formatShare } from '../evaluation-text.ts';
import { exitCodes } from '../exit-code.ts';
import { withInterrupt } from '../interrupt.ts';
import type { OptionTable } from '../options/option.ts';
import { type OutputOptions, outputOptions, trainOptions } from '../options/train-options.ts';
import { type TtaOptions, ttaOptions, ttaSettingsOf } from '../options/tta-options.ts';
import { showProgress } from '../progress.ts';
import { shownName } from '../terminal.ts';
import { alignColumns } from '../text-table.ts';
import { type Command, type CommandInput, defineCommand } from './command.ts';

/** More pictures that cannot be read than this are named in one line. */
const warnedSingly = 3;

interface PredictOptions extends OutputOptions, TtaOptions {
  run: string;
  topK: number;
  pixelLimit?: number;
  out?: string;
}

const table: OptionTable<PredictOptions> = {
  run: { kind: 'text', group: 'Output', isArgument: true, help: 'a run, or a model folder' },
  topK: {
    kind: 'number',
    group: 'Output',
    rule: { integer: true, min: 1 },
    default: 1,
    help: 'how many answers to each picture',
  },
  pixelLimit: { ...trainOptions.pixelLimit, group: 'Output' },
  out: { kind: 'text', group: 'Output', placeholder: 'file', help: 'write the answers to a CSV file' },
  ...ttaOptions,
  ...outputOptions,
};

/** The command. */
export const predictCommand: Command = defineCommand<PredictOptions>({
  name: 'predict',
  summary: 'say what a trained model sees in pictures',
  arguments: [
    { name: '<run>', help: table.run.help },
    { name: '<pictures...>', help: 'pictures, and folders of pictures' },
  ],
  table,
  examples: [
    'cajal predict runs/train cell.jpg',
    'cajal predict runs/train a.jpg b.jpg folder --top-k 2 --out predictions.csv',
    'cajal predict runs/train folder --json',
    'cajal predict runs/train folder --tta flip,rot90',
  ],
  notes: 'Files that cannot be read are named and left out; the exit code is 3 where none could be read.',
  run: runPredict,
});

async function runPredict({ terminal, values: options, rest }: CommandInput<PredictOptions>): Promise<number> {
  const { listPictures } = await import('../../data/node/index.ts');
  const { openPictureModel } = await import('../../runs/jobs/run-models.ts');
  const { describeSkipped } = await import('../../runs/jobs/training-data.ts');
  const { predictPictures } = await import('../../runs/jobs/predict.ts');
  const { writeFileAtomic } = await import('../../formats/node/write-file-atomic.ts');
  if (options.out !== undefined) await checkPlace(options.out);
  const observer = showProgress(terminal, options);
  const { files, skipped } = await listPictures(rest);
  const results: (Prediction | UnreadPicture)[] = [];
  await withInterrupt(terminal, 'Stopping.', async (signal) => {
    const model = await openPictureModel(options.run);
    const topK = Math.min(options.topK, model.classNames.length);
    const { pixelLimit } = options;
    const { describeTta, viewsOf } = await import('../../runs/jobs/augmented-answers.ts');
    const tta = ttaSettingsOf(options);
    const augmented = tta && viewsOf('predict', model.preprocessing, tta);
    if (augmented) observer.say(describeTta(augmented.summary));
    const how = { topK, observer, signal, pixelLimit, views: augmented?.views };
    for await (const answer of predictPictures(model, files, how)) {
      const result = augmented ? { ...answer, testTimeAugmentation: augmented.summary } : answer;
      results.push(result);
      if (options.json) terminal.out(`${JSON.stringify(result)}\n`);
    }
  });
  const read = results.filter((result): result is Prediction => result.answers !== undefined);
  const unread = results.filter((result): result is UnreadPicture => result.error !== undefined);
  if (unread.length <= warnedSingly) for (const { error } of unread) observer.warn(error);
  const summarized: SkippedFile[] = [
    ...skipped.filter(({ reason }) => brokenReasons.includes(reason)),
    ...(unread.length > warnedSingly ? unread : []),
  ];
  const left = describeSkipped(summarized);
  if (left !== undefined) observer.warn(left);
  if (read.length === 0) {
    const received = unread.length === 0 ? 'folders without pictures' : `${unread.length} that cannot be read`;
    throw new DataError(
      `predict: expected at least one picture, received ${received}. Give JPEG, PNG, WebP, GIF, TIFF, AVIF or BMP files.`,
    );
  }
  if (options.out !== undefined) {
    const { csvFormatRows } = await import('d3-dsv');
    await writeFileAtomic(options.out, `${csvFormatRows(toRows(read, String, (name) => name))}\n`);
    observer.say(`${read.length} ${read.length === 1 ? 'picture' : 'pictures'} in ${options.out}`);
  } else if (!options.json) {
    const rows = toRows(read, formatShare, (name) => shownName(name, 60));
    terminal.out(
      alignColumns(
        rows,
        rows[0]!.flatMap((_, column) => (column > 0 && column % 2 === 0 ? [column] : [])),
      ),
    );
  }
  return exitCodes.ok;
}

/** Throws where a file cannot be written, so that nothing is predicted in vain. */
async function checkPlace(file: string): Promise<void> {
  const folder = path.dirname(file);
  const kindOf = async (place: string) => {
    const found = await stat(place).catch(() => undefined);
    return found && (found.isDirectory() ? 'folder' : 'file');
  };
  const refuse = (received: string, remedy: string) => {
    throw new OptionError(
      `predict: expected --out to name a file that can be written, received ${received}. ${remedy}`,
    );
  };
  if ((await kindOf(file)) === 'folder') refuse(`the folder ${file}`, 'Add the name of a file, such as answers.csv.');
  const kind = await kindOf(folder);
  if (kind === undefined) refuse(`${file}, but there is no folder ${folder}`, 'Make the folder first.');
  if (kind === 'file') refuse(`${file}, but ${folder} is a file`, 'Choose a folder.');
  const isWritable = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!isWritable) refuse(`${file} in a folder that may not be written`, 'Choose another folder.');
}

/** A heading, then a line for each picture: its path, and class and probability of each answer. */
function toRows(
  predictions: readonly Prediction[],
  format: (probability: number) => string,
  show: (name: string) => string,
): string[][] {
  const number = (index: number) => (index === 0 ? '' : `_${index + 1}`);
  const head = predictions[0]!.answers.flatMap((_, index) => [`class${number(index)}`, `probability${number(index)}`]);
  const lines = predictions.map(({ path, answers }) => [
    show(path),
    ...answers.flatMap(({ className, probability }) => [show(className), format(probability)]),
  ]);
  return [['file', ...head], ...lines];
}
