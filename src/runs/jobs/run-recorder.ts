/** The callback that writes a training down: each epoch into the history and the events, the best model, and a checkpoint,
 * in that order, so that a checkpoint never knows more than the files beside it. */

import type { Model } from '../../model/model.ts';
import type { SaveOptions } from '../../model/store.ts';
import { type Callback, type Logs, Monitor, type TrainingHandle } from '../../training/callbacks/index.ts';
import { type RunFolder, runFiles } from '../run-folder.ts';
import type { HistoryRow } from '../run-record.ts';
import { type Checkpoint, writeCheckpoint } from './checkpoint.ts';
import type { JobObserver, JobTask } from './job-observer.ts';
import { saveRunModel } from './run-models.ts';

/** What a recorder is given. */
export interface RecorderOptions {
  readonly run: RunFolder;
  readonly model: Model;
  readonly monitor: string;
  /** What is saved with each model. */
  readonly save: SaveOptions;
  readonly observer: JobObserver;
  /** Callbacks whose state follows from the epochs that they saw, as early stopping. */
  readonly followers: readonly Callback[];
  /** Where an earlier process stopped. */
  readonly resumed?: Checkpoint | undefined;
  readonly startedAt: string;
}

/** Records a training and shows it. */
export class RunRecorder implements Callback {
  readonly #options: RecorderOptions;
  readonly #history: HistoryRow[];
  readonly #monitor: Monitor;
  #bestEpoch: number | undefined;
  #task: JobTask | undefined;
  #secondsBefore: number;
  #beganAt = performance.now();
  #epochBeganAt = performance.now();
  /** The loss is not a finite number any more. */
  hasDiverged = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#monitor = new Monitor('train', { monitor: options.monitor, mode: 'auto' });
    this.#history = [...(options.resumed?.history ?? [])];
    this.#secondsBefore = options.resumed?.seconds ?? 0;
    for (const row of this.#history) this.#judge(row);
  }

  /** All epochs so far, those of earlier processes too. */
  get history(): readonly HistoryRow[] {
    return this.#history;
  }

  /** The best epoch, counted from 1, where there is one. */
  get bestEpoch(): number | undefined {
    return this.#bestEpoch;
  }

  /** How long the run has trained, earlier processes included. */
  get seconds(): number {
    return this.#secondsBefore + (performance.now() - this.#beganAt) / 1000;
  }

  /** The numbers of an epoch, without its number. */
  logsOf(epoch: number | undefined): Logs {
    const { epoch: _, ...logs } = this.#history.find((row) => row.epoch === epoch) ?? { epoch: 0 };
    return logs;
  }

  async onTrainBegin(training: TrainingHandle): Promise<void> {
    for (const follower of this.#options.followers) {
      await follower.onTrainBegin?.(training);
      // What they count follows from the numbers of the epochs, which are stored with all their digits.
      for (const { epoch, ...logs } of this.#history) await follower.onEpochEnd?.(epoch - 1, logs, training);
    }
  }

  onEpochBegin(epoch: number, training: TrainingHandle): void {
    this.#epochBeganAt = performance.now();
    this.#task = this.#options.observer.start(`Epoch ${epoch + 1}/${training.epochs}`, training.steps, 'epoch');
  }

  onTrainBatchEnd(batch: number, logs: Logs): void {
    if (!Number.isFinite(logs['loss'])) this.hasDiverged = true;
    this.#task?.update(batch + 1, logs);
  }

  async onEpochEnd(epoch: number, logs: Logs, training: TrainingHandle): Promise<void> {
    this.#task?.end(logs);
    this.#task = undefined;
    // Weights of an epoch that diverged are of no use: the checkpoint before it stays.
    if (this.hasDiverged) return;
    const { run, model, observer, save, followers, startedAt } = this.#options;
    const row = { ...logs, epoch: epoch + 1 };
    this.#history.push(row);
    await run.appendHistory(row);
    const seconds = (performance.now() - this.#epochBeganAt) / 1000;
    const event = { event: 'epoch', ...row, epochs: training.epochs, seconds };
    await run.appendEvent(event);
    observer.event(event);
    if (this.#judge(row)) await saveRunModel(model, run.pathOf(runFiles.best), { ...save, metrics: logs });
    await writeCheckpoint(run, model, { epoch: row.epoch, startedAt, seconds: this.seconds, history: this.#history });
    await run.publish();
    for (const follower of followers) await follower.onEpochEnd?.(epoch, logs, training);
  }

  onTrainEnd(): void {
    this.#task?.end();
    this.#task = undefined;
  }

  /** True where this epoch is the best so far. */
  #judge({ epoch, ...logs }: HistoryRow): boolean {
    const value = this.#monitor.read(logs);
    if (value === undefined || !this.#monitor.isBetter(value)) return false;
    this.#monitor.best = value;
    this.#bestEpoch = epoch;
    return true;
  }
}
