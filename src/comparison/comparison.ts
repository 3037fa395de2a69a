/** What a comparison of settings is, as plain data, and how it is made of what each training left. */
import { DataError } from '../core/errors.ts';
import { checkName } from '../core/options.ts';
import type { ExampleResults } from './example-results.ts';
import { adjustByHolm } from './holm.ts';
import { type MeanInterval, meanInterval } from './mean-interval.ts';
import { pairedBootstrap } from './paired-bootstrap.ts';
import { binaryAccuracyOf, metricValue, type SharedMetricName, sharedMetricNames } from './shared-metrics.ts';

/** One finished epoch. `epoch` counts from 1; every other key is a logged value. */
export interface EpochRow {
  readonly epoch: number;
  readonly [key: string]: number;
}

/** What one training left. */
export interface ComparedRun {
  /** The name of its setting. */
  readonly setting: string;
  readonly seed: number;
  /** Why there are no results. */
  readonly failure?: string;
  /** Something to know about results that are there. */
  readonly remark?: string;
  readonly history: readonly EpochRow[];
  /** Time that it trained, validation included. */
  readonly seconds: number;
  readonly parameterCount?: number;
  readonly results?: ExampleResults;
  /** Where each example came from; where two runs differ in them, they are not compared. */
  readonly names?: readonly string[];
  /** What each example belongs to; by default each is its own. */
  readonly groups?: readonly string[];
}

/** The numbers of a trained model that mean the same for every setting, and the one that does not. */
export interface RunValues {
  readonly accuracy: number;
  readonly macroF1: number;
  readonly logLoss: number;
  /** Each output counted by itself, as Keras 2 did with binary cross-entropy: not comparable with `accuracy`. */
  readonly binaryAccuracy: number;
}

/** A run in a comparison. */
export interface RunSummary {
  readonly seed: number;
  readonly epochs: number;
  readonly seconds: number;
  readonly values?: RunValues;
  readonly failure?: string;
  readonly remark?: string;
  readonly history: readonly EpochRow[];
}

/** All runs of a setting together. */
export interface SettingSummary {
  readonly name: string;
  readonly runs: readonly RunSummary[];
  /** Over the seeds; none where every run failed. */
  readonly values?: Readonly<Record<keyof RunValues, MeanInterval>>;
  /** Mean over all epochs of all runs. */
  readonly secondsPerEpoch?: number;
  /** Of all runs. */
  readonly seconds: number;
  readonly parameterCount?: number;
}

/** Two settings that were tested against each other. */
export interface TestedPair {
  readonly first: string;
  readonly second: string;
  /** Mean over the seeds of the first's metric minus the second's. */
  readonly difference: number;
  /** The middle 95 % of the resamples. */
  readonly low: number;
  readonly high: number;
  readonly pValue: number;
  /** By Holm over all tested pairs. */
  readonly adjustedPValue: number;
  /** The adjusted p value is below 0.05. */
  readonly isDifferent: boolean;
  readonly seeds: number;
}

/** Two settings that could not be tested. */
export interface UntestedPair {
  readonly first: string;
  readonly second: string;
  readonly reason: 'other examples' | 'no common seed';
}

/** Settings beside each other. */
export interface Comparison {
  /** What pairs were tested by. */
  readonly metric: SharedMetricName;
  readonly isHigherBetter: boolean;
  readonly seeds: readonly number[];
  readonly resamples: number;
  /** Different examples that were evaluated, over all runs. */
  readonly examples: number;
  /** Different groups of examples; equal to `examples` where no groups are known. */
  readonly groups: number;
  /** In the order in which they were given. */
  readonly settings: readonly SettingSummary[];
  readonly pairs: readonly TestedPair[];
  readonly untested: readonly UntestedPair[];
}

/** How runs are compared. */
export interface CompareRunsOptions {
  /** Default `accuracy`. */
  readonly metric?: SharedMetricName;
  /** Default 10 000. */
  readonly resamples?: number;
  /** Of what the bootstrap draws; default 0. */
  readonly seed?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Compares what trainings left: means with intervals over seeds for each setting, and each pair of settings by a paired
 * bootstrap with Holm's correction over all pairs.
 *
 * @throws DataError where not one run has results; AbortError where the signal says so
 */
export async function compareRuns(runs: readonly ComparedRun[], options: CompareRunsOptions = {}): Promise<Comparison> {
  const { resamples = 10_000, seed = 0, signal, onProgress } = options;
  const metric = checkName('compare', 'metric', options.metric ?? 'accuracy', sharedMetricNames);
  if (!runs.some(({ results }) => results)) {
    const reasons = [...new Set(runs.map(({ failure }) => failure ?? 'none was trained'))];
    throw new DataError(
      `compare: expected at least one run with results, received ${runs.length}: ${reasons[0] ?? 'none'}`,
    );
  }
  const names = [...new Set(runs.map(({ setting }) => setting))];
  const seeds = [...new Set(runs.map((run) => run.seed))].sort((a, b) => a - b);
  const grid = names.map((name) =>
    seeds.map((each) => runs.find((run) => run.setting === name && run.seed === each && run.results)),
  );
  const identify = (run: ComparedRun, example: number) => run.names?.[example] ?? String(example);
  const groupOf = (run: ComparedRun, example: number) => run.groups?.[example] ?? identify(run, example);
  const graded = grid.map((ofSetting) =>
    ofSetting.map((run) => run && { results: run.results!, groups: mapExamples(run, groupOf) }),
  );

  const tested: [number, number][] = [];
  const untested: UntestedPair[] = [];
  for (const first of names.keys()) {
    for (let second = first + 1; second < names.length; second++) {
      const common = seeds.filter((_, place) => grid[first]![place] && grid[second]![place]);
      const isSame = seeds.every((_, place) => haveSameExamples(grid[first]![place], grid[second]![place]));
      if (common.length > 0 && isSame) tested.push([first, second]);
      else {
        const reason = common.length === 0 ? 'no common seed' : 'other examples';
        untested.push({ first: names[first]!, second: names[second]!, reason });
      }
    }
  }
  const differences = await pairedBootstrap({
    metric,
    runs: graded,
    pairs: tested,
    resamples,
    seed,
    signal,
    ...(onProgress && { onProgress }),
  });
  const adjusted = adjustByHolm(differences.map(({ pValue }) => pValue));
  const present = grid.flat().filter((run) => run !== undefined);
  return {
    metric,
    isHigherBetter: metric !== 'logLoss',
    seeds,
    resamples,
    examples: new Set(present.flatMap((run) => mapExamples(run, identify))).size,
    groups: new Set(present.flatMap((run) => mapExamples(run, groupOf))).size,
    settings: names.map((name) =>
      summarizeSetting(
        name,
        runs.filter(({ setting }) => setting === name),
      ),
    ),
    pairs: tested.map(([first, second], place) => ({
      first: names[first]!,
      second: names[second]!,
      ...differences[place]!,
      adjustedPValue: adjusted[place]!,
      isDifferent: adjusted[place]! < 0.05,
    })),
    untested,
  };
}

function mapExamples(run: ComparedRun, tell: (run: ComparedRun, example: number) => string): string[] {
  return run.results!.trueClasses.map((_, example) => tell(run, example));
}

/** True also where one of the two is not there: then they are not compared. */
function haveSameExamples(a: ComparedRun | undefined, b: ComparedRun | undefined): boolean {
  if (!a || !b) return true;
  const truth = (run: ComparedRun) => JSON.stringify([run.results!.trueClasses, run.names, run.groups]);
  return truth(a) === truth(b);
}

function summarizeSetting(name: string, runs: readonly ComparedRun[]): SettingSummary {
  const summaries = [...runs].sort((a, b) => a.seed - b.seed).map(summarizeRun);
  const values = summaries.flatMap((run) => run.values ?? []);
  const over = (key: keyof RunValues) => meanInterval(values.map((value) => value[key]));
  const epochs = summaries.reduce((sum, run) => sum + run.epochs, 0);
  const seconds = summaries.reduce((sum, run) => sum + run.seconds, 0);
  const { parameterCount } = runs.find((run) => run.parameterCount !== undefined) ?? {};
  return {
    name,
    runs: summaries,
    ...(values.length > 0 && {
      values: {
        accuracy: over('accuracy'),
        macroF1: over('macroF1'),
        logLoss: over('logLoss'),
        binaryAccuracy: over('binaryAccuracy'),
      },
    }),
    ...(epochs > 0 && { secondsPerEpoch: seconds / epochs }),
    seconds,
    ...(parameterCount !== undefined && { parameterCount }),
  };
}

function summarizeRun({ seed, history, seconds, results, failure, remark }: ComparedRun): RunSummary {
  return {
    seed,
    epochs: history.length,
    seconds,
    ...(results && {
      values: {
        accuracy: metricValue('accuracy', results),
        macroF1: metricValue('macroF1', results),
        logLoss: metricValue('logLoss', results),
        binaryAccuracy: binaryAccuracyOf(results),
      },
    }),
    ...(failure !== undefined && { failure }),
    ...(remark !== undefined && { remark }),
    history,
  };
}
