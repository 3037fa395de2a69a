// Protects: cajal trains as Keras does. From the same weights and batches, the 13-layer network's losses follow Keras's
// for 50 steps, for each pair of five optimizers and three losses, on every backend.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type BackendName, backendNames } from '../../src/backends/backend.ts';
import { chooseBackend } from '../../src/engine/choose-backend.ts';
import { sequential } from '../../src/model/model.ts';
import type { LossName } from '../../src/nn/losses/table.ts';
import type { OptimizerName } from '../../src/nn/optimizers/table.ts';
import { cnn } from '../../src/zoo/cnn.ts';
import { type FormulaTask, formulaBatch, formulaWeights } from '../support/formula.ts';

interface Golden {
  readonly keras: string;
  readonly task: Omit<FormulaTask, 'salt'>;
  /** For each pair, which pictures (scripts/make-golden.py says why they differ) and the losses. */
  readonly curves: Readonly<Record<string, { readonly salt: number; readonly losses: readonly number[] }>>;
}

const golden: Golden = JSON.parse(readFileSync(new URL('../golden/training-curves.json', import.meta.url), 'utf8'));

// The float64 reference is slow and differs from the others in rounding only: a few steps of one pair are enough there.
const limits: Record<BackendName, { steps: number; pairs: number }> = {
  native: { steps: 50, pairs: 15 },
  wasm: { steps: 50, pairs: 15 },
  reference: { steps: 3, pairs: 1 },
};

async function reasonToSkip(backend: BackendName): Promise<string | false> {
  try {
    await (await chooseBackend({ backend })).backend.close();
    return false;
  } catch (error) {
    return (error as Error).message;
  }
}

for (const backend of backendNames) {
  const skip = await reasonToSkip(backend);
  for (const [pair, { salt, losses }] of Object.entries(golden.curves).slice(0, limits[backend].pairs)) {
    test(`${backend}: ${pair} as Keras ${golden.keras}`, { skip }, async () => {
      const { size, classes } = golden.task;
      const [optimizer, loss] = pair.split(' ') as [OptimizerName, LossName];
      const model = sequential(cnn({ inputShape: [size, size, 3], classes, dropout: 0 }), { backend });
      await model.setWeights(formulaWeights(model.network));
      model.compile({ optimizer, loss });
      for (let step = 0; step < limits[backend].steps; step++) {
        const { x, y } = formulaBatch(step, { ...golden.task, salt });
        const { loss: received } = await model.trainOnBatch(x, y);
        const expected = losses[step]!;
        const difference = Math.abs(received! - expected);
        assert.ok(
          difference <= 1e-3 * Math.max(expected, 0.05),
          `step ${step}: expected a loss of ${expected}, received ${received}`,
        );
      }
    });
  }
}
