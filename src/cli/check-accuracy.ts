/** `--min-accuracy`: what the shell is told where a model is not good enough. */
import { coloured } from '../core/terminal-colour.ts';
import { formatShare } from './evaluation-text.ts';
import { exitCodes } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

/** 4 where the accuracy is below what was asked for. */
export function checkAccuracy(
  terminal: Terminal,
  accuracy: number | undefined,
  minAccuracy: number | undefined,
): number {
  if (minAccuracy === undefined || accuracy === undefined || accuracy >= minAccuracy) return exitCodes.ok;
  terminal.note(
    `${coloured(terminal, 'red', 'too low:')} the accuracy is ${formatShare(accuracy)}, expected at least ${formatShare(minAccuracy)}.\n`,
  );
  return exitCodes.quality;
}
