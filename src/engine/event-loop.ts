/** How long this thread has computed without letting its event loop go on. Programs of some microseconds run where they are
 * asked for; a training of thousands of them must let timers, requests and key strokes through all the same. */

/** The event loop gets its turn where the last one was so many milliseconds ago. */
const turnMs = 2;

let lastTurnMs = Number.NEGATIVE_INFINITY;

/** Node's way to come back after everything that waits; pages have none, and hold back timers that set timers. */
const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => void };

/** A promise of the event loop's next turn, or nothing where the last one was a moment ago. */
export function nextTurn(): Promise<void> | undefined {
  if (performance.now() - lastTurnMs < turnMs) return undefined;
  return new Promise((resolve) => {
    const goOn = (): void => {
      lastTurnMs = performance.now();
      resolve();
    };
    if (setImmediate) {
      setImmediate(goOn);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      goOn();
    };
    port2.postMessage(undefined);
  });
}
