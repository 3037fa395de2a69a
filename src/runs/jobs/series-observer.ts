/** How several trainings of one command tell what they are doing: one view of them all. */
import type { Logs } from '../../training/callbacks/callback.ts';
import type { Json, RunEvent } from '../run-record.ts';
import type { PlannedRun } from './compare-plan.ts';
import type { JobObserver } from './job-observer.ts';
import type { TimeLeft } from './time-left.ts';

/** How far it is. */
export interface SeriesProgress {
  /** Which training, counted from 1, and of how many. */
  readonly run: number;
  readonly runs: number;
  /** What it is called among the others; empty where none is under way. */
  readonly title: string;
  /** What is being done, as in `epoch 3/10`. */
  readonly part: string;
  /** Of all trainings, between 0 and 1. */
  readonly share: number;
  readonly secondsLeft?: number | undefined;
  readonly logs?: Logs | undefined;
}

/** Who is told. */
export interface SeriesObserver extends Omit<JobObserver, 'start'> {
  progress(progress: SeriesProgress): void;
  /** A training has ended, in a sentence. */
  runEnd(progress: SeriesProgress, text: string): void;
}

/** Where a training stands among the others. */
export interface RunPlace {
  readonly planned: PlannedRun;
  /** Counted from 1. */
  readonly number: number;
  readonly total: number;
  /** The settings of the trainings that come after this one. */
  readonly waiting: readonly string[];
  readonly timeLeft: TimeLeft;
}

/** The observer of one training, which tells that of the whole. `warned` keeps a warning from being told for every run. */
export function observeRun(place: RunPlace, observer: SeriesObserver, warned: Set<string>): JobObserver {
  const { planned, number, total, waiting, timeLeft } = place;
  const { setting, title, tags } = planned;
  const { epochs } = planned.settings;
  const began = performance.now();
  let finished = 0;
  let first = 0;
  const tell = (part: string, epochShare: number, logs?: Logs) => {
    // Epochs of an earlier process took none of this one's time.
    const share = epochs === first ? 1 : (finished + epochShare - first) / (epochs - first);
    const seconds = (performance.now() - began) / 1000;
    observer.progress({
      run: number,
      runs: total,
      title,
      part,
      share: (number - 1 + (finished + epochShare) / epochs) / total,
      secondsLeft: timeLeft.estimate(waiting, { setting, seconds, share }),
      logs,
    });
  };
  return {
    start(title, parts, kind = 'other') {
      const isEpoch = kind === 'epoch';
      const part = isEpoch ? `epoch ${finished + 1}/${epochs}` : title;
      return {
        update: (done, logs) => tell(part, isEpoch ? done / Math.max(1, parts) : 0, logs),
        end: (logs) => tell(part, isEpoch ? 1 : 0, logs),
      };
    },
    warn(message) {
      if (!warned.has(message)) observer.warn(message);
      warned.add(message);
    },
    say() {},
    event(event: RunEvent) {
      if (event.event === 'resume') first = finished = Number(event['finishedEpochs'] ?? 0);
      if (event.event === 'epoch') finished = event.epoch ?? finished;
      observer.event({ ...event, ...tags } as Record<string, Json> & RunEvent);
    },
  };
}

/** The observer of what is done for all trainings before the first one. */
export function observePreparation(observer: SeriesObserver, runs: number): JobObserver {
  return {
    ...observer,
    start(title, total) {
      const update = (done: number) =>
        observer.progress({ run: 0, runs, title: '', part: `${title}, ${done} of ${total}`, share: 0 });
      return { update, end() {} };
    },
  };
}
