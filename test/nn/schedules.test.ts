// Protects: every schedule gives Keras's learning rates (one-cycle PyTorch's), an optimizer follows it, and wrong arguments are
// told apart.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { optimizerOf, optimizers } from '../../src/nn/optimizers/table.ts';
import { checkSchedule, type SchedulePart, schedule, scheduleNames, schedules } from '../../src/nn/schedules/table.ts';

interface ScheduleGolden {
  /** The class in Keras; one-cycle has its own in PyTorch. */
  readonly keras?: string;
  readonly torch?: string;
  readonly schedule: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** The learning rates of the first steps. */
  readonly rates: readonly number[];
}

const golden: { cases: readonly ScheduleGolden[] } = JSON.parse(
  readFileSync(new URL('../golden/schedules.json', import.meta.url), 'utf8'),
);

describe('schedules', () => {
  for (const expected of golden.cases) {
    const highest = Math.max(...expected.rates);
    it(`${expected.schedule} ${JSON.stringify(expected.options)} is as ${expected.keras ?? expected.torch}`, () => {
      const rateOf = schedule(checkSchedule('test', { name: expected.schedule, config: expected.options }));
      expected.rates.forEach((rate, step) => {
        const made = rateOf(step);
        assert.ok(Math.abs(made - rate) <= 1e-6 * rate + 2e-7 * highest, `step ${step}: ${made} instead of ${rate}`);
      });
    });
  }

  it('are all tested', () => {
    assert.deepEqual([...new Set(golden.cases.map(({ schedule }) => schedule))].sort(), [...scheduleNames].sort());
  });

  it('begin again exactly where a cycle ends', () => {
    const rateOf = schedule(schedules.cosineDecayRestarts({ initialLearningRate: 1, firstDecaySteps: 3 }));
    for (let cycle = 0, start = 0; cycle < 12; start += 3 * 2 ** cycle++) assert.equal(rateOf(start), 1);
  });

  it('keep the last learning rate after their end', () => {
    const rateOf = schedule(schedules.oneCycle({ maxLearningRate: 1, totalSteps: 10 }));
    assert.equal(rateOf(1000), rateOf(9));
    assert.ok(Math.abs(rateOf(9) - 4e-6) < 1e-12);
    const falling = schedule(schedules.cosineDecay({ initialLearningRate: 1, decaySteps: 10, alpha: 0.25 }));
    assert.equal(falling(1000), 0.25);
  });

  it('rule the learning rate of an optimizer', () => {
    const learningRate = schedules.piecewiseConstantDecay({ boundaries: [1, 3], values: [1, 0.5, 0.25] });
    const optimizer = optimizers.sgd({ learningRate });
    assert.deepEqual(
      [0, 1, 2, 3, 4].map((step) => optimizer.scalars(step)['learningRate']),
      [1, 1, 0.5, 0.5, 0.25],
    );
    assert.equal(optimizer.learningRate, 1);
    optimizer.iterations = 4;
    assert.equal(optimizer.learningRate, 0.25);
    assert.throws(() => {
      optimizer.learningRate = 0.1;
    }, /^OptionError: sgd: expected a learning rate that is a number in order to set it, received one that follows a schedule\. Compile with a number/);
  });

  it('of one’s own are functions from the step, and are saved as the number that they give', () => {
    const optimizer = optimizers.sgd({ learningRate: (step) => 1 / (1 + step) });
    assert.equal(optimizer.scalars(3)['learningRate'], 0.25);
    optimizer.iterations = 1;
    assert.equal(optimizer.config['learningRate'], 0.5);
    const wrong = optimizers.adam({ learningRate: () => Number.NaN });
    assert.throws(
      () => wrong.scalars(7),
      /^OptionError: adam: schedule: the learning rate of step 7 must be a number of at least 0, received NaN/,
    );
  });

  it('are saved with their options', () => {
    const learningRate = schedules.cosineDecay({ initialLearningRate: 0.1, decaySteps: 100, warmupTarget: 1 });
    const optimizer = optimizers.adamW({ learningRate, clipnorm: 1, learningRateMultipliers: { dense: 0.5 } });
    const saved = JSON.parse(JSON.stringify(optimizer.config));
    const restored = optimizerOf('test', 'adamW', saved);
    assert.deepEqual(restored.config, optimizer.config);
    assert.deepEqual(restored.scalars(17), optimizer.scalars(17));
  });

  it('refuse wrong arguments', () => {
    const wrong: [() => unknown, RegExp][] = [
      [
        () => schedules.cosineDecay({ initialLearningRate: 1, decaySteps: 0 }),
        /^OptionError: cosineDecay: decaySteps must be a number above 0, received 0/,
      ],
      [
        () => schedules.exponentialDecay({ initialLearningRate: -1, decaySteps: 1, decayRate: 1 }),
        /^OptionError: exponentialDecay: initialLearningRate must be a number of at least 0, received -1/,
      ],
      [
        () => schedules.polynomialDecay({ initialLearningRate: 1 } as never),
        /^OptionError: polynomialDecay: decaySteps must be a number above 0, received undefined/,
      ],
      [
        () => schedules.inverseTimeDecay({ initialLearningRate: 1, decaySteps: 1, decayrate: 2 } as never),
        /^OptionError: inverseTimeDecay: unknown option "decayrate"\. Did you mean "decayRate"\?/,
      ],
      [
        () => schedules.cosineDecayRestarts({ initialLearningRate: 1, firstDecaySteps: 5, tMul: 0.5 }),
        /^OptionError: cosineDecayRestarts: tMul must be a number of at least 1, received 0\.5/,
      ],
      [
        () => schedules.piecewiseConstantDecay({ boundaries: [1], values: [1] }),
        /^OptionError: piecewiseConstantDecay: expected a list of boundaries and a list with one value more, received boundaries \[1\] and values \[1\]/,
      ],
      [
        () => schedules.piecewiseConstantDecay({ boundaries: [5, 5], values: [1, 2, 3] }),
        /^OptionError: piecewiseConstantDecay: boundaries\[1\] must be a number above 5, received 5/,
      ],
      [
        () => schedules.oneCycle({ maxLearningRate: 1, totalSteps: 10, annealStrategy: 'cosine' as never }),
        /^OptionError: oneCycle: unknown annealStrategy "cosine"\. .*Choose from cos, linear/,
      ],
      [
        () => schedules.oneCycle({ maxLearningRate: 1, totalSteps: 10, threePhase: true, pctStart: 0.7 }),
        /^OptionError: oneCycle: pctStart must be at most 0\.5 with threePhase/,
      ],
      [
        () => optimizers.sgd({ learningRate: 'cosineDecay' as unknown as SchedulePart }),
        /^OptionError: cosineDecay: initialLearningRate must be a number of at least 0, received undefined/,
      ],
      [
        () => optimizers.sgd({ learningRate: { name: 'cosine', config: {} } as unknown as SchedulePart }),
        /^OptionError: sgd: learningRate: unknown schedule "cosine"/,
      ],
    ];
    for (const [make, message] of wrong) assert.throws(make, message);
  });
});
