/** Shows how far a training is, as Keras does. */
import { checkKeys, checkNumber } from '../../core/options.ts';
import type { Callback, Logs, TrainingHandle } from './callback.ts';
import { type Output, standardOutput } from './print.ts';
import { drawBar, formatTaken } from './progress-line.ts';

/** 0 shows nothing, 1 a bar for each epoch, 2 a line for each epoch. */
export type FitVerbosity = 0 | 1 | 2;

/** Options of `progbarLogger`. */
export interface ProgbarLoggerOptions {
  /** Default 1. Where lines cannot be drawn again, as in a file, a bar is drawn once, at the end of its epoch. */
  verbose?: FitVerbosity;
  /** Where it prints; by default standard output. */
  output?: Output;
}

const redrawMs = 50;

/**
 * A callback that prints each epoch as Keras does, `12/45 ━━━━━╺────────────── 3s 40ms/step - accuracy: 0.9100 - loss: 0.3100`;
 * what `verbose` of `fit` adds. Given to `evaluate`, it shows how far that is.
 *
 * @example
 * await model.fit(x, y, { epochs: 5, callbacks: [progbarLogger()] });
 */
export function progbarLogger(options: ProgbarLoggerOptions = {}): Callback {
  checkKeys('progbarLogger', options, ['verbose', 'output']);
  const { verbose = 1, output = standardOutput() } = options;
  checkNumber('progbarLogger', 'verbose', verbose, { integer: true, min: 0, max: 2 });
  let isTraining = false;
  let began = 0;
  let drawnAt = 0;
  let done = 0;
  const begin = () => {
    began = performance.now();
    drawnAt = Number.NEGATIVE_INFINITY;
    done = 0;
  };
  const draw = (total: number, logs: Logs, isEnd: boolean) => {
    const now = performance.now();
    const seconds = (now - began) / 1000;
    if (!isEnd && (verbose !== 1 || !output.canRedraw || now - drawnAt < redrawMs)) return;
    if (verbose === 0) return;
    drawnAt = now;
    const line =
      verbose === 2
        ? formatTaken(done, total, seconds, logs)
        : drawBar(output, { title: '', done, total, seconds, logs, isEnd });
    output.write(`${verbose === 1 && output.canRedraw ? '\r\u001b[K' : ''}${line}${isEnd ? '\n' : ''}`);
  };
  const step = (batch: number, logs: Logs, { steps }: TrainingHandle) => {
    done = batch + 1;
    draw(steps, logs, false);
  };
  return {
    onTrainBegin() {
      isTraining = true;
    },
    onEpochBegin(epoch, { epochs }) {
      if (verbose !== 0 && epochs > 1) output.write(`Epoch ${epoch + 1}/${epochs}\n`);
      begin();
    },
    onTrainBatchEnd: step,
    onEpochEnd(_, logs, { steps }) {
      draw(steps, logs, true);
      done = 0;
    },
    onTrainEnd(logs, { steps }) {
      // An epoch that was stopped has a bar that nothing has ended.
      if (done > 0) draw(steps, logs, true);
      isTraining = false;
    },
    onTestBegin() {
      if (!isTraining) begin();
    },
    onTestBatchEnd(batch, logs, training) {
      if (!isTraining) step(batch, logs, training);
    },
    onTestEnd(logs, { steps }) {
      if (!isTraining) draw(steps, logs, true);
    },
  };
}
