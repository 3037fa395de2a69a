/** Files that grow line by line or record by record while a training runs. None is kept open: a training that ends in any
 * way leaves nothing to be closed. */
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { failureCode, storageFailure } from './storage-failure.ts';

/** Begins a file with a content, in a folder that is made where it is not there. @throws StorageError */
export async function startLogFile(file: string, content: string | Uint8Array): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  } catch (error) {
    throw storageFailure(file, error);
  }
}

/** Appends to a file. @throws StorageError */
export async function appendLogFile(file: string, content: string | Uint8Array): Promise<void> {
  try {
    await appendFile(file, content);
  } catch (error) {
    throw storageFailure(file, error);
  }
}

/** True where a file has content. @throws StorageError where it cannot be read */
export async function hasContent(file: string): Promise<boolean> {
  try {
    return (await readFile(file)).length > 0;
  } catch (error) {
    if (failureCode(error) === 'ENOENT') return false;
    throw storageFailure(file, error);
  }
}

let eventFiles = 0;

/** A new name for a file of TensorBoard events, as TensorFlow forms it: time in seconds, host, process, count. */
export function eventFileName(seconds: number): string {
  const time = String(Math.floor(seconds)).padStart(10, '0');
  return `events.out.tfevents.${time}.${os.hostname()}.${process.pid}.${eventFiles++}.v2`;
}
