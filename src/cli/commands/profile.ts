/** `cajal profile`: where the time of a step goes, beside what the machine could do. */
import path from 'node:path';
import { OptionError } from '../../core/errors.ts';
import type { Model } from '../../model/model.ts';
import type { NetworkSettings, TrainSettings } from '../../runs/jobs/train-settings.ts';
import type { ProfileTable } from '../../runs/profile-text.ts';
import { profileKinds } from '../../training/profile.ts';
import { exitCodes } from '../exit-code.ts';
import type { OptionTable } from '../options/option.ts';
import { networkOptions, outputOptions, trainOptions } from '../options/train-options.ts';
import { alignColumns } from '../text-table.ts';
import { type Command, type CommandInput, defineCommand } from './command.ts';

type TrainingOptions = Pick<TrainSettings, 'optimizer' | 'loss'>;

interface ProfileCommandOptions extends NetworkSettings, TrainingOptions {
  run?: string;
  classes: number;
  batchSize: number;
  step: (typeof profileKinds)[number];
  repeats: number;
  withoutFusion?: boolean;
  out?: string;
  json?: boolean;
}

const trainingOptions: OptionTable<TrainingOptions> = { optimizer: trainOptions.optimizer, loss: trainOptions.loss };

const table: OptionTable<ProfileCommandOptions> = {
  run: {
    kind: 'text',
    group: 'Network',
    isArgument: true,
    help: 'a run, or a model folder; without one, the network of the options with fresh weights',
  },
  ...networkOptions,
  classes: {
    kind: 'number',
    group: 'Network',
    rule: { integer: true, min: 2 },
    default: 4,
    help: 'outputs of the network',
  },
  ...trainingOptions,
  step: { kind: 'name', group: 'Step', choices: profileKinds, default: 'train', help: 'what is timed' },
  batchSize: { ...trainOptions.batchSize, group: 'Step', help: 'pictures in the step' },
  repeats: { kind: 'number', group: 'Step', rule: { integer: true, min: 1 }, default: 10, help: 'timed steps' },
  withoutFusion: {
    kind: 'flag',
    group: 'Step',
    help: 'run pooling, activations and updates by themselves, to see what each would take',
  },
  out: {
    kind: 'text',
    group: 'Output',
    placeholder: 'file',
    help: 'write the tables and a picture as a page (default: profile.html in the run; none without a run)',
  },
  json: outputOptions.json,
};

/** The command. */
export const profileCommand: Command = defineCommand<ProfileCommandOptions>({
  name: 'profile',
  summary: "time each instruction of a step, beside the machine's peak",
  arguments: [{ name: '[run]', help: table.run.help }],
  table,
  examples: [
    'cajal profile runs/train',
    'cajal profile --arch cnn --size 150 --classes 4 --out profile.html',
    'CAJAL_THREADS=1 cajal profile --step predict --batch-size 1',
  ],
  notes: 'Pictures are random and weights stay as they are. Close other programs: they share the machine.',
  run: runProfile,
});

/** Instructions below this share of the time are one line in the terminal; the page and JSON have them all. */
const leastShare = 0.001;

async function runProfile({ terminal, values: options, given }: CommandInput<ProfileCommandOptions>): Promise<number> {
  const { batchSize, step, repeats, withoutFusion } = options;
  const { name, model, page } = await (options.run === undefined
    ? fromOptions(options)
    : fromFolder(options.run, given));
  const profile = await model.profile({ batchSize, step, repeats, fusion: !withoutFusion });
  const { analyseProfile } = await import('../../runs/profile-analysis.ts');
  const analysis = analyseProfile(profile);
  const file = options.out ?? page;
  if (file !== undefined) await writePage(file, name, profile);
  if (options.json) {
    const { rows, ...sums } = analysis;
    const written = file === undefined ? {} : { page: file };
    terminal.out(`${JSON.stringify({ event: 'profile', name, ...profile, rows, ...sums, ...written })}\n`);
    return exitCodes.ok;
  }
  const text = await import('../../runs/profile-text.ts');
  const tables = [text.instructionTable(analysis, leastShare), text.layerTable(analysis), text.opTable(analysis)];
  const sections = [
    `${name}: ${text.describeProfile(profile)}\n`,
    text.profileSentences(profile, analysis).join('\n').concat('\n'),
    ...tables.map(formatTable),
    text.profileNotes.join('\n').concat('\n'),
  ];
  terminal.out(sections.join('\n'));
  if (file !== undefined) terminal.note(`\nWritten: ${file}\n`);
  return exitCodes.ok;
}

/** What is profiled, and where its page goes by default. */
interface Subject {
  readonly name: string;
  readonly model: Model;
  readonly page?: string;
}

async function fromOptions(options: ProfileCommandOptions): Promise<Subject> {
  const { sequential } = await import('../../model/model.ts');
  const { layersOf } = await import('../../runs/jobs/train-settings.ts');
  const { arch, classes, optimizer, loss } = options;
  const model = sequential(layersOf(options, classes), { name: arch });
  model.compile({ optimizer, loss });
  return { name: arch, model };
}

async function fromFolder(run: string, given: readonly string[]): Promise<Subject> {
  const foreign = given.filter((key) => key in networkOptions || key in trainingOptions || key === 'classes');
  if (foreign.length > 0) {
    throw new OptionError(
      `profile: expected a run or the options of a network, received both (${run} and ${foreign.join(', ')}). Leave one out.`,
    );
  }
  const { loadModel } = await import('../../model/load-model.ts');
  const { findModelFolder } = await import('../../runs/jobs/run-models.ts');
  const folder = await findModelFolder(run);
  const { model, description } = await loadModel(folder);
  return { name: description.name, model, ...(folder !== run && { page: path.join(run, 'profile.html') }) };
}

async function writePage(file: string, name: string, profile: Awaited<ReturnType<Model['profile']>>): Promise<void> {
  const { renderProfilePage } = await import('../../runs/profile-page.ts');
  const { cajalVersion } = await import('../../runs/jobs/cajal-version.ts');
  const { writeFileAtomic } = await import('../../formats/node/write-file-atomic.ts');
  await writeFileAtomic(file, renderProfilePage(name, cajalVersion(), profile));
}

function formatTable({ title, head, rows, foot, words }: ProfileTable): string {
  const numbers = head.map((_, column) => column).filter((column) => column >= words);
  const rule = head.map(() => '');
  const lines = alignColumns(
    [head, ...rows, rule, ...foot].map((cells) => head.map((_, column) => cells[column] ?? '')),
    numbers,
  );
  return `${title}\n${lines}`;
}
