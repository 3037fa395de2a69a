/** How long this thread has computed without letting its event loop go on. Programs of some microseconds run where they are
 * asked for; a training of thousands of them must let timers, requests and key strokes through all the same. */

/** A run may take the caller's thread while so many milliseconds have gone by since the event loop had its turn. */
const turnMs = 2;

let lastTurnMs = Number.NEGATIVE_INFINITY;

/** To be called when something has come back through the event loop. */
export function noteTurn(): void {
  lastTurnMs = performance.now();
}

/** Whether the event loop has had its turn a moment ago, so that nothing waits for it yet. */
export function hadTurnNow(): boolean {
  return performance.now() - lastTurnMs < turnMs;
}
