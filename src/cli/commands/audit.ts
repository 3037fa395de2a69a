/** `cajal audit`: what is wrong with a folder of pictures, before anything is trained on it. */
import type { AuditReport, FileSet } from '../../audit/index.ts';
import { brokenReasons, countByReason } from '../../data/index.ts';
import { exitCodes } from '../exit-code.ts';
import { withInterrupt } from '../interrupt.ts';
import type { OptionTable } from '../options/option.ts';
import { type OutputOptions, outputOptions } from '../options/train-options.ts';
import { showProgress } from '../progress.ts';
import { shownName } from '../terminal.ts';
import { alignColumns } from '../text-table.ts';
import { type Command, type CommandInput, defineCommand } from './command.ts';

interface AuditCommandOptions extends OutputOptions {
  folder: string;
  val?: string;
  predictions?: string;
  out: string;
}

const table: OptionTable<AuditCommandOptions> = {
  folder: {
    kind: 'text',
    group: 'Data',
    isArgument: true,
    help: 'a folder that has one folder of pictures for each class',
  },
  val: { kind: 'text', group: 'Data', placeholder: 'folder', help: 'a second folder: pictures of both are a leak' },
  predictions: {
    kind: 'text',
    group: 'Data',
    placeholder: 'file',
    help: 'a CSV file of out-of-fold probabilities, to find wrong labels: path, and a column for each class',
  },
  out: {
    kind: 'text',
    group: 'Output',
    placeholder: 'file',
    default: 'audit.json',
    help: 'where the findings are written',
  },
  ...outputOptions,
};

/** The command. */
export const auditCommand: Command = defineCommand<AuditCommandOptions>({
  name: 'audit',
  summary: 'look for duplicates, leaks, groups and bad pictures in a folder',
  arguments: [{ name: '<folder>', help: table.folder.help }],
  table,
  examples: ['cajal audit cells', 'cajal audit cells/TRAIN --val cells/TEST --out cells.json'],
  run: runAudit,
});

async function runAudit({ terminal, values: options }: CommandInput<AuditCommandOptions>): Promise<number> {
  const { auditPictures } = await import('../../audit/node/index.ts');
  const { writeFileAtomic } = await import('../../formats/node/write-file-atomic.ts');
  const observer = showProgress(terminal, options);
  const report = await withInterrupt(terminal, 'Stopping.', async (signal) => {
    let task: ReturnType<typeof observer.start> | undefined;
    let last: string | undefined;
    const found = await auditPictures(options.folder, {
      ...(options.val !== undefined && { validation: options.val }),
      ...(options.predictions !== undefined && { predictions: options.predictions }),
      signal,
      onProgress(step, done, total) {
        if (step !== last) {
          task?.end();
          task = observer.start(step === 'reading' ? 'Reading pictures' : 'Comparing pictures', total);
          last = step;
        }
        task?.update(done);
      },
    });
    task?.end();
    return found;
  });
  for (const warning of report.warnings) observer.warn(warning);
  await writeFileAtomic(options.out, `${JSON.stringify(report)}\n`);
  if (options.json) terminal.out(`${JSON.stringify({ event: 'audit', ...report })}\n`);
  else terminal.out(formatAudit(report));
  observer.say(`Findings in ${options.out}`);
  return exitCodes.ok;
}

/** The findings in short. */
function formatAudit(report: AuditReport): string {
  const rows = (pairs: readonly (readonly [string, string])[]) => alignColumns(pairs.map((pair) => [...pair]));
  const counts = report.classes.map(({ name, count, validationCount }) => [
    shownName(name),
    String(count),
    ...(report.validationFolder === null ? [] : [String(validationCount)]),
  ]);
  const flags = new Map<string, number>();
  for (const file of [...report.files, ...report.validationFiles]) {
    for (const flag of file.flags) flags.set(flag, (flags.get(flag) ?? 0) + 1);
  }
  const broken = countByReason(report.skipped.filter(({ reason }) => brokenReasons.includes(reason)));
  const list = (entries: Iterable<readonly [string, number]>) =>
    [...entries].map(([name, count]) => `${count} ${name}`).join(', ') || 'none';
  const { groups, copies } = report;
  const findings: [string, string][] = [
    ['pictures', `${report.files.length}, largest class ${report.imbalance ?? '∞'} times the smallest`],
    ['sizes', list(report.sizes.slice(0, 5).map(({ value, count }) => [value, count] as const))],
    ['formats', list(report.formats.map(({ value, count }) => [value, count] as const))],
    ['broken', list(Object.entries(broken))],
    ['same content', describeSets(report.duplicates)],
    ['copies', `${describeSets(copies.sets)}; sure to ${percent(copies.confidence)}`],
    ['groups', `${groups.count} from ${groups.source}, sure to ${percent(groups.confidence)}: ${groups.reason}`],
    ...report.nameProposals.map(
      ({ pattern, groupCount, verdict, copiesTogether, copiesByChance }): [string, string] => [
        'names',
        `${pattern} makes ${groupCount} groups: ${verdict}` +
          (copiesTogether === null
            ? ''
            : `, ${percent(copiesTogether)} of copies lie in one group (${percent(copiesByChance ?? 0)} by chance)`),
      ],
    ),
    ['stand out', list(flags)],
    ...(report.labelIssues === null
      ? []
      : [['labels', `${report.labelIssues.length} are likely wrong`] as [string, string]]),
  ];
  return `${alignColumns(counts, [1, 2])}\n${rows(findings)}`;
}

function describeSets(sets: readonly FileSet[]): string {
  if (sets.length === 0) return 'none';
  const files = sets.reduce((sum, set) => sum + set.files.length, 0);
  const conflicts = sets.filter(({ classNames }) => classNames.length > 1).length;
  const leaks = sets.filter(({ isLeak }) => isLeak).length;
  const found = `${files} files in ${sets.length} sets`;
  return (
    found +
    (conflicts > 0 ? `, ${conflicts} of them across classes` : '') +
    (leaks > 0 ? `, ${leaks} of them in both folders (a leak)` : '')
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0.1 ? 0 : 1)} %`;
}
