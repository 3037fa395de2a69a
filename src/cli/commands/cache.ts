/** `cajal cache`: what is kept of pictures between runs, and how to be rid of it. */
import { OptionError } from '../../core/errors.ts';
import { exitCodes } from '../exit-code.ts';
import type { OptionTable } from '../options/option.ts';
import { outputOptions } from '../options/train-options.ts';
import { alignColumns } from '../text-table.ts';
import { type Command, type CommandInput, defineCommand } from './command.ts';

const actions = ['ls', 'clear'] as const;

interface CacheCommandOptions {
  action: (typeof actions)[number];
  olderThan?: number;
  json?: boolean;
}

const table: OptionTable<CacheCommandOptions> = {
  action: { kind: 'name', group: 'Cache', isArgument: true, choices: actions, help: 'ls lists it, clear deletes it' },
  olderThan: {
    kind: 'number',
    group: 'Cache',
    rule: { min: 0 },
    placeholder: 'days',
    help: 'clear only what was not used for so many days',
  },
  json: outputOptions.json,
};

/** The command. */
export const cacheCommand: Command = defineCommand<CacheCommandOptions>({
  name: 'cache',
  summary: 'list or delete the pictures that are kept decoded between runs',
  arguments: [{ name: '<action>', help: table.action.help }],
  table,
  examples: ['cajal cache ls', 'cajal cache clear --older-than 30', 'CAJAL_CACHE=/big/disk cajal cache ls'],
  notes:
    'A set holds the pictures of one folder, decoded and resized, by the content of their files: it is of use wherever\n' +
    'the same pictures lie. The least recently used sets go by themselves when all take more than --disk-cache-mib of\n' +
    "train. The folder is CAJAL_CACHE, else the user's cache folder by the system's convention.",
  run: runCache,
});

async function runCache({ terminal, values }: CommandInput<CacheCommandOptions>): Promise<number> {
  const { action, olderThan, json } = values;
  if (action === 'ls' && olderThan !== undefined) {
    throw new OptionError('cache: --older-than goes with clear, received it with ls. Leave it out.');
  }
  const { cacheFolder, clearSegments, describeSegment, listSegments } = await import('../../data/node/index.ts');
  const folder = cacheFolder(terminal.environment);
  if (action === 'clear') {
    const gone = await clearSegments(folder, Date.now() - (olderThan ?? 0) * dayMs);
    const bytes = totalOf(gone);
    if (json) terminal.out(`${JSON.stringify({ event: 'cache cleared', folder, sets: gone.length, bytes })}\n`);
    else terminal.out(`${gone.length} ${gone.length === 1 ? 'set' : 'sets'} deleted, ${mebibytes(bytes)}.\n`);
    return exitCodes.ok;
  }
  const segments = (await listSegments(folder)).reverse();
  const sets = await Promise.all(
    segments.map(async (segment) => {
      const index = await describeSegment(segment);
      return {
        folder: index?.folder ?? null,
        pictures: index?.hashes.length ?? null,
        ...(index && { preprocessing: index.preprocessing, created: index.created }),
        used: new Date(segment.usedMs).toISOString(),
        bytes: segment.sizeBytes,
      };
    }),
  );
  const bytes = totalOf(segments);
  if (json) {
    terminal.out(`${JSON.stringify({ event: 'cache', folder, bytes, sets })}\n`);
    return exitCodes.ok;
  }
  if (sets.length > 0) {
    const rows = sets.map((set) => {
      const { height, width, colorMode, sampleType } = set.preprocessing ?? {};
      const prepared = set.preprocessing ? `${height}×${width} ${colorMode} ${sampleType}` : 'of another version';
      return [
        prepared,
        String(set.pictures ?? ''),
        mebibytes(set.bytes),
        ageOf(set.created),
        ageOf(set.used),
        set.folder ?? '',
      ];
    });
    terminal.out(alignColumns([['prepared', 'pictures', 'size', 'made', 'used', 'from'], ...rows], [1, 2]));
  }
  terminal.out(`${folder}: ${sets.length} ${sets.length === 1 ? 'set' : 'sets'}, ${mebibytes(bytes)}.\n`);
  return exitCodes.ok;
}

const dayMs = 86_400_000;

function totalOf(segments: readonly { readonly sizeBytes: number }[]): number {
  return segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

/** How long ago a moment was, in the largest unit of which it is at least two. */
function ageOf(moment: string | undefined): string {
  if (moment === undefined) return '';
  const seconds = Math.max(0, (Date.now() - Date.parse(moment)) / 1000);
  const units = [
    ['days', 86_400],
    ['hours', 3600],
    ['minutes', 60],
  ] as const;
  const unit = units.find(([, length]) => seconds >= 2 * length);
  return unit ? `${Math.floor(seconds / unit[1])} ${unit[0]} ago` : 'just now';
}
