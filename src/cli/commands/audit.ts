/** `cajal audit`: what is wrong with a folder of pictures, before anything is trained on it. */
import { listFindings } from '../../audit/index.ts';
import { formatAudit, formatTableAudit } from '../audit-text.ts';
import { exitCodes } from '../exit-code.ts';
import { withInterrupt } from '../interrupt.ts';
import type { OptionTable } from '../options/option.ts';
import { type OutputOptions, outputOptions } from '../options/train-options.ts';
import { showProgress } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import { type Command, type CommandInput, defineCommand } from './command.ts';

interface AuditCommandOptions extends OutputOptions {
  folder: string;
  val?: string;
  predictions?: string;
  root?: string;
  labelColumn?: string;
  out: string;
}

const table: OptionTable<AuditCommandOptions> = {
  folder: {
    kind: 'text',
    group: 'Data',
    isArgument: true,
    help: 'a folder that has one folder of pictures for each class, or a table of labels (.csv, .tsv)',
  },
  val: { kind: 'text', group: 'Data', placeholder: 'folder', help: 'a second folder: pictures of both are a leak' },
  predictions: {
    kind: 'text',
    group: 'Data',
    placeholder: 'file',
    help: 'a CSV file of out-of-fold probabilities, to find wrong labels: path, and a column for each class',
  },
  root: { kind: 'text', group: 'Data', placeholder: 'folder', help: 'of a table: where its pictures lie' },
  labelColumn: { kind: 'text', group: 'Data', placeholder: 'name', help: 'of a table: the column of labels' },
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
  summary: 'look for duplicates, leaks, groups and bad pictures in a folder, or what to fix in a table of labels',
  arguments: [{ name: '<folder>', help: table.folder.help }],
  table,
  examples: [
    'cajal audit cells',
    'cajal audit cells/TRAIN --val cells/TEST --out cells.json',
    'cajal audit labels.csv --root pictures',
  ],
  run: runAudit,
});

async function runAudit({ terminal, values: options }: CommandInput<AuditCommandOptions>): Promise<number> {
  if (/\.(csv|tsv)$/i.test(options.folder)) return runTableAudit(terminal, options);
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
  const findings = listFindings(report, { auditFile: options.out });
  if (options.json) terminal.out(`${JSON.stringify({ event: 'audit', ...report, findings })}\n`);
  else terminal.out(formatAudit(report, findings, terminal.columns));
  observer.say(`Findings in ${options.out}`);
  return exitCodes.ok;
}

/** A table of labels: nothing is written, since training reads the table itself. */
async function runTableAudit(terminal: Terminal, options: AuditCommandOptions): Promise<number> {
  const { auditTable } = await import('../../audit/node/index.ts');
  const audit = await auditTable(options.folder, {
    ...(options.root !== undefined && { root: options.root }),
    ...(options.labelColumn !== undefined && { labelColumn: options.labelColumn }),
  });
  if (options.json) terminal.out(`${JSON.stringify({ event: 'audit', ...audit })}\n`);
  else terminal.out(formatTableAudit(audit, terminal.columns));
  return exitCodes.ok;
}
