/** The folder of one run, and everything that is recorded in it. Each file is written whole or not at all; calls are
 * carried out in the order in which they were made, awaited or not. */
import { appendFile, mkdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import path from 'node:path';
import { FormatError } from '../core/errors.ts';
import type { SplitRecord } from '../data/index.ts';
import { failureCode, storageFailure } from '../formats/node/storage-failure.ts';
import { removeTemporaryFiles, writeFileAtomic } from '../formats/node/write-file-atomic.ts';
import { formatHistory, parseHistory } from './history-csv.ts';
import { nextRunIn, putNextRun, recoverRun } from './replace-run.ts';
import type { ReportData } from './report-data.ts';
import { reportAsJson } from './report-json.ts';
import { runFiles } from './run-files.ts';
import { lockRun } from './run-lock.ts';
import type { HistoryRow, RunArguments, RunEvent, RunVersions } from './run-record.ts';

export { runFiles } from './run-files.ts';

/** JSON with one line per element of `files`, so that a split of thousands of pictures can be read and compared. */
function formatSplit({ files, ...rest }: SplitRecord): string {
  const head = JSON.stringify(rest, null, 2).slice(0, -2);
  const lines = files.map((file) => `    ${JSON.stringify(file)}`);
  return `${head},\n  "files": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

/** The lines of `events.jsonl` that are whole; a line without an end was being written when the process died. */
function wholeLines(text: string): string[] {
  return text.split('\n').slice(0, -1);
}

/** A run's folder. `createRunFolder` makes one, `openRunFolder` opens one. */
export class RunFolder {
  /** Where it lies, as it was given. */
  readonly path: string;
  /** The last part of the path. */
  readonly name: string;
  /** This process made the folder. */
  readonly isNew: boolean;
  /** Where the files are: in the folder, or aside while a former run is kept. */
  #place: string;
  /** The change of places has begun: what is aside may be all that is left. */
  #isGivenOver = false;
  #unlock: (() => Promise<void>) | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  /** @param options `isReplacing`: the folder is another run's until `publish` */
  constructor(folder: string, { isNew, isReplacing = false }: { isNew: boolean; isReplacing?: boolean }) {
    this.path = folder;
    this.name = path.basename(path.resolve(folder));
    this.isNew = isNew;
    this.#place = isReplacing ? nextRunIn(folder) : folder;
  }

  /** True while a former run is kept in the folder, and this one grows aside. */
  get isReplacing(): boolean {
    return this.#place !== this.path;
  }

  /** The path of a file in this folder, as in `run.pathOf(runFiles.history)`. */
  pathOf(file: string): string {
    return path.join(this.#place, file);
  }

  /**
   * Keeps other processes out of the folder until `unlock`, and clears away what a killed one left.
   * @throws {StorageError} where another process is writing this run.
   */
  lock(): Promise<void> {
    return this.#inOrder(async () => {
      this.#unlock = await lockRun(this.path);
      try {
        await recoverRun(this.path);
        if (this.isReplacing) await mkdir(this.#place);
      } catch (error) {
        await this.#unlock();
        throw storageFailure(this.path, error);
      }
    });
  }

  /** Lets other processes write the run again. */
  unlock(): Promise<void> {
    return this.#inOrder(async () => this.#unlock?.());
  }

  /** Puts this run in the place of the former one, which is deleted. Nothing happens where it is there already. */
  publish(): Promise<void> {
    return this.#inOrder(async () => {
      if (!this.isReplacing) return;
      this.#isGivenOver = true;
      await putNextRun(this.path);
      this.#place = this.path;
    });
  }

  /** Writes `args.json`: what `--config` needs to do the run again. */
  writeArguments(values: RunArguments): Promise<void> {
    return this.#writeJson(runFiles.arguments, values);
  }

  /** Writes `versions.json`. */
  writeVersions(versions: RunVersions): Promise<void> {
    return this.#writeJson(runFiles.versions, versions);
  }

  /** Writes `split.json`, one line per picture. */
  writeSplit(split: SplitRecord): Promise<void> {
    return this.#inOrder(() => writeFileAtomic(this.pathOf(runFiles.split), formatSplit(split)));
  }

  /**
   * Adds an epoch to `history.csv`. A row of the same epoch is replaced: an epoch that is done again counts once.
   */
  appendHistory(row: HistoryRow): Promise<void> {
    return this.#inOrder(async () => {
      const rows = parseHistory(await this.#read(runFiles.history)).filter(({ epoch }) => epoch !== row.epoch);
      await writeFileAtomic(this.pathOf(runFiles.history), formatHistory([...rows, row]));
    });
  }

  /**
   * Adds a line to `events.jsonl`. Where the disk is full the file is left as it was, without half a line.
   * @example
   * await run.appendEvent({ event: 'epoch', epoch: 3, loss: 0.41 });
   */
  appendEvent(event: RunEvent): Promise<void> {
    return this.#inOrder(async () => {
      const file = this.pathOf(runFiles.events);
      const sizeBefore = await this.#size(file);
      try {
        await appendFile(file, `${JSON.stringify(event)}\n`);
      } catch (error) {
        await (sizeBefore === undefined ? rm(file, { force: true }) : truncate(file, sizeBefore)).catch(
          () => undefined,
        );
        throw storageFailure(file, error);
      }
    });
  }

  /** The epochs of `history.csv`, none where there is no such file. */
  readHistory(): Promise<HistoryRow[]> {
    return this.#inOrder(async () => parseHistory(await this.#read(runFiles.history)));
  }

  /** The events of `events.jsonl`, none where there is no such file. */
  readEvents(): Promise<RunEvent[]> {
    return this.#inOrder(async () => {
      const lines = wholeLines(await this.#read(runFiles.events));
      return lines.map((line, index) => this.#parse<RunEvent>(`${runFiles.events} line ${index + 1}`, line));
    });
  }

  /**
   * The arguments in `args.json`.
   * @throws {FormatError} where the file is not JSON.
   */
  readArguments(): Promise<RunArguments> {
    return this.#inOrder(async () => this.#parse(runFiles.arguments, await this.#read(runFiles.arguments)));
  }

  /**
   * Forgets everything after `epoch`: the state of the records when that epoch had ended, for a run that goes on from
   * there. Events that name no epoch stay, and half a line at the end is dropped.
   */
  truncateTo(epoch: number): Promise<void> {
    return this.#inOrder(async () => {
      await removeTemporaryFiles(this.#place);
      const history = await this.#read(runFiles.history);
      const events = await this.#read(runFiles.events);
      const rows = parseHistory(history).filter((row) => row.epoch <= epoch);
      const lines = wholeLines(events).filter((line, index) => {
        const event = this.#parse<RunEvent>(`${runFiles.events} line ${index + 1}`, line);
        return event.epoch === undefined || event.epoch <= epoch;
      });
      if (history !== '') await writeFileAtomic(this.pathOf(runFiles.history), formatHistory(rows));
      if (events !== '') {
        await writeFileAtomic(this.pathOf(runFiles.events), lines.map((line) => `${line}\n`).join(''));
      }
    });
  }

  /** Writes `report.json` and `report.html`. The pictures are in the page only. */
  writeReport(data: ReportData): Promise<void> {
    return this.#inOrder(async () => {
      // What draws charts takes a tenth of a second to load, which no other use of a run folder needs to wait for.
      const { renderReport } = await import('./render-report.ts');
      const page = await renderReport(data);
      await writeFileAtomic(this.pathOf(runFiles.report), `${JSON.stringify(reportAsJson(data), null, 2)}\n`);
      await writeFileAtomic(this.pathOf(runFiles.page), page);
    });
  }

  /**
   * Deletes what this process made, the folder or the run beside a former one: a run that failed before its first epoch
   * leaves nothing.
   */
  discard(): Promise<void> {
    return this.#inOrder(async () => {
      if (this.isNew || (this.isReplacing && !this.#isGivenOver))
        await rm(this.#place, { recursive: true, force: true });
    });
  }

  #writeJson(file: string, value: object): Promise<void> {
    return this.#inOrder(() => writeFileAtomic(this.pathOf(file), `${JSON.stringify(value, null, 2)}\n`));
  }

  async #read(file: string): Promise<string> {
    try {
      return await readFile(this.pathOf(file), 'utf8');
    } catch (error) {
      if (failureCode(error) === 'ENOENT') return '';
      throw storageFailure(this.pathOf(file), error);
    }
  }

  async #size(file: string): Promise<number | undefined> {
    return stat(file).then(
      ({ size }) => size,
      () => undefined,
    );
  }

  #parse<Value>(where: string, text: string): Value {
    try {
      return JSON.parse(text) as Value;
    } catch (error) {
      const start = JSON.stringify(text.slice(0, 40));
      throw new FormatError(
        `${this.pathOf(where)}: expected JSON, received ${start}. Put the file back as the run wrote it.`,
        { cause: error },
      );
    }
  }

  /** Runs `task` when everything asked for before it is done, failed or not. */
  #inOrder<Result>(task: () => Promise<Result>): Promise<Result> {
    const done = this.#queue.then(task);
    this.#queue = done.catch(() => undefined);
    return done;
  }
}
