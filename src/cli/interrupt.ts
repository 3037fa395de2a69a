/** Ctrl-C and SIGTERM: the first time the work is asked to end well, the second time the process ends at once. */
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
  const onSignal = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      for (const signal of signals) process.off(signal, onSignal);
      // `process.exit` would wait for reads that never end, as of a pipe; without a handler the signal ends the process.
      process.kill(process.pid, name);
      return;
    }
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
