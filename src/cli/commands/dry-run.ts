/** `cajal train --dry-run`: what the training would need, without training. */
import type { DryRun } from '../../runs/jobs/dry-run.ts';
import type { TrainSettings } from '../../runs/jobs/train-settings.ts';
import { formatSeconds } from '../../training/callbacks/progress-line.ts';
import { exitCodes } from '../exit-code.ts';
import type { TrainRunOptions } from '../options/train-options.ts';
import { showProgress } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import { alignColumns } from '../text-table.ts';

/** Tries one batch and prints what it showed. */
export async function runDryRun(
  terminal: Terminal,
  settings: TrainSettings,
  options: TrainRunOptions,
  signal: AbortSignal,
): Promise<number> {
  const { tryOneBatch } = await import('../../runs/jobs/dry-run.ts');
  const observer = showProgress(terminal, options);
  observer.say('Trying one batch …');
  const found = await tryOneBatch(settings, { observer, signal });
  terminal.out(options.json ? `${JSON.stringify({ event: 'dry-run', ...found })}\n` : describe(found, settings));
  return exitCodes.ok;
}

function describe(found: DryRun, { epochs, batchSize }: TrainSettings): string {
  const shape = (sizes: readonly number[]) => `[${sizes.join(', ')}]`;
  const rows = [
    ['classes', found.classNames.join(', ')],
    [
      'pictures',
      `${found.trainingPictures} for training, ${found.validationPictures} for validation (before broken ones are left out)`,
    ],
    [
      'a batch',
      `inputs ${shape(found.inputShape)} ${found.inputType}, targets ${shape(found.targetShape)}, read in ${formatMs(found.readSeconds)}`,
    ],
    [
      'memory',
      `${formatBytes(found.weightBytes)} weights and optimizer, ${formatBytes(found.arenaBytes)} for a step, ${formatBytes(found.pictureBytes)} pictures`,
    ],
    [
      'a step',
      `${formatOperations(found.stepFlops)} floating-point operations in ${formatMs(found.stepSeconds)} (${formatOperations(found.stepFlops / found.stepSeconds)}/s)`,
    ],
    ['an epoch', `${found.stepsPerEpoch} steps of ${batchSize}, about ${formatSeconds(found.epochSeconds)}`],
    [
      'in all',
      `${found.folds > 1 ? `${found.folds} folds of ` : ''}${epochs} epochs, about ${formatSeconds(found.totalSeconds)}`,
    ],
    [
      'computed by',
      `${found.backend} ${found.instructionSet}, ${found.threads} ${found.threads === 1 ? 'thread' : 'threads'}`,
    ],
  ];
  return `${found.summary}\n${alignColumns(rows)}`;
}

function formatMs(seconds: number): string {
  return seconds >= 1 ? `${seconds.toFixed(1)} s` : `${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)} ms`;
}

function formatBytes(bytes: number): string {
  return bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(2)} GiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

function formatOperations(count: number): string {
  return count >= 1e9 ? `${(count / 1e9).toFixed(1)} G` : `${(count / 1e6).toFixed(1)} M`;
}
