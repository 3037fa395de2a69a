/** `cajal audit`: what is wrong with a folder of pictures, before anything is trained on it. */
import { listFindings, proposeFixes } from '../../audit/index.ts';
import { OptionError } from '../../core/errors.ts';
import { formatAudit, formatTableAudit } from '../audit-text.ts';
import { exitCodes } from '../exit-code.ts';
import { withInterrupt } from '../interrupt.ts';
import type { OptionTable } from '../options/option.ts';
import { type OutputOptions, outputOptions, trainOptions } from '../options/train-options.ts';
import { showProgress } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import { type Command, type CommandInput, defineCommand } from './command.ts';

interface AuditCommandOptions extends OutputOptions {
  folder: string;
  val?: string;
  predictions?: string;
  root?: string;
  labelColumn?: string;
  fix?: string;
  out?: string;
  pixelLimit?: number;
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
  pixelLimit: trainOptions.pixelLimit,
  out: {
    kind: 'text',
    group: 'Output',
    placeholder: 'path',
    help: 'where the findings are written, with a page beside them (default: audit.json, audit.html); of --fix copy, the new folder',
  },
  fix: {
    kind: 'name',
    group: 'Output',
    choices: ['list', 'copy'],
    help: 'write what to do with which file to audit-fixes.csv, or copy the pictures without copies, conflicts and broken files',
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
    'cajal audit cells --fix copy --out cells-clean',
    'cajal audit labels.csv --root pictures',
  ],
  run: runAudit,
});

async function runAudit({ terminal, values: options }: CommandInput<AuditCommandOptions>): Promise<number> {
  if (/\.(csv|tsv)$/i.test(options.folder)) return runTableAudit(terminal, options);
  const { auditPictures, checkCleanPlace, copyClean, formatFixes } = await import('../../audit/node/index.ts');
  const { writeFileAtomic } = await import('../../formats/node/write-file-atomic.ts');
  const { folder, fix, out } = options;
  if (fix === 'copy') {
    if (out === undefined) {
      throw new OptionError(
        'audit: --fix copy needs a place for the cleaned copy, received none. Add --out cells-clean.',
      );
    }
    await checkCleanPlace(folder, out);
  }
  const file = fix === 'copy' || out === undefined ? 'audit.json' : out;
  const beside = (ending: string) => `${file.replace(/\.json$/i, '')}${ending}`;
  const observer = showProgress(terminal, options);
  const { report, copied } = await withInterrupt(terminal, 'Stopping.', async (signal) => {
    let task: ReturnType<typeof observer.start> | undefined;
    let last: string | undefined;
    const found = await auditPictures(folder, {
      ...(options.val !== undefined && { validation: options.val }),
      ...(options.predictions !== undefined && { predictions: options.predictions }),
      ...(options.pixelLimit !== undefined && { pixelLimit: options.pixelLimit }),
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
    if (fix !== 'copy') return { report: found };
    const copying = observer.start('Copying pictures', found.files.length);
    const done = await copyClean(found, out!, { signal, onProgress: (count) => copying.update(count) });
    copying.end();
    return { report: found, copied: done };
  });
  for (const warning of report.warnings) observer.warn(warning);
  await writeFileAtomic(file, `${JSON.stringify(report)}\n`);
  const findings = listFindings(report, { auditFile: file });
  // What draws charts takes a while to load.
  const { renderAuditPage } = await import('../../runs/audit-page.ts');
  const { cajalVersion } = await import('../../runs/jobs/cajal-version.ts');
  const page = beside('.html');
  await writeFileAtomic(page, await renderAuditPage(report, { findings, version: cajalVersion() }));
  const list = fix === undefined ? undefined : beside('-fixes.csv');
  if (list !== undefined) await writeFileAtomic(list, formatFixes(proposeFixes(report)));
  if (options.json) terminal.out(`${JSON.stringify({ event: 'audit', ...report, findings, copied, page })}\n`);
  else terminal.out(formatAudit(report, findings, terminal.columns));
  if (copied) {
    observer.say(
      `${copied.copied} ${copied.copied === 1 ? 'picture' : 'pictures'} copied to ${out}, ${copied.leftOut} ${copied.leftOut === 1 ? 'file' : 'files'} left out; nothing else was changed.`,
    );
  }
  observer.say(
    `Findings in ${file}, a page with pictures in ${page}${list === undefined ? '' : `, what to do in ${list}`}`,
  );
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
