/** A worker thread that reads and describes pictures. `describe-files.ts` starts it and says what goes to and fro. */
import { parentPort } from 'node:worker_threads';
import { describeFile, type FileDescription, type FileToDescribe } from './describe-file.ts';

/** A file, and its place in the list. */
export interface DescribeRequest {
  readonly index: number;
  readonly file: FileToDescribe;
}

/** What became of it; `error` is what is no picture's fault. */
export type DescribeAnswer =
  | { readonly index: number; readonly result: FileDescription; readonly error?: never }
  | { readonly index: number; readonly result?: never; readonly error: string };

parentPort?.on('message', async ({ index, file }: DescribeRequest) => {
  try {
    parentPort!.postMessage({ index, result: await describeFile(file) } satisfies DescribeAnswer);
  } catch (error) {
    parentPort!.postMessage({ index, error: (error as Error).message } satisfies DescribeAnswer);
  }
});
