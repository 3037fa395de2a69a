/** Workers of the WebAssembly backend in Node. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import type { WorkerHost } from '../worker-host.ts';
import { workerSource } from '../worker-source.ts';

const script = `${workerSource}
const { parentPort, workerData } = require('node:worker_threads');
parentPort.on('message', start(workerData, (message) => parentPort.postMessage(message)));
`;

/** Starts worker threads. */
export const nodeWorkerHost: WorkerHost = {
  spawn(start, onAnswer, onFailure) {
    const worker = new Worker(script, { eval: true, workerData: start, execArgv: [], name: `cajal-${start.worker}` });
    worker.on('message', onAnswer);
    worker.on('error', onFailure);
    return {
      post: (message) => worker.postMessage(message),
      keepAlive: (isNeeded) => (isNeeded ? worker.ref() : worker.unref()),
      terminate: async () => void (await worker.terminate()),
    };
  },
};

/** Collects garbage now, so that forgotten memory can be used again: V8 knows nothing of what lies in WebAssembly. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
}
