/** Times whole processes: from their start over the first thirty training steps to their end. */
import { type Command, ContestantProcess } from './contestant-process.ts';
import type { Entry, Timing } from './take-turns.ts';

const steps = 30;
const limitMs = 180_000;

/** The contestants that a user would start once and end: those that compile for long are left out. */
export const coldContestants: readonly string[] = [
  'cajal-native',
  'cajal-wasm',
  'keras',
  'torch-default',
  'torch-channels-last',
  'jax',
];

async function timeOnce(command: Command): Promise<{ engine: string; ms: number }> {
  const start = performance.now();
  const process = new ContestantProcess(command);
  try {
    const { engine } = await process.ready(limitMs);
    await process.run(steps, limitMs);
    await process.close();
    return { engine, ms: performance.now() - start };
  } finally {
    await process.close();
  }
}

/** One process per contestant and round, in turns. */
export async function timeColdStarts(
  entries: readonly Entry[],
  rounds: number,
  log: (text: string) => void,
): Promise<Timing[]> {
  const timings = entries.map(({ id }): { -readonly [K in keyof Timing]: Timing[K] } => ({ id, rounds: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, { command }] of entries.entries()) {
      const timing = timings[index]!;
      if (timing.reason) continue;
      try {
        if ('reason' in command) throw new Error(command.reason);
        const { engine, ms } = await timeOnce(command);
        timing.engine = engine;
        timing.rounds.push([ms]);
        log(`${engine}: ${(ms / 1000).toFixed(1)} s`);
      } catch (error) {
        timing.reason = (error as Error).message;
      }
    }
  }
  return timings;
}
