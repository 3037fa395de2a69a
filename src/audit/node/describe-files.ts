/** Reads and describes the files of an audit, many of them in worker threads: each picture takes about as long in
 * JavaScript as its decoder takes. The order of the answers changes nothing, since each has its place. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { DataError } from '../../core/errors.ts';
import { forEachAtOnce } from '../../data/node/slots.ts';
import { describeFile, type FileDescription, type FileToDescribe } from './describe-file.ts';
import type { DescribeAnswer, DescribeRequest } from './describe-worker.ts';

/** Fewer files are described here: starting threads would take longer. */
export const leastForThreads = 128;
/** Files that a thread has at once: one is described while others are read. */
const filesPerThread = 4;
const mostThreads = 8;

/** How files are described. */
export interface DescribeFilesOptions {
  /** By default one for each core, up to 8; none where there are few files. */
  threads?: number;
  /** The worker's file, beside this one by default. */
  script?: URL;
  /** Called after each file; what it throws stops the work. */
  onFile?: () => void;
}

/** Describes files. @throws DataError where one fails for a reason that is not its content */
export async function describeFiles(
  files: readonly FileToDescribe[],
  options: DescribeFilesOptions = {},
): Promise<FileDescription[]> {
  const { script = workerScript(), onFile = () => {} } = options;
  const { threads = files.length < leastForThreads ? 0 : Math.min(mostThreads, availableParallelism()) } = options;
  const results = new Array<FileDescription>(files.length);
  let next = 0;
  let hasFailed = false;
  const take = () => (next < files.length && !hasFailed ? next++ : undefined);
  const describeHere = async (index: number) => {
    results[index] = await describeFile(files[index]!);
    onFile();
  };
  const runThread = async () => {
    const left = await runWorker(script, files, take, (index, result) => {
      results[index] = result;
      onFile();
    }).catch((error: unknown) => {
      hasFailed = true;
      throw error;
    });
    // A process that may not start threads, or a thread that ended early: the same work, here.
    await forEachAtOnce(left, filesPerThread, describeHere);
  };
  if (threads > 0) await Promise.all(Array.from({ length: threads }, runThread));
  const rest = Array.from({ length: files.length - next }, (_, place) => next + place);
  await forEachAtOnce(rest, Math.max(8, 2 * availableParallelism()), describeHere);
  return results;
}

/** Feeds one worker until no file is left. @returns the files that it was given and did not answer */
function runWorker(
  script: URL,
  files: readonly FileToDescribe[],
  take: () => number | undefined,
  onResult: (index: number, result: FileDescription) => void,
): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, { name: 'cajal-audit' });
    const waiting = new Set<number>();
    let failure: unknown;
    const stop = (cause: unknown) => {
      failure ??= cause;
      void worker.terminate();
    };
    const give = () => {
      const index = take();
      if (index === undefined) return;
      waiting.add(index);
      worker.postMessage({ index, file: files[index]! } satisfies DescribeRequest);
    };
    worker.on('message', ({ index, result, error }: DescribeAnswer) => {
      waiting.delete(index);
      if (failure !== undefined) return;
      if (result === undefined) {
        stop(new DataError(`audit: ${files[index]!.name} could not be described: ${error}. Try it again.`));
        return;
      }
      try {
        onResult(index, result);
      } catch (cause) {
        stop(cause);
        return;
      }
      give();
      if (waiting.size === 0) void worker.terminate();
    });
    // The end follows, and tells the same.
    worker.on('error', () => {});
    worker.on('exit', () => (failure === undefined ? resolve([...waiting]) : reject(failure)));
    for (let place = 0; place < filesPerThread; place++) give();
    if (waiting.size === 0) void worker.terminate();
  });
}

/** In a clone the sources run as they are. */
function workerScript(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./describe-worker.${extension}`, import.meta.url);
}
