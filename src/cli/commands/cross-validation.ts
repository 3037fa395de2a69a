/** `cajal train --cv`: trains the folds and prints what they come to. */
import { crossValidate } from '../../runs/jobs/cross-validate.ts';
import type { TrainSettings } from '../../runs/jobs/train-settings.ts';
import type { RunFolder } from '../../runs/run-folder.ts';
import { checkAccuracy } from '../check-accuracy.ts';
import { formatEvaluation } from '../evaluation-text.ts';
import { exitCodes } from '../exit-code.ts';
import { cacheSettingsOf } from '../options/cache-options.ts';
import type { TrainRunOptions } from '../options/train-options.ts';
import { showSeriesProgress } from '../series-progress.ts';
import type { Terminal } from '../terminal.ts';
import { alignColumns } from '../text-table.ts';

/** Trains and shows. @returns what the shell is told */
export async function runCrossValidation(
  terminal: Terminal,
  run: RunFolder,
  settings: TrainSettings,
  options: TrainRunOptions,
  signal: AbortSignal,
): Promise<number> {
  const { json, minAccuracy } = options;
  const { summary, planned, done, isInterrupted, hasFailed, leak } = await crossValidate(run, settings, {
    observer: showSeriesProgress(terminal, options),
    signal,
    ...cacheSettingsOf(options, terminal.environment),
  });
  if (summary) {
    const page = run.pathOf('report.html');
    if (json) {
      terminal.out(`${JSON.stringify({ event: 'cross-validation', run: run.path, done, ...summary, leak, page })}\n`);
    } else {
      const { describeFolds, foldCautions, foldTable } = await import('../../runs/cross-validation-text.ts');
      const { head, rows } = foldTable(summary);
      const table = alignColumns([head, ...rows], head.map((_, column) => column).slice(1));
      const cautions = foldCautions(summary, settings.groupBy !== undefined || settings.split === 'grouped');
      terminal.out(`\nAll held-out pictures together:\n\n${formatEvaluation(summary.pooled)}\n${table}\n`);
      terminal.out(`${[describeFolds(summary), ...cautions].join('\n')}\n\nReport: ${page}\n`);
    }
  }
  if (isInterrupted) {
    terminal.note(`Stopped after ${done} of ${planned} folds. To go on: cajal train --resume ${run.path}\n`);
    return exitCodes.interrupted;
  }
  if (hasFailed) return exitCodes.runtime;
  return checkAccuracy(terminal, summary?.values.accuracy.mean, minAccuracy);
}
