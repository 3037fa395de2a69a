/** How much faster two threads run the convolutions of T1 and T2 than one does, beside how much faster they are at
 * multiply-adds in registers: cores that share a clock or their units cannot do better than that. */
import type { BackendName } from '../../src/backends/backend.ts';
import { sequential } from '../../src/model/model.ts';
import { layers } from '../../src/nn/layers/table.ts';
import type { Profile } from '../../src/training/profile.ts';
import { networks, workloads } from '../cases.ts';
import { layersOf } from '../compare/node/layers-of.mjs';
import { median } from '../compare/statistics.ts';

/** One convolution of a training step. */
export interface ThreadScaling {
  readonly workload: string;
  readonly layer: string;
  readonly op: string;
  readonly ms: readonly [one: number, two: number];
  readonly speedUp: number;
  /** That of the peak of multiply-adds. */
  readonly peakSpeedUp: number;
  /** The one by the other. */
  readonly relative: number;
}

/** What a convolution should reach. */
export const scalingGoal = 0.95;

/** Profiles the training steps, without their hidden dense layers, with one thread and with two, in turns. */
export async function measureScaling(
  backend: BackendName,
  instructionSet: string,
  rounds: number,
): Promise<ThreadScaling[]> {
  const found: ThreadScaling[] = [];
  for (const id of ['T1', 'T2']) {
    const { network, batch, optimizer = 'adam' } = workloads[id]!;
    const models = [1, 2].map((threads) => {
      const { input, layers: described } = networks[network]!;
      // Hidden dense layers hold most weights, which a profile puts back afterwards: without them it takes a tenth of the time.
      const kept = described.filter(([name, , activation]) => name !== 'dense' || activation === 'softmax');
      const all = [layers.input({ shape: input }), ...layersOf({ layers: kept }, layers)];
      const model = sequential(all, { backend, instructionSet, threads });
      model.compile({ optimizer, loss: 'categoricalCrossentropy' });
      return model;
    });
    const profiles: [Profile, Profile][] = [];
    for (let round = 0; round < rounds; round++) {
      const pair: Profile[] = [];
      for (const model of models) pair.push(await model.profile({ batchSize: batch, repeats: 2 }));
      profiles.push(pair as [Profile, Profile]);
    }
    for (const model of models) await (await model.trainer()).memory.backend.close();
    found.push(...compareProfiles(id, profiles));
  }
  return found;
}

/** The convolutions of pairs of profiles. Other programs only ever lower a peak, so the highest count. */
export function compareProfiles(workload: string, profiles: readonly (readonly [Profile, Profile])[]): ThreadScaling[] {
  const peakOf = (side: 0 | 1) => Math.max(...profiles.map((pair) => pair[side].peak?.gflops ?? Number.NaN));
  const peakSpeedUp = peakOf(1) / peakOf(0);
  return profiles[0]![0].rows.flatMap(({ op, layer }, index): ThreadScaling[] => {
    if (!op.startsWith('conv2d')) return [];
    const speedUp = median(profiles.map(([one, two]) => one.rows[index]!.ms / two.rows[index]!.ms));
    const ms = [0, 1].map((side) => median(profiles.map((pair) => pair[side]!.rows[index]!.ms)));
    return [{ workload, layer, op, ms: [ms[0]!, ms[1]!], speedUp, peakSpeedUp, relative: speedUp / peakSpeedUp }];
  });
}
