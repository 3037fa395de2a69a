/** Ctrl-C: the first time the work is asked to end well, the second time the process ends at once. */
import { exitCodes } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

const signals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs some work with a signal that Ctrl-C aborts.
 *
 * @param ending what will still be done, for the person who waits for it
 */
export async function withInterrupt<Result>(
  terminal: Terminal,
  ending: string,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort();
    terminal.note(`\n${ending} Press Ctrl-C again to stop at once.\n`);
  };
  for (const signal of signals) process.on(signal, onSignal);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}
