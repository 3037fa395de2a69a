/** Which way a monitored number is better, and whether one is there. */
import { OptionError } from '../../core/errors.ts';
import { checkName, didYouMean, show } from '../../core/options.ts';
import type { Logs, TrainingHandle } from './callback.ts';

/** `auto`: losses and errors fall, accuracies and the like rise; for a metric of your own say `min` or `max`. */
export type MonitorMode = 'auto' | 'min' | 'max';

/** Metrics, and losses used as metrics, that get better by falling or rising, in Keras's names without capitals. */
const falling =
  /^(loss|ece|.*error|.*crossentropy|.*hinge|kldivergence|kullbackleiblerdivergence|poisson|logcosh|.*huber.*|mse|mae|mape|msle|rmse)$/;
const rising =
  /^(acc|.*accuracy|precision|recall|.*precisionat.*|.*recallat.*|sensitivityat.*|specificityat.*|fbetascore|f1.*|f1score|auc|.*auc|cohenkappa|cohenskappa|kappa|.*matthews.*|mcc|cosinesimilarity|.*iou|r2score|pearsoncorrelation|concordancecorrelation|truepositives|truenegatives)$/;

/** Which way a number of this name gets better, where the name tells: without `val_`, the output's name and a count. */
export function directionOf(monitor: string): 'up' | 'down' | undefined {
  const name = monitor.replace(/_\d+$/, '');
  const metric = name.slice(name.lastIndexOf('_') + 1).toLowerCase();
  if (falling.test(metric)) return 'down';
  return rising.test(metric) ? 'up' : undefined;
}

/** What a monitor is made of. */
export interface MonitorOptions {
  monitor: string;
  mode: MonitorMode;
  minDelta?: number;
  /** What the first number must beat. */
  best?: number | undefined;
}

/** What a monitor asks of a training. */
type Watched = Pick<TrainingHandle, 'directionOf'> & Partial<Pick<TrainingHandle, 'isValidationLeftOut'>>;

/** A number that is watched, and its best value so far. */
export class Monitor {
  readonly name: string;
  best: number | undefined;
  readonly #where: string;
  readonly #minDelta: number;
  #isFalling: boolean | undefined;

  /** @throws OptionError where the mode is unknown */
  constructor(where: string, { monitor, mode, minDelta = 0, best }: MonitorOptions) {
    this.name = monitor;
    this.best = best;
    this.#where = where;
    this.#minDelta = Math.abs(minDelta);
    if (typeof monitor !== 'string') {
      throw new OptionError(`${where}: monitor must be a name as val_loss, received ${show(monitor)}.`);
    }
    checkName(where, 'mode', mode, ['auto', 'min', 'max']);
    if (mode !== 'auto') this.#isFalling = mode === 'min';
  }

  /** The number of this epoch; none where it is one of a validation that was left out. @throws OptionError where the epoch should
   * have one, or the direction is not known */
  read(logs: Logs, training?: Watched): number | undefined {
    if (training?.isValidationLeftOut && this.name.startsWith('val_') && logs[this.name] === undefined)
      return undefined;
    const value = monitored(this.#where, this.name, logs);
    this.#isFalling ??= this.#direction(training) === 'down';
    return value;
  }

  /** True where `value` is better than the best so far, or than another. Numbers are compared as float32, as Keras does; one
   * that is not a number is never better. */
  isBetter(value: number, than: number | undefined = this.best): boolean {
    if (Number.isNaN(value)) return false;
    if (than === undefined) return true;
    return this.#isFalling
      ? Math.fround(value + this.#minDelta) < Math.fround(than)
      : Math.fround(value - this.#minDelta) > Math.fround(than);
  }

  #direction(training: Watched | undefined): 'up' | 'down' {
    const metric = this.name.replace(/^val_/, '');
    const direction = training?.directionOf(metric) ?? directionOf(metric);
    if (direction) return direction;
    throw new OptionError(
      `${this.#where}: expected a monitor of which it is known whether it should fall or rise, received "${this.name}". ` +
        "Set mode: 'min' or mode: 'max'.",
    );
  }
}

/** The monitored number. @throws OptionError where the epoch has none of that name */
export function monitored(where: string, monitor: string, logs: Logs): number {
  const value = logs[monitor];
  if (value !== undefined) return value;
  const known = Object.keys(logs);
  const advice =
    monitor.startsWith('val_') && !known.some((name) => name.startsWith('val_')) ? ' Give validation data.' : '';
  throw new OptionError(
    `${where}: expected a monitor among ${known.join(', ')}, received "${monitor}".${didYouMean(monitor, known)}${advice}`,
  );
}
