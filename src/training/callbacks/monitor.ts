/** Which way a monitored number is better, and whether one is there. */
import { OptionError } from '../../core/errors.ts';
import { didYouMean } from '../../core/options.ts';
import type { Logs } from './callback.ts';

/** `auto`: losses and errors fall, everything else rises. */
export type MonitorMode = 'auto' | 'min' | 'max';

/** True where `value` is better than `best`, by more than `minDelta`. */
export function isBetter(
  value: number,
  best: number | undefined,
  monitor: string,
  mode: MonitorMode,
  minDelta = 0,
): boolean {
  if (Number.isNaN(value)) return false;
  if (best === undefined) return true;
  return falls(monitor, mode) ? value < best - minDelta : value > best + minDelta;
}

function falls(monitor: string, mode: MonitorMode): boolean {
  return mode === 'min' || (mode === 'auto' && /loss|error/i.test(monitor));
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
