/** What the files of a folder held when they were last read: a file whose system data are as they were need not be read to
 * know its hash. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Files that changed so shortly before they were read may change again without a trace: clocks of file systems tick in up to
 * two seconds (FAT). */
const settledMs = 2500;

/** What the system says of a file; it is another one after each change. */
export interface FileSignature {
  readonly text: string;
  /** Whether a change after this would be seen. */
  readonly isSettled: boolean;
}

interface Stored {
  readonly version: number;
  readonly folder: string;
  readonly files: Record<string, readonly [signature: string, sha256: string]>;
}

/** Hashes of the files of one folder. */
export class KnownFiles {
  readonly #path: string;
  readonly #folder: string;
  readonly #files: Map<string, readonly [signature: string, sha256: string]>;
  #isChanged = false;

  private constructor(path: string, folder: string, files: Stored['files']) {
    this.#path = path;
    this.#folder = folder;
    this.#files = new Map(Object.entries(files));
  }

  /** What is known of a folder. What cannot be read is not known. */
  static async open(root: string, folder: string): Promise<KnownFiles> {
    const whole = path.resolve(folder);
    const name = createHash('sha256').update(whole).digest('hex').slice(0, 24);
    const file = path.join(root, 'files', `${name}.json`);
    return new KnownFiles(file, whole, await readStored(file, whole));
  }

  /** What the system says of a file now; undefined where it cannot be asked. */
  async signatureOf(name: string): Promise<FileSignature | undefined> {
    const now = Date.now();
    try {
      const { size, mtimeNs, ctimeNs, ino } = await stat(path.join(this.#folder, name), { bigint: true });
      const latest = Number((mtimeNs > ctimeNs ? mtimeNs : ctimeNs) / 1_000_000n);
      return { text: `${size} ${mtimeNs} ${ctimeNs} ${ino}`, isSettled: latest + settledMs < now };
    } catch {
      return undefined;
    }
  }

  /** The hash of a file's content, where the file is as it was when that was computed. */
  hashOf(name: string, signature: FileSignature | undefined): string | undefined {
    const known = this.#files.get(name);
    return known && known[0] === signature?.text ? known[1] : undefined;
  }

  /** Remembers a hash. @param signature from before the file was read */
  add(name: string, signature: FileSignature | undefined, sha256: string): void {
    if (!signature?.isSettled || this.hashOf(name, signature) === sha256) return;
    this.#files.set(name, [signature.text, sha256]);
    this.#isChanged = true;
  }

  /** Writes what is new. Of two processes that write at once, the last one's stays. */
  async save(): Promise<void> {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    const temporary = `${this.#path}.${process.pid}-${randomBytes(4).toString('hex')}.part`;
    const stored: Stored = { version: 1, folder: this.#folder, files: Object.fromEntries(this.#files) };
    try {
      await mkdir(path.dirname(this.#path), { recursive: true, mode: 0o700 });
      await writeFile(temporary, JSON.stringify(stored), { mode: 0o600 });
      await rename(temporary, this.#path);
    } catch {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }
}

async function readStored(file: string, folder: string): Promise<Stored['files']> {
  try {
    const stored = JSON.parse(await readFile(file, 'utf8')) as Partial<Stored>;
    if (stored.version !== 1 || stored.folder !== folder) return {};
    const isEntry = (entry: unknown) => Array.isArray(entry) && entry.every((part) => typeof part === 'string');
    return Object.fromEntries(Object.entries(stored.files ?? {}).filter(([, entry]) => isEntry(entry)));
  } catch {
    return {};
  }
}
