/** What cajal is measured against: per workload a share of the time (or memory) of the fastest of some peers. */
import { median, medianRatio } from './statistics.ts';
import type { Timing } from './take-turns.ts';

/** A goal for one contestant. */
export interface Goal {
  readonly workload: string;
  readonly contestant: string;
  readonly measure: 'time' | 'memory';
  /** The fastest of these; of all peers where absent. */
  readonly against?: readonly string[];
  readonly limit: number;
}

/** A goal with what came of it. */
export interface Judgement extends Goal {
  /** The peer that it was compared with. */
  readonly peer: string;
  readonly ratio: number;
  readonly isMet: boolean;
}

const eager = ['torch-default', 'torch-channels-last'];

function goal(workload: string, contestant: string, limit: number, rest: Partial<Goal> = {}): Goal {
  return { workload, contestant: `cajal-${contestant}`, measure: 'time', limit, ...rest };
}

export const goals: readonly Goal[] = [
  goal('T1', 'native', 0.5),
  goal('T1', 'wasm', 1, { against: ['torch-channels-last'] }),
  goal('T2', 'native', 0.6),
  goal('T2', 'native', 0.6, { measure: 'memory' }),
  goal('T2', 'wasm', 1, { against: eager }),
  goal('T3', 'native', 0.5),
  goal('T3', 'wasm', 1, { against: eager }),
  goal('T4', 'native', 0.05),
  goal('T4', 'native', 0.05, { against: ['keras', 'keras-jit'] }),
  goal('T4', 'wasm', 0.05),
  goal('T4', 'wasm', 0.05, { against: ['keras', 'keras-jit'] }),
  goal('I1-32', 'native', 0.7),
  goal('I1-1', 'native-engine', 1),
  goal('I2-32', 'native', 0.55),
  goal('I2-1', 'native', 0.8),
  goal('cold', 'native', 0.5, { against: ['keras'] }),
];

/** True of the peers' rows. */
export function isPeer({ id }: Timing): boolean {
  return !id.startsWith('cajal-');
}

/** All milliseconds of a contestant. */
export function timesOf({ rounds }: Timing): number[] {
  return rounds.flat();
}

/** The peer with the least median, of those that have timings. */
export function fastestPeer(timings: readonly Timing[], among?: readonly string[]): Timing | undefined {
  return timings
    .filter((timing) => isPeer(timing) && timesOf(timing).length > 0 && (among?.includes(timing.id) ?? true))
    .sort((a, b) => median(timesOf(a)) - median(timesOf(b)))[0];
}

/** What came of a workload's goals; those whose contestants have no timings are left to the table, which says why. */
export function judge(workload: string, timings: readonly Timing[]): Judgement[] {
  return goals
    .filter((candidate) => candidate.workload === workload)
    .flatMap((candidate) => {
      const contestant = timings.find(({ id }) => id === candidate.contestant);
      const peer = fastestPeer(timings, candidate.against);
      if (!contestant || !peer || timesOf(contestant).length === 0) return [];
      const ratio =
        candidate.measure === 'memory'
          ? (contestant.peakBytes ?? Number.NaN) / (peer.peakBytes ?? Number.NaN)
          : medianRatio(contestant.rounds, peer.rounds);
      return [{ ...candidate, peer: peer.id, ratio, isMet: ratio <= candidate.limit }];
    });
}
