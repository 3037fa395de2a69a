/** Shows what jobs do: a bar as Keras draws it on a terminal, one line per epoch elsewhere, events as JSON, or nothing. */

import { coloured } from '../core/terminal-colour.ts';
import type { JobObserver, JobTask } from '../runs/jobs/job-observer.ts';
import { drawBar, formatLogs, formatSeconds } from '../training/callbacks/progress-line.ts';
import { printable, type Terminal } from './terminal.ts';

const redrawMs = 100;
/** Shorter tasks are not worth a line of their own. */
const shortTaskMs = 500;

/** How much is shown. */
export interface ProgressOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** An observer that writes to a terminal. */
export function showProgress(terminal: Terminal, { json = false, quiet = false }: ProgressOptions): JobObserver {
  const isSilent = json || quiet;
  return {
    start: (title, total, kind = 'other') => {
      if (isSilent) return { update() {}, end() {} };
      return terminal.canRedraw ? redrawnTask(terminal, title, total, kind) : printedTask(terminal, title, total, kind);
    },
    warn(message) {
      if (!quiet) terminal.note(`${coloured(terminal, 'yellow', 'warning:')} ${printable(message)}\n`);
    },
    say(message) {
      if (!isSilent) terminal.note(`${printable(message)}\n`);
    },
    event(event) {
      if (json) terminal.out(`${JSON.stringify(event)}\n`);
    },
  };
}

function redrawnTask(terminal: Terminal, title: string, total: number, kind: 'epoch' | 'other'): JobTask {
  const began = performance.now();
  let drawnAt = kind === 'epoch' ? Number.NEGATIVE_INFINITY : began;
  let done = 0;
  let hasDrawn = false;
  if (kind === 'epoch') terminal.note(`${coloured(terminal, 'bold', title)}\n`);
  const draw = (logs: Parameters<JobTask['update']>[1], isEnd: boolean) => {
    const seconds = (performance.now() - began) / 1000;
    const bar = drawBar(terminal, { title: kind === 'epoch' ? '' : title, done, total, seconds, logs, isEnd });
    terminal.note(`\r\u001b[K${bar}${isEnd ? '\n' : ''}`);
    hasDrawn = true;
  };
  return {
    update(now, logs) {
      done = now;
      const time = performance.now();
      if (time - drawnAt < (kind === 'other' && !hasDrawn ? shortTaskMs : redrawMs)) return;
      drawnAt = time;
      draw(logs, false);
    },
    end(logs) {
      if (hasDrawn || kind === 'epoch') draw(logs, true);
    },
  };
}

function printedTask(terminal: Terminal, title: string, total: number, kind: 'epoch' | 'other'): JobTask {
  const began = performance.now();
  let done = 0;
  return {
    update(now) {
      done = now;
    },
    end(logs) {
      const ms = performance.now() - began;
      const time = formatSeconds(ms / 1000);
      if (kind === 'epoch') {
        const steps = done < total ? ` - stopped at step ${done} of ${total}` : '';
        terminal.note(`${title} - ${time} - ${Math.round(ms / Math.max(1, done))}ms/step${steps}${formatLogs(logs)}\n`);
      } else if (ms >= shortTaskMs) {
        terminal.note(`${title} - ${done}/${total} - ${time}\n`);
      }
    },
  };
}
