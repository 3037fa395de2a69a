/** Times one training step of the 13-layer network (150×150×3, batch 32) in cajal and in PyTorch's eager mode, in turns:
 * `node --import tsx bench/compare/train-step.ts --python PATH [--rounds 8] [--threads 2] [--backends native,wasm]`. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { BackendName } from '../../src/backends/backend.ts';
import { chooseBackend } from '../../src/engine/choose-backend.ts';
import { Random, sequential, tensor } from '../../src/index.ts';
import { cnn } from '../../src/zoo/cnn.ts';

const stepsPerTurn = 4;

/** Something that runs a number of steps and gives the milliseconds of each. */
interface Contestant {
  readonly name: string;
  run(steps: number): Promise<number[]>;
  close(): void;
}

async function cajal(backend: BackendName, threads: number): Promise<Contestant> {
  const { backend: opened } = await chooseBackend({ backend, threads });
  const model = sequential(cnn({ inputShape: [150, 150, 3], classes: 4 }), { backend, threads });
  model.compile({ optimizer: 'rmsprop', loss: 'categoricalCrossentropy' });
  const random = new Random(1);
  const x = tensor(
    Uint8Array.from({ length: 32 * 150 * 150 * 3 }, () => random.integer(256)),
    [32, 150, 150, 3],
  );
  const y = tensor(
    Float32Array.from({ length: 32 * 4 }, (_, place) => (place % 4 === (place >> 2) % 4 ? 1 : 0)),
    [32, 4],
  );
  return {
    name: `cajal ${backend} ${opened.instructionSet}`,
    async run(steps) {
      const times: number[] = [];
      for (let step = 0; step < steps; step++) {
        const start = performance.now();
        await model.trainOnBatch(x, y);
        times.push(performance.now() - start);
      }
      return times;
    },
    close: () => void opened.close(),
  };
}

async function pytorch(python: string, threads: number): Promise<Contestant> {
  const script = fileURLToPath(new URL('torch_train_step.py', import.meta.url));
  const child = spawn(python, [script, String(threads)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => JSON.parse((await lines.next()).value as string);
  const { engine } = (await next()) as { engine: string };
  return {
    name: `${engine} eager, channels_last`,
    async run(steps) {
      child.stdin.write(`${steps}\n`);
      return (await next()) as number[];
    },
    close: () => child.stdin.end(),
  };
}

function median(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    rounds: { type: 'string', default: '8' },
    threads: { type: 'string', default: '2' },
    backends: { type: 'string', default: 'native,wasm' },
  },
});
const threads = Number(values.threads);
const contestants: Contestant[] = [];
if (values.python) contestants.push(await pytorch(values.python, threads));
for (const name of values.backends.split(',')) contestants.push(await cajal(name as BackendName, threads));
const times = contestants.map((): number[] => []);
for (const contestant of contestants) await contestant.run(stepsPerTurn);
for (let round = 0; round < Number(values.rounds); round++) {
  for (const [index, contestant] of contestants.entries()) times[index]!.push(...(await contestant.run(stepsPerTurn)));
}
const first = median(times[0]!);
for (const [index, { name }] of contestants.entries()) {
  const middle = median(times[index]!);
  const least = Math.min(...times[index]!);
  console.log(
    `${name}: median ${middle.toFixed(1)} ms, least ${least.toFixed(1)} ms, ratio ${(middle / first).toFixed(2)}`,
  );
}
for (const contestant of contestants) contestant.close();
