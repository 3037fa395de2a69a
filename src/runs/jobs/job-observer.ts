/** How jobs tell what they are doing. The command line draws it, a test collects it, a server would send it on. */
import type { Logs } from '../../training/callbacks/callback.ts';
import type { RunEvent } from '../run-record.ts';

/** Something that takes a while and has a known number of parts. */
export interface JobTask {
  /** So many parts are done; `logs` are the numbers so far. */
  update(done: number, logs?: Logs): void;
  /** All that will be done is done. */
  end(logs?: Logs): void;
}

/** Who is told. */
export interface JobObserver {
  /** A task begins; tasks do not overlap. */
  start(title: string, total: number, kind?: 'epoch' | 'other'): JobTask;
  /** Something a person should know; the work goes on. */
  warn(message: string): void;
  /** One step of the work in a sentence. */
  say(message: string): void;
  /** What is also written to `events.jsonl`. */
  event(event: RunEvent): void;
}

/** Tells nobody. */
export const silentObserver: JobObserver = {
  start: () => ({ update() {}, end() {} }),
  warn() {},
  say() {},
  event() {},
};
