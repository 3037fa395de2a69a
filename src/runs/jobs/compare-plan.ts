/** The plan of a comparison: which settings with which seeds, and in which folder each run lies. `plan.json` holds it. */

import type { SharedMetricName } from '../../comparison/shared-metrics.ts';
import { OptionError } from '../../core/errors.ts';
import { streamOf } from '../../core/random.ts';
import { checkTrainSettings, type TrainSettings } from './train-settings.ts';

/** What is compared. */
export interface ComparePlan {
  /** The settings of every run, but for what is varied; `seed` is the first one. */
  readonly base: TrainSettings;
  /** For names of settings, the values to compare; of several names, all combinations. */
  readonly vary: Readonly<Record<string, readonly unknown[]>>;
  readonly seeds: number;
  /** Each seed draws a split of its own, instead of one split for all runs. */
  readonly splitPerSeed: boolean;
  /** By which metric pairs are tested. */
  readonly compareBy: SharedMetricName;
}

/** One training of a plan. */
export interface PlannedRun {
  /** The name of its setting: `adam`, or `optimizer=adam, dropout=0.4`; of a fold `fold 1`. */
  readonly setting: string;
  readonly seed: number;
  /** What it is called among the others. */
  readonly title: string;
  /** What events name it by. */
  readonly tags: Readonly<Record<string, string | number>>;
  /** Below the folder of them all. */
  readonly folder: readonly string[];
  readonly settings: TrainSettings;
}

/** The settings that are compared, with their names. */
export function plannedSettings({ vary }: ComparePlan): { name: string; values: Record<string, unknown> }[] {
  let grid: Record<string, unknown>[] = [{}];
  for (const [key, values] of Object.entries(vary)) {
    grid = grid.flatMap((before) => values.map((value) => ({ ...before, [key]: value })));
  }
  return grid.map((values) => ({ name: nameOf(values), values }));
}

/** A word says by itself what it is; a number needs its name. */
function nameOf(values: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(values);
  const [only] = entries.map(([, value]) => value);
  if (entries.length === 1 && typeof only === 'string' && /^[a-z]\w*$/i.test(only)) return only;
  return entries.map(([key, value]) => `${key}=${Array.isArray(value) ? value.join() : String(value)}`).join(', ');
}

/** All runs, seed by seed: a comparison that is stopped has the same seeds of every setting, as far as it came. */
export function plannedRuns(plan: ComparePlan): PlannedRun[] {
  const { base, seeds, splitPerSeed } = plan;
  return Array.from({ length: seeds }, (_, place) => base.seed + place).flatMap((seed) =>
    plannedSettings(plan).map(({ name, values }) => ({
      setting: name,
      seed,
      title: `${name}, seed ${seed}`,
      tags: { setting: name, seed },
      folder: [folderOf(name), `seed-${seed}`],
      settings: {
        ...base,
        splitSeed: splitPerSeed ? seed : (base.splitSeed ?? base.seed),
        ...values,
        seed,
      } as TrainSettings,
    })),
  );
}

/** A folder's name that every system takes; one that had to be changed gets a number that follows from the whole name. */
function folderOf(name: string): string {
  const plain = name.replaceAll(', ', ',').replaceAll(/[^\w.=,-]/g, '_');
  const isWhole = plain === name.replaceAll(', ', ',') && plain.length <= 80 && !plain.endsWith('.');
  return isWhole ? plain : `${plain.slice(0, 70)}-${streamOf(name).toString(16)}`;
}

/**
 * Checks before anything is trained what can be checked then.
 *
 * @throws OptionError or ShapeError that names the setting
 */
export function checkPlan(plan: ComparePlan): void {
  const settings = plannedSettings(plan);
  if (settings.length < 2) {
    const received = Object.keys(plan.vary).length === 0 ? 'nothing to vary' : `only ${settings[0]?.name ?? 'none'}`;
    throw new OptionError(
      `compare: expected at least two settings, received ${received}. Name them: --vary optimizer=rmsprop,adam.`,
    );
  }
  if (plan.base.seed + plan.seeds > 2 ** 31) {
    throw new OptionError(
      `compare: expected seeds below ${2 ** 31}, received ${plan.seeds} from ${plan.base.seed} on. Lower --seed.`,
    );
  }
  if (plan.splitPerSeed && 'splitSeed' in plan.vary) {
    throw new OptionError('compare: expected --split-per-seed or --vary splitSeed=…, received both. Leave one out.');
  }
  for (const { settings: each } of plannedRuns({ ...plan, seeds: 1 })) checkTrainSettings(each);
}

/** The plan as `plan.json` and `--config` hold it: flat, as the arguments of a training. */
export function planAsArguments({ base, ...rest }: ComparePlan): Record<string, unknown> {
  return { command: 'compare', ...base, ...rest };
}

/**
 * Checks that a comparison goes on with the settings that it was begun with; more seeds are welcome.
 *
 * @throws OptionError that names what differs
 */
export function checkSamePlan(folder: string, stored: Record<string, unknown>, plan: ComparePlan): void {
  const wanted = planAsArguments(plan);
  const keys = [...new Set([...Object.keys(stored), ...Object.keys(wanted)])];
  const text = (value: unknown) => (value === undefined ? 'none' : JSON.stringify(value));
  const differing = keys.filter(
    (key) => text(stored[key]) !== text(wanted[key]) && !(key === 'seeds' && plan.seeds >= Number(stored[key])),
  );
  if (differing.length === 0) return;
  const described = (from: Record<string, unknown>) => differing.map((key) => `${key} ${text(from[key])}`).join(', ');
  throw new OptionError(
    `compare: expected the settings that ${folder} was begun with (${described(stored)}), received others (${described(wanted)}). ` +
      `Give those, go on with cajal compare --resume ${folder}, or choose another --name.`,
  );
}
