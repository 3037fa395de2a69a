/** The options of `cajal compare`: those of a training, which every run gets, and what is compared. */

import { type SharedMetricName, sharedMetricNames } from '../../comparison/shared-metrics.ts';
import { OptionError } from '../../core/errors.ts';
import { checkName } from '../../core/options.ts';
import type { TrainSettings } from '../../runs/jobs/train-settings.ts';
import { type CacheOptions, cacheOptions } from './cache-options.ts';
import { checkValue, type OptionSpec, type OptionTable, parseText } from './option.ts';
import { type OutputOptions, trainOptions, trainRunOptions } from './train-options.ts';

/** What is compared, where it goes and how it is shown. */
export interface CompareRunOptions extends OutputOptions, CacheOptions {
  /** Values as text from the command line, as lists from a config file. */
  vary?: Readonly<Record<string, string | readonly unknown[]>>;
  seeds: number;
  splitPerSeed?: boolean;
  compareBy: SharedMetricName;
  out?: string;
  name?: string;
  resume?: string;
  config?: string;
}

/** What does not belong to a single training. */
export const compareRunOptions: OptionTable<CompareRunOptions> = {
  vary: {
    kind: 'grid',
    group: 'Comparison',
    help: 'an option of train and the values to compare; several times: all combinations (lists are parted by /, as filters=32,64/16,32)',
  },
  seeds: {
    kind: 'number',
    group: 'Comparison',
    rule: { integer: true, min: 1, max: 1000 },
    default: 5,
    help: 'trainings of each setting, with seeds that follow each other from --seed on',
  },
  splitPerSeed: {
    kind: 'flag',
    group: 'Comparison',
    help: 'each seed draws its own split (otherwise all runs share that of --split-seed)',
  },
  compareBy: {
    kind: 'name',
    group: 'Comparison',
    choices: sharedMetricNames,
    default: 'accuracy',
    help: 'by which metric pairs of settings are tested',
  },
  out: {
    ...trainRunOptions.out,
    help: "the comparison's folder (default: runs/compare, runs/compare-2, …)",
  },
  name: { ...trainRunOptions.name, help: 'the name of its folder in runs/; one with the same settings goes on' },
  resume: {
    ...trainRunOptions.resume,
    placeholder: 'folder',
    help: 'go on with a comparison that was stopped; with --seeds, add further ones',
  },
  config: {
    ...trainRunOptions.config,
    help: "take options from a JSON file, such as a comparison's plan.json",
  },
  ...cacheOptions,
  json: trainRunOptions.json,
  quiet: trainRunOptions.quiet,
};

/** Options of a training that one run cannot have otherwise than the others, and what to use instead. */
const fixed: Readonly<Record<string, string>> = {
  seed: 'Use --seeds to train each setting with several.',
  folder: 'Compare what is trained on one folder.',
  cv: 'Run train --cv with each setting.',
  fold: 'Run train --cv with each setting.',
};

/** The values to compare, each checked as `train` would. @throws OptionError naming the nearest name */
export function resolveVary(vary: CompareRunOptions['vary'] = {}): Record<string, unknown[]> {
  const names = Object.keys(trainOptions).filter((key) => !(key in fixed));
  const entries = Object.entries(vary).map(([given, values]): [string, unknown[]] => {
    const key = given.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const instead = fixed[key];
    if (instead !== undefined) {
      throw new OptionError(`compare: --vary cannot vary ${key}, received ${given}=${String(values)}. ${instead}`);
    }
    const name = checkName('compare', '--vary name', key, names) as keyof TrainSettings;
    return [name, valuesOf(name, trainOptions[name], values)];
  });
  const keys = entries.map(([key]) => key);
  const repeated = keys.find((key, place) => keys.indexOf(key) !== place);
  if (repeated !== undefined) {
    throw new OptionError(`compare: --vary has ${repeated} in two spellings. Write it once, with all values.`);
  }
  return Object.fromEntries(entries);
}

function valuesOf(key: string, spec: OptionSpec, given: string | readonly unknown[]): unknown[] {
  const where = `--vary ${key}`;
  const isList = spec.kind === 'numbers' || spec.kind === 'names' || spec.kind === 'words';
  const values =
    typeof given === 'string'
      ? given.split(isList ? '/' : ',').map((part) => parseText('compare', where, spec, part.trim()))
      : given.map((value) => checkValue('compare', where, spec, value));
  const texts = values.map((value) => JSON.stringify(value));
  const twice = texts.find((text, place) => texts.indexOf(text) !== place);
  if (twice === undefined) return values;
  throw new OptionError(`compare: ${where} must be different values, received ${twice} twice. Leave one out.`);
}
