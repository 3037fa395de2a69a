/** Workers of the WebAssembly backend in a page. Their source is a blob, so there is no second file for a bundler to miss. */
import { BackendError } from '../../../core/errors.ts';
import type { WorkerAnswer, WorkerHost } from '../worker-host.ts';
import { workerSource } from '../worker-source.ts';

const script = `${workerSource}
let react;
self.onmessage = ({ data }) => {
  if (react) react(data);
  else react = start(data, (message) => self.postMessage(message));
};
`;

let scriptUrl: string | undefined;

/** The error of a worker that does not start or ends by itself; pages are told no reason where their policy forbids it. */
function failed(reason: string | undefined): BackendError {
  return new BackendError(
    `wasm backend: expected that a worker runs, received ${reason || 'an error without a reason'}. ` +
      'Where the page has a Content-Security-Policy, allow "worker-src blob:" in it.',
  );
}

/** Starts Web Workers. */
export const browserWorkerHost: WorkerHost = {
  spawn(start, onAnswer, onFailure) {
    scriptUrl ??= URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
    let worker: Worker;
    try {
      worker = new Worker(scriptUrl, { name: `cajal-${start.worker}` });
    } catch (error) {
      throw failed((error as Error).message);
    }
    worker.onmessage = ({ data }: MessageEvent<WorkerAnswer>) => onAnswer(data);
    worker.onerror = (event) => {
      event.preventDefault();
      onFailure(failed(event.message));
    };
    worker.postMessage(start);
    return {
      post: (message) => worker.postMessage(message),
      // Workers do not keep a page open.
      keepAlive: () => {},
      terminate: async () => worker.terminate(),
    };
  },
};
