/** Watches how late a thread's timers are, which is how long it was not free. */

/** Milliseconds between ticks of a timer of 4 ms, the shortest that browsers give. */
export interface TimerReport {
  readonly medianGapMs: number;
  readonly p99GapMs: number;
  readonly longestGapMs: number;
}

/** Starts watching; the function that it returns stops and reports. */
export function watchTimers(): () => TimerReport {
  const gaps: number[] = [];
  let last = performance.now();
  const tick = (): void => {
    const now = performance.now();
    gaps.push(now - last);
    last = now;
  };
  const timer = setInterval(tick, 4);
  return () => {
    clearInterval(timer);
    tick();
    const sorted = gaps.toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))]!;
    return { medianGapMs: at(0.5), p99GapMs: at(0.99), longestGapMs: at(1) };
  };
}
