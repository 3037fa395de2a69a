/** `npm run bench:compare`: times cajal and its peers on the same workloads, in turns, and writes the table of results.
 * Peers are installed below `build/compare/`; `--help` names the options. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Contestant, contestantsFor, peerNames, threadEnvironment, type Workload } from './contestants.ts';
import { measurePeak } from './measure-peak.ts';
import { currentCommit, describeMachine, writeResults } from './results.ts';
import { buildFolder, type Installed, root, setUpNode, setUpPython, sourceFolder, writeOnnx } from './set-up-peers.ts';
import { type Entry, takeTurns } from './take-turns.ts';
import { coldContestants, timeColdStarts } from './time-cold-starts.ts';

const { workloads } = JSON.parse(readFileSync(path.join(sourceFolder, 'workloads.json'), 'utf8')) as {
  workloads: Record<string, Workload>;
};
const help = `npm run bench:compare -- [options]
  --workloads LIST    of ${[...Object.keys(workloads), 'cold'].join(', ')}, or their beginnings; default all
  --peers LIST        of ${peerNames.join(', ')}; default all
  --backends LIST     default native,wasm
  --threads N         default 2
  --rounds N          turns of each; default as many as give 30 timings, at least 10
  --seconds N         what one contestant's timings of a workload may last; slow ones sit rounds out; default 45
  --limit N           seconds that a start or a step may last; default 120
  --python-env DIR    a folder of Python environments named ${['keras', 'torch', 'jax', 'onnxruntime'].join(', ')}; those not in it are made
  --node-env DIR      a folder with the Node peers in its node_modules
  --out DIR           default bench/results
  --skip-build        take dist/ as it is`;

const { values } = parseArgs({
  options: {
    workloads: { type: 'string', default: [...Object.keys(workloads), 'cold'].join(',') },
    peers: { type: 'string', default: peerNames.join(',') },
    backends: { type: 'string', default: 'native,wasm' },
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string' },
    seconds: { type: 'string', default: '45' },
    limit: { type: 'string', default: '120' },
    'python-env': { type: 'string' },
    'node-env': { type: 'string' },
    out: { type: 'string', default: path.join(root, 'bench/results') },
    'skip-build': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(help);
  process.exit();
}

const backends = values.backends.split(',');
const threads = Number(values.threads);
const env = {
  ...process.env,
  ...threadEnvironment(threads),
  TORCHINDUCTOR_CACHE_DIR: path.join(buildFolder, 'inductor'),
};
const contestants = contestantsFor(backends, values.peers.split(','));
const installed = new Map<string, Installed>();

if (!values['skip-build']) {
  const { status } = spawnSync(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-b'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
const torchIsNeeded = contestants.some(({ needsOnnx }) => needsOnnx);
for (const name of new Set(contestants.map(({ environment }) => environment).concat(torchIsNeeded ? ['torch'] : []))) {
  console.log(`setting up: ${name}`);
  installed.set(name, name === 'node' ? setUpNode(values['node-env']) : setUpPython(name, values['python-env']));
}

function entryOf(contestant: Contestant, id: string): Entry {
  const made =
    contestant.peer === 'cajal' ? { program: process.execPath, folder: root } : installed.get(contestant.environment)!;
  if ('reason' in made) return { id: contestant.id, command: made };
  const onnx = contestant.needsOnnx ? writeOnnx(id, workloads[id]!.network, installed.get('torch')!) : '';
  if (typeof onnx !== 'string') return { id: contestant.id, command: onnx };
  const script = path.join(sourceFolder, contestant.script);
  const more = contestant.environment === 'node' ? [made.folder, onnx] : [onnx];
  const args = [script, id, String(threads), contestant.variant, ...more];
  return { id: contestant.id, command: { program: made.program, args, env } };
}

const wanted = values.workloads.split(',');
const known = [...Object.keys(workloads), 'cold'];
const unknown = wanted.find((name) => !known.some((id) => id === name || id.startsWith(`${name}-`)));
if (unknown) throw new Error(`--workloads: expected some of ${known.join(', ')}, received ${unknown}.`);
const chosen = known.filter((id) => wanted.some((name) => id === name || id.startsWith(`${name}-`)));
const peaks = Object.fromEntries(backends.map((backend) => [backend, measurePeak(backend, threads)]));
for (const id of chosen) {
  const start = performance.now();
  const about = { date: new Date().toISOString(), commit: currentCommit(), threads, loadBefore: os.loadavg()[0]! };
  const workload = workloads[id];
  const title = workload?.title ?? 'whole process: start, 30 train steps of T1 from scratch, end';
  console.log(`\n${id}: ${title}`);
  const taking = contestants.filter((contestant) =>
    workload ? contestant.takesPart(workload) : coldContestants.includes(contestant.id),
  );
  const entries = taking.map((contestant) => entryOf(contestant, workload ? id : 'T1'));
  const least = workload ? Math.max(10, Math.ceil(30 / workload.perTurn)) : 5;
  const rounds = Number(values.rounds ?? least);
  const plan = { rounds, warmUps: 10, secondsEach: Number(values.seconds), limitSeconds: Number(values.limit) };
  const timings = workload
    ? await takeTurns(entries, { ...plan, perTurn: workload.perTurn }, (text) => console.log(`  ${text}`))
    : await timeColdStarts(entries, rounds, (text) => console.log(`  ${text}`));
  const result = { title, ...about, rounds, timings };
  const file = writeResults(values.out, { machine: describeMachine(), peaks, workloads: { [id]: result } });
  console.log(`  ${((performance.now() - start) / 1000).toFixed(0)} s; ${path.relative(root, file)}`);
}
