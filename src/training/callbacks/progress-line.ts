/** One line that shows how far a task is, in Keras's format: `12/45 ━━━━━━╺─── 3s 40ms/step - accuracy: 0.9100 - loss: 0.3100`. */
import { coloured, type Screen } from '../../core/terminal-colour.ts';
import type { Logs } from './callback.ts';

/** Of the bar itself, in characters. */
export const barWidth = 20;

/** What a bar shows. */
export interface Bar {
  /** Stands before the bar; none for epochs. */
  readonly title: string;
  readonly done: number;
  readonly total: number;
  /** Since the task began. */
  readonly seconds: number;
  readonly logs: Logs | undefined;
  /** The time is what it took, and not what is left. */
  readonly isEnd: boolean;
}

/** The line, cut to the width of the terminal. */
export function drawBar(screen: Screen, { title, done, total, seconds, logs, isEnd }: Bar): string {
  const count = `${String(done).padStart(String(total).length)}/${total}`;
  const perStep = seconds / Math.max(1, done);
  const time = formatSeconds(isEnd ? seconds : perStep * (total - done));
  const step = title === '' ? ` ${formatStep(perStep)}` : '';
  const head = title === '' ? count : `${title} ${count}`;
  const width = head.length + 1 + barWidth + 1;
  const tail = `${time}${step}${formatLogs(logs)}`.slice(0, Math.max(0, screen.columns - width - 1));
  return `${coloured(screen, 'bold', head)} ${drawTrack(screen, done / Math.max(1, total))} ${tail}`;
}

/** The bar itself, filled up to a share. */
export function drawTrack(screen: Screen, share: number): string {
  const filled = Math.min(barWidth, Math.floor(share * barWidth));
  const tip = filled > 0 && filled < barWidth ? '╺' : '';
  const rest = '─'.repeat(barWidth - filled - tip.length);
  return `${coloured(screen, 'green', '━'.repeat(filled) + tip)}${coloured(screen, 'grey', rest)}`;
}

/** ` - accuracy: 0.9100 - loss: 0.3100`, in alphabetical order as Keras. */
export function formatLogs(logs: Logs = {}): string {
  const names = Object.keys(logs).sort(
    (a, b) => Number(a.startsWith('val_')) - Number(b.startsWith('val_')) || (a < b ? -1 : 1),
  );
  return names.map((name) => ` - ${name}: ${formatValue(logs[name]!)}`).join('');
}

/** Four decimals, or four digits where that shows nothing. */
function formatValue(value: number): string {
  return Math.abs(value) > 1e-3 || value === 0 || !Number.isFinite(value) ? value.toFixed(4) : value.toExponential(4);
}

/** `3s`, `1:05`, `2:10:00`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)}s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

function formatStep(seconds: number): string {
  if (seconds >= 1) return `${seconds.toFixed(1)}s/step`;
  return seconds >= 0.001 ? `${Math.round(seconds * 1000)}ms/step` : `${Math.round(seconds * 1e6)}us/step`;
}

/** What a task of so many steps took: `45/45 - 2s - 40ms/step - accuracy: 0.9100 - loss: 0.3100`. */
export function formatTaken(done: number, total: number, seconds: number, logs: Logs | undefined): string {
  return `${done}/${total} - ${formatSeconds(seconds)} - ${formatStep(seconds / Math.max(1, done))}${formatLogs(logs)}`;
}
