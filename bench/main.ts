/** `npm run bench`: times cajal's own kernels and steps; two revisions of them in turns (`--against`); or how their time
 * grows with batches, sizes, channels and threads (`--growth`). `--help` names the options. */
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildRevision, buildTree } from './build-tree.ts';
import { chooseCases } from './cases.ts';
import { root } from './compare/set-up-peers.ts';
import { compareRevisions } from './compare-revisions.ts';
import { measureGrowth } from './growth/measure-growth.ts';
import { timeCases } from './time-cases.ts';

const help = `npm run bench -- [options]
  times kernels of test/cases and the steps of bench/compare/workloads.json, and writes bench-<processor>.json
  --against REV     instead, times this checkout and another revision in turns and says what differs; writes nothing
  --growth          instead, times growing batches, pictures, channels and threads on the first backend, and writes
                    growth-<processor>.md, .svg and .json; with --filter it only prints
  --filter WORDS    cases whose titles contain every word, as "conv2d 36×36" or "T1"; for --growth an axis, as "batch"
  --backends LIST   default native,wasm, or CAJAL_BACKEND; with --growth native
  --threads N       default one per core, or CAJAL_THREADS; with --growth the most
  --seconds N       how long each case is timed on a backend; default 2; with --against 6, each of both;
                    with --growth 0.1, twice
  --rounds N        turns that share this time; default 10, with --against 5 after each start
  --starts N        with --against: how often both are started anew; default 3
  --limit N         seconds that a start or a step may last; default 120
  --out DIR         default bench/results
  --skip-build      take this checkout's native/build, build/wasm and dist/ as they are
Environment: CAJAL_ISA chooses the instruction set of the native backend.`;

const { CAJAL_BACKEND: givenBackend, CAJAL_THREADS: givenThreads } = process.env;
const { values } = parseArgs({
  options: {
    against: { type: 'string' },
    growth: { type: 'boolean', default: false },
    filter: { type: 'string', default: '' },
    backends: { type: 'string', default: givenBackend ?? '' },
    threads: { type: 'string', default: givenThreads ?? String(os.availableParallelism()) },
    seconds: { type: 'string' },
    rounds: { type: 'string' },
    starts: { type: 'string', default: '3' },
    limit: { type: 'string', default: '120' },
    out: { type: 'string', default: path.join(root, 'bench/results') },
    'skip-build': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(help);
  process.exit();
}

function numberOf(option: 'threads' | 'seconds' | 'rounds' | 'starts' | 'limit', otherwise: number): number {
  const value = values[option] === undefined ? otherwise : Number(values[option]);
  const isCount = option !== 'seconds';
  if (value > 0 && (!isCount || Number.isInteger(value))) return value;
  throw new Error(
    `--${option}: expected a ${isCount ? 'whole ' : ''}number above 0, received ${values[option]}. See --help.`,
  );
}

const words = values.filter.split(' ').filter((word) => word !== '');
const backends = (values.backends || (values.growth ? 'native' : 'native,wasm')).split(',');
const threads = numberOf('threads', 1);
const timed = { rounds: numberOf('rounds', values.against === undefined ? 10 : 5), limitSeconds: numberOf('limit', 1) };
if (values.growth) {
  if (!values['skip-build']) buildTree(root);
  const seconds = numberOf('seconds', 0.1);
  await measureGrowth({ backend: backends[0]!, threads, seconds, words, folder: values.out });
} else {
  const cases = chooseCases(words);
  if (cases.length === 0)
    throw new Error(`--filter: expected words of the title of a case, received ${values.filter}.`);
  const other = values.against === undefined ? undefined : buildRevision(values.against);
  if (!values['skip-build']) buildTree(root);
  if (other) {
    const seconds = numberOf('seconds', 6);
    await compareRevisions(cases, backends, threads, other, { ...timed, seconds }, numberOf('starts', 3));
  } else {
    const seconds = numberOf('seconds', 2);
    console.log(`written: ${await timeCases(cases, backends, threads, { ...timed, seconds }, values.out)}`);
  }
}
