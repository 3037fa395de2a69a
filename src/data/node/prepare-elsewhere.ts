/** Prepares pictures in worker threads, so that training and the event loop go on meanwhile. A few pictures are prepared
 * here: starting threads would take longer. Threads that have nothing to do keep no process alive. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { DataError } from '../../core/errors.ts';
import { preparePicture } from '../pictures/prepare-picture.ts';
import type { Preprocessing } from '../pictures/preprocessing.ts';
import type { Raster, Samples } from '../pictures/raster.ts';
import type { PrepareAnswer, PrepareRequest } from './prepare-worker.ts';

/** So many pictures are prepared before threads are started. */
export const picturesBeforeThreads = 64;

interface Waiting {
  readonly raster: Raster;
  readonly preprocessing: Preprocessing;
  readonly resolve: (pixels: Samples) => void;
  readonly reject: (reason: unknown) => void;
}

/** Some threads and what they work on. */
export class PrepareThreads {
  readonly #size: number;
  readonly #script: URL;
  readonly #threads = new Set<Thread>();
  #cannotStart = false;

  /** @param script the worker, beside this file by default, in a clone and in the package */
  constructor(size: number, script: URL = workerScript()) {
    this.#size = size;
    this.#script = script;
  }

  /** @throws DataError as `preparePicture` does, and where the thread ended while it prepared the picture */
  prepare(raster: Raster, preprocessing: Preprocessing): Promise<Samples> {
    return new Promise((resolve, reject) => this.#take({ raster, preprocessing, resolve, reject }));
  }

  /** Ends all threads; what they work on is prepared by new ones. */
  async close(): Promise<void> {
    await Promise.all([...this.#threads].map(({ worker }) => worker.terminate()));
  }

  #take(one: Waiting): void {
    if (this.#cannotStart) {
      prepareHere(one);
      return;
    }
    let thread = [...this.#threads].sort((a, b) => a.waiting.size - b.waiting.size)[0];
    if (!thread || (thread.waiting.size > 0 && this.#threads.size < this.#size)) thread = this.#start();
    thread.give(one);
  }

  #start(): Thread {
    const thread = new Thread(this.#script, () => {
      this.#threads.delete(thread);
      const [first, ...others] = thread.waiting.values();
      if (thread.hasStarted) first?.reject(new DataError('picture: the thread that prepared it ended. Try it again.'));
      // A bundle without the worker's file, or a process that may not start threads: the same work, here.
      else this.#cannotStart = true;
      for (const one of thread.hasStarted ? others : thread.waiting.values()) this.#take(one);
    });
    this.#threads.add(thread);
    return thread;
  }
}

/** One thread. Its pictures are prepared in the order in which they came. */
class Thread {
  readonly worker: Worker;
  readonly waiting = new Map<number, Waiting>();
  hasStarted = false;
  #next = 0;

  constructor(script: URL, onEnd: () => void) {
    this.worker = new Worker(script, { name: 'cajal-pictures' });
    this.worker.unref();
    this.worker.on('message', (answer: PrepareAnswer) => this.#answer(answer));
    // The end follows, and tells the same.
    this.worker.on('error', () => {});
    this.worker.on('exit', onEnd);
  }

  give(one: Waiting): void {
    const id = this.#next++;
    this.waiting.set(id, one);
    this.worker.ref();
    const { data } = one.raster;
    // A view would be sent with all that lies around it.
    const own = data.byteLength === data.buffer.byteLength ? data : data.slice();
    const { preprocessing } = one;
    this.worker.postMessage({ id, raster: { ...one.raster, data: own }, preprocessing } satisfies PrepareRequest);
  }

  #answer({ id, pixels, error }: PrepareAnswer): void {
    this.hasStarted = true;
    const one = this.waiting.get(id);
    if (!one) return;
    this.waiting.delete(id);
    if (this.waiting.size === 0) this.worker.unref();
    if (pixels) one.resolve(pixels);
    else one.reject(new DataError(String(error)));
  }
}

function prepareHere({ raster, preprocessing, resolve, reject }: Waiting): void {
  try {
    resolve(preparePicture(raster, preprocessing));
  } catch (error) {
    reject(error);
  }
}

/** In a clone the sources run as they are. */
function workerScript(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./prepare-worker.${extension}`, import.meta.url);
}

let prepared = 0;
let threads: PrepareThreads | undefined;

/**
 * `preparePicture`, in a thread where many pictures are prepared.
 *
 * @throws DataError as `preparePicture` does
 */
export async function prepareElsewhere(raster: Raster, preprocessing: Preprocessing): Promise<Samples> {
  if (prepared++ < picturesBeforeThreads) return preparePicture(raster, preprocessing);
  threads ??= new PrepareThreads(Math.min(8, availableParallelism()));
  return threads.prepare(raster, preprocessing);
}
