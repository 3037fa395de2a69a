/** Shows several trainings: one bar for all of them, drawn again on a terminal, and a line for each training that ended. */

import { coloured } from '../core/terminal-colour.ts';
import type { SeriesObserver, SeriesProgress } from '../runs/jobs/series-observer.ts';
import { barWidth, drawTrack, formatLogs, formatSeconds } from '../training/callbacks/progress-line.ts';
import type { ProgressOptions } from './progress.ts';
import { showProgress } from './progress.ts';
import { printable, type Terminal } from './terminal.ts';

const redrawMs = 100;

/** An observer that writes to a terminal. */
export function showSeriesProgress(terminal: Terminal, options: ProgressOptions): SeriesObserver {
  const isSilent = Boolean(options.json || options.quiet);
  const { warn, say, event } = showProgress(terminal, options);
  let drawnAt = Number.NEGATIVE_INFINITY;
  const clear = () => {
    if (terminal.canRedraw && !isSilent) terminal.note('\r\u001b[K');
  };
  return {
    warn(message) {
      clear();
      warn(message);
    },
    say,
    event,
    progress(progress) {
      const now = performance.now();
      if (isSilent || !terminal.canRedraw || now - drawnAt < redrawMs) return;
      drawnAt = now;
      terminal.note(`\r\u001b[K${drawProgress(terminal, progress)}`);
    },
    runEnd(progress, text) {
      if (isSilent) return;
      clear();
      const { run, runs, title, secondsLeft } = progress;
      const left = secondsLeft === undefined || run === runs ? '' : ` - about ${formatSeconds(secondsLeft)} left`;
      const head = `${String(run).padStart(String(runs).length)}/${runs}`;
      terminal.note(`${coloured(terminal, 'bold', head)} ${printable(title)}: ${printable(text)}${left}\n`);
    },
  };
}

/** ` 7/25 ━━━━╺─── 1:05 left - optimizer=adam, seed 2, epoch 4/10 - accuracy: 0.9100`, cut to the width of the terminal. */
function drawProgress(terminal: Terminal, progress: SeriesProgress): string {
  const { run, runs, title, part, share, secondsLeft, logs } = progress;
  const head = `${String(run).padStart(String(runs).length)}/${runs}`;
  const left = secondsLeft === undefined ? '' : `${formatSeconds(secondsLeft)} left - `;
  const what = title === '' ? part : `${printable(title)}, ${part}`;
  const tail = `${left}${what}${formatLogs(logs)}`.slice(0, Math.max(0, terminal.columns - head.length - barWidth - 3));
  return `${coloured(terminal, 'bold', head)} ${drawTrack(terminal, share)} ${tail}`;
}
