/** What an audit comes to, in sentences, the weightiest first: what was found, how much of it, where, and what to do. The
 * terminal, the page and `--json` all say these. */
import { brokenReasons, countByReason } from '../data/picture-file.ts';
import type { AuditedFile, AuditReport, FileSet } from './audit-report.ts';
import type { QualityFlag } from './picture-quality.ts';
import { shellWord } from './shell-word.ts';

/** What a finding is about. */
export type FindingKind =
  | 'leak'
  | 'conflict'
  | 'groups'
  | 'broken'
  | 'labels'
  | 'duplicates'
  | 'imbalance'
  | 'few pictures'
  | 'odd pictures'
  | 'names'
  | 'sizes'
  | 'colours'
  // Of tables.
  | 'blank labels'
  | 'blank paths'
  | 'double labels'
  | 'missing files'
  | 'spelling'
  | 'unused column';

/** One thing that a person should know. */
export interface Finding {
  readonly kind: FindingKind;
  /** `problem`: results would mislead; `caution`: look at it; `note`: good to know. */
  readonly severity: 'problem' | 'caution' | 'note';
  /** What was found, with its numbers. */
  readonly title: string;
  /** A few files, as a person would look them up. */
  readonly examples: readonly string[];
  /** What to do. */
  readonly advice?: string;
  /** A command line that does it. */
  readonly command?: string;
}

/** What commands in findings need to know. */
export interface FindingsOptions {
  /** Where the audit is written; commands name it where training would not find it by itself. */
  readonly auditFile?: string;
}

const mostExamples = 4;
/** From this ratio of the largest class to the smallest, counts are called uneven. */
const uneven = 1.5;
const veryUneven = 3;
/** A class with fewer pictures says little about itself when a fifth of them is held out. */
const fewPictures = 25;
/** Share of pictures in groups from which a random split is called a leak. */
const leakingShare = 0.02;

/** Lists the findings of an audit. */
export function listFindings(report: AuditReport, options: FindingsOptions = {}): Finding[] {
  const clean = `cajal audit ${shellWord(report.folder)} --fix copy --out ${shellWord(`${report.folder}-clean`)}`;
  const found: (Finding | undefined)[] = [
    leak(report),
    conflict(report, clean),
    groups(report, options),
    broken(report, clean),
    labels(report),
    duplicates(report, clean),
    imbalance(report),
    few(report),
    ...oddPictures(report),
    names(report),
    sizes(report),
    colours(report),
  ];
  const order = ['problem', 'caution', 'note'];
  return found
    .filter((finding) => finding !== undefined)
    .sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

function leak({ copies, validationFolder, validationFiles }: AuditReport): Finding | undefined {
  const sets = copies.sets.filter(({ isLeak }) => isLeak);
  if (sets.length === 0 || validationFolder === null) return undefined;
  const held = sets.reduce((sum, { files }) => sum + files.filter(({ split }) => split === 'validation').length, 0);
  return {
    kind: 'leak',
    severity: 'problem',
    title:
      `${shareOf(held, validationFiles.length)} of the second folder ${be(held)} also in the first, as the same file or as a ` +
      'changed copy: an accuracy measured there is too good.',
    examples: sets.slice(0, mostExamples).map(({ files }) => {
      const from = files.find(({ split }) => split === 'training')!;
      const to = files.find(({ split }) => split === 'validation')!;
      return `${from.path} = ${to.path}`;
    }),
    advice: `Delete these from ${validationFolder}, or put both folders together and split by group.`,
  };
}

function conflict({ copies, validationFolder }: AuditReport, clean: string): Finding | undefined {
  const sets = copies.sets.filter(({ classNames }) => classNames.length > 1);
  if (sets.length === 0) return undefined;
  const files = countFiles(sets);
  return {
    kind: 'conflict',
    severity: 'problem',
    title: `${files} pictures in ${plural(sets.length, 'set')} of copies lie in several classes: at least one label of each set is wrong.`,
    examples: sets.slice(0, mostExamples).map((set) => onePerClass(set)),
    advice: 'Look at each set and keep the right label, or leave them out of a cleaned copy.',
    ...(validationFolder === null && { command: clean }),
  };
}

function groups(report: AuditReport, { auditFile = 'audit.json' }: FindingsOptions): Finding | undefined {
  const { groups: found, files, folder } = report;
  if (found.source === 'none' || found.groupedFiles === 0) return undefined;
  const isLeaking = found.groupedFiles >= leakingShare * files.length && found.groupedFiles > 2;
  const known = auditFile === 'audit.json' ? '' : ` --audit ${shellWord(auditFile)}`;
  const members = new Map<string, string[]>();
  for (const { group, path } of files) {
    if (group === null) continue;
    const list = members.get(group);
    if (list) list.push(path);
    else members.set(group, [path]);
  }
  const largest = [...members.values()].filter((list) => list.length > 1).sort((a, b) => b.length - a.length);
  return {
    kind: 'groups',
    severity: isLeaking ? 'problem' : 'note',
    title:
      `${files.length} pictures come from ${plural(found.count, 'group')}; ${shareOf(found.groupedFiles, files.length)} ` +
      `share theirs with others. Found by ${found.source}, confidence ${percent(found.confidence)}: ${found.reason}.`,
    examples: largest
      .slice(0, 3)
      .map((list) => `${list.length} together: ${list.slice(0, 3).join(', ')}${list.length > 3 ? ', …' : ''}`),
    ...(isLeaking && {
      advice: 'A random split would put pictures of one group on both sides and measure too well. Split by group:',
      command: `cajal train ${shellWord(folder)} --split grouped${known}`,
    }),
  };
}

function broken({ skipped, validationFolder }: AuditReport, clean: string): Finding | undefined {
  const files = skipped.filter(({ reason }) => brokenReasons.includes(reason));
  if (files.length === 0) return undefined;
  const reasons = Object.entries(countByReason(files)).map(([reason, count]) => `${count} ${reason}`);
  return {
    kind: 'broken',
    severity: 'caution',
    title: `${plural(files.length, 'picture')} cannot be used: ${reasons.join(', ')}.`,
    examples: files.slice(0, mostExamples).map(({ path, reason, detail }) => `${path} (${detail ?? reason})`),
    advice: 'Training leaves them out. Get them again from where they came, or leave them out of a cleaned copy.',
    ...(validationFolder === null && { command: clean }),
  };
}

function labels({ labelIssues, labelNoise, files }: AuditReport): Finding | undefined {
  if (labelIssues === null || labelIssues.length === 0) return undefined;
  return {
    kind: 'labels',
    severity: 'caution',
    title:
      `${shareOf(labelIssues.length, files.length)} likely ${labelIssues.length === 1 ? 'has' : 'have'} a wrong label` +
      `${labelNoise === null ? '' : `; about ${percent(labelNoise)} of all labels are wrong by estimate`}.`,
    examples: labelIssues
      .slice(0, mostExamples)
      .map(({ path, className, suggested }) => `${path}: ${className}, looks like ${suggested}`),
    advice: 'Look at them, the likeliest first, and move those that are wrong.',
  };
}

function duplicates({ duplicates: sets, validationFolder }: AuditReport, clean: string): Finding | undefined {
  if (sets.length === 0) return undefined;
  return {
    kind: 'duplicates',
    severity: 'caution',
    title: `${plural(countFiles(sets), 'file')} are ${plural(sets.length, 'picture')}: the same bytes under several names.`,
    examples: sets.slice(0, mostExamples).map(({ files }) =>
      files
        .slice(0, 3)
        .map(({ path }) => path)
        .join(' = '),
    ),
    advice: 'Keep one of each; a cleaned copy does.',
    ...(validationFolder === null && { command: clean }),
  };
}

function imbalance({ classes, imbalance: ratio, folder }: AuditReport): Finding | undefined {
  const [largest] = [...classes].sort((a, b) => b.count - a.count);
  const [smallest] = [...classes].sort((a, b) => a.count - b.count);
  if (largest === undefined || smallest === undefined) return undefined;
  if (ratio === null) {
    return {
      kind: 'imbalance',
      severity: 'problem',
      title: `${smallest.name} has no pictures: a network cannot learn it.`,
      examples: [],
      advice: 'Add pictures, or take the folder away.',
    };
  }
  if (ratio < uneven) return undefined;
  return {
    kind: 'imbalance',
    severity: ratio >= veryUneven ? 'caution' : 'note',
    title:
      `${largest.name} has ${largest.count} pictures, ${smallest.name} ${smallest.count}: ${ratio.toPrecision(2)} times as many. ` +
      `Always answering ${largest.name} would be right for ${percent(largest.count / classes.reduce((sum, { count }) => sum + count, 0))}.`,
    examples: [],
    advice: 'Look at the recall of each class, not at accuracy alone. To let rare classes count as much:',
    command: `cajal train ${shellWord(folder)} --class-weight balanced`,
  };
}

function few({ classes }: AuditReport): Finding | undefined {
  const small = classes.filter(({ count }) => count > 0 && count < fewPictures);
  if (small.length === 0) return undefined;
  return {
    kind: 'few pictures',
    severity: 'caution',
    title: `${plural(small.length, 'class', 'classes')} with fewer than ${fewPictures} pictures: of a fifth held out, what is measured is mostly chance.`,
    examples: small.slice(0, mostExamples).map(({ name, count }) => `${name}: ${count}`),
    advice: 'Collect more, or cross-validate (--cv 5), which asks every picture once.',
  };
}

const meanings: Readonly<Record<QualityFlag, string>> = {
  blurred: 'blurred beside the others',
  dark: 'very dark',
  bright: 'very bright',
  'low information': 'nearly empty',
  'odd aspect': 'of other proportions than the others',
};

/** The flags in the order in which they are told. */
export const qualityFlags: readonly QualityFlag[] = ['blurred', 'dark', 'bright', 'low information', 'odd aspect'];

/** What a flag means, after "is" or "are". */
export function flagMeaning(flag: QualityFlag): string {
  return meanings[flag];
}

function oddPictures({ files, validationFiles, classNames }: AuditReport): Finding[] {
  const all = [...files, ...validationFiles];
  return qualityFlags.flatMap((flag): Finding[] => {
    const flagged = all.filter(({ flags }) => flags.includes(flag));
    if (flagged.length === 0) return [];
    const one = concentrated(flagged, all, classNames);
    return [
      {
        kind: 'odd pictures',
        severity: one === undefined ? 'note' : 'caution',
        title: `${shareOf(flagged.length, all.length)} ${be(flagged.length)} ${meanings[flag]}${one === undefined ? '' : `, ${one}`}.`,
        examples: mostExtreme(flagged, flag)
          .slice(0, mostExamples)
          .map(({ path, width, height }) => (flag === 'odd aspect' ? `${path} (${width}×${height})` : path)),
        ...(one !== undefined && { advice: 'A network may learn that instead of the class.' }),
      },
    ];
  });
}

/** Files with a flag, the most extreme first. */
export function mostExtreme(files: readonly AuditedFile[], flag: QualityFlag): AuditedFile[] {
  const measure = {
    blurred: ({ sharpness }: AuditedFile) => sharpness,
    dark: ({ brightness }: AuditedFile) => brightness,
    bright: ({ brightness }: AuditedFile) => -brightness,
    'low information': ({ entropy }: AuditedFile) => entropy,
    'odd aspect': ({ width, height }: AuditedFile) => -Math.abs(Math.log(width / height)),
  }[flag];
  return [...files].sort((a, b) => measure(a) - measure(b));
}

/** Where nearly all of many odd pictures lie in one class. */
function concentrated(
  flagged: readonly AuditedFile[],
  all: readonly AuditedFile[],
  classNames: readonly string[],
): string | undefined {
  if (flagged.length < 10) return undefined;
  for (const name of classNames) {
    const share = flagged.filter(({ className }) => className === name).length / flagged.length;
    const expected = all.filter(({ className }) => className === name).length / all.length;
    if (share >= 0.8 && expected <= 0.6) return `${percent(share)} of them in class ${name}`;
  }
  return undefined;
}

function names({ nameProposals }: AuditReport): Finding | undefined {
  const refuted = nameProposals.find(({ verdict }) => verdict === 'refuted');
  if (refuted === undefined) return undefined;
  const { pattern, groupCount, copiesTogether, copiesByChance } = refuted;
  const evidence =
    copiesTogether === null
      ? 'pictures within them are no more alike than others'
      : `${percent(copiesTogether)} of the copies lie in one group, ${percent(copiesByChance ?? 0)} would by chance`;
  return {
    kind: 'names',
    severity: 'caution',
    title: `File names look as if ${pattern} made ${groupCount} groups, but the pictures say that it does not: ${evidence}.`,
    examples: [],
    advice: `Do not rely on --group-by '${pattern}'.`,
  };
}

function sizes({ files }: AuditReport): Finding | undefined {
  const ratios = files.map(({ width, height }) => width / height).sort((a, b) => a - b);
  const at = (share: number) => ratios[Math.floor(share * (ratios.length - 1))] ?? 1;
  if (at(0.95) / at(0.05) < 1.5) return undefined;
  const widths = files.map(({ width }) => width);
  const heights = files.map(({ height }) => height);
  const range = (values: readonly number[]) => `${leastOf(values)} to ${mostOf(values)}`;
  return {
    kind: 'sizes',
    severity: 'note',
    title: `Pictures are ${range(widths)} pixels wide and ${range(heights)} high, of different proportions.`,
    examples: [],
    advice: 'They are stretched to one size; --fit pad or --fit crop keeps their proportions.',
  };
}

function colours({ modes, files, validationFiles }: AuditReport): Finding | undefined {
  const rare = modes.slice(1);
  if (rare.length === 0) return undefined;
  const all = [...files, ...validationFiles];
  return {
    kind: 'colours',
    severity: 'note',
    title: `Most pictures are ${modes[0]!.value}; ${rare.map(({ value, count }) => `${count} ${be(count)} ${value}`).join(', ')}.`,
    examples: rare.slice(0, 3).map(({ value }) => all.find(({ mode }) => mode === value)!.path),
  };
}

function onePerClass({ files, classNames }: FileSet): string {
  const first = classNames.map((name) => files.find(({ path }) => path.startsWith(`${name}/`)) ?? files[0]!);
  return [...new Set(first.map(({ path }) => path))].join(' ≈ ');
}

function countFiles(sets: readonly FileSet[]): number {
  return sets.reduce((sum, { files }) => sum + files.length, 0);
}

function leastOf(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
}

function mostOf(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

function be(count: number): string {
  return count === 1 ? 'is' : 'are';
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function shareOf(count: number, total: number): string {
  if (count === total) return `all ${count} pictures`;
  return `${plural(count, 'picture')} (${percent(count / Math.max(1, total))})`;
}

/** A share as people write it; never 100 % or 0 % of what is not. */
export function percent(share: number): string {
  const value = 100 * share;
  if (value > 99 && value < 100) return `${(Math.floor(value * 10) / 10).toFixed(1)} %`;
  return `${value.toFixed(value >= 10 || value === 0 ? 0 : 1)} %`;
}
