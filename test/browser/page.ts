/** What the test's page runs, imported from the package as a user would; `test/browser/*.browser.ts` call it by name. */
import * as cajal from 'cajal';
import { type TrainingOrder, trainDigitNetwork } from './digit-network.ts';
import { type TimerReport, watchTimers } from './timers.ts';

/** Bytes as text, because what leaves a page goes through JSON. */
function encode(numbers: readonly Float32Array[]): string {
  const bytes = numbers.flatMap((array) =>
    Array.from(new Uint8Array(array.buffer, array.byteOffset, array.byteLength)),
  );
  let text = '';
  for (let start = 0; start < bytes.length; start += 4096) {
    text += String.fromCharCode(...bytes.slice(start, start + 4096));
  }
  return btoa(text);
}

/** Trains, and watches meanwhile that the page's thread stays free. */
async function train(order: TrainingOrder): Promise<object> {
  let report: (() => TimerReport) | undefined;
  const { numbers, ...result } = await trainDigitNetwork(cajal, order, () => {
    report = watchTimers();
  });
  return { ...result, timers: report?.(), bytes: encode(numbers) };
}

/** Opens a backend, and tells what it is or why there is none. */
async function open(options: cajal.BackendOptions): Promise<object> {
  try {
    const { backend, missing } = await cajal.chooseBackend(options);
    const { name, instructionSet, threads, binaryHash } = backend;
    await backend.close();
    return { name, instructionSet, threads, binaryHash, missing };
  } catch (error) {
    return { error: String(error) };
  }
}

Object.assign(globalThis, { cajalTest: { train, open } });
