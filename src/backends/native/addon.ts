/** The addon as C++ offers it (native/node/addon.cc), and where it is found. Its functions trust their arguments:
 * only native-backend.ts calls them. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

declare const kind: unique symbol;

/** Something that lives in C++; it is freed when JavaScript forgets it. */
export interface Handle<Kind extends 'engine' | 'program' | 'memory'> {
  readonly [kind]: Kind;
}

/** The functions of the addon. */
export interface Addon {
  /** Names of the instruction sets in this build, slowest first, and whether this machine has them. */
  instructionSets(): [name: string, isSupported: boolean][];
  createEngine(instructionSet: string, threads: number): Handle<'engine'>;
  closeEngine(engine: Handle<'engine'>): void;
  /** The number of tiles of work that each thread has done. */
  tilesRun(engine: Handle<'engine'>): number[];
  allocate(bytes: number): Handle<'memory'> | undefined;
  /** The memory itself, to be asked for once per memory. */
  buffer(memory: Handle<'memory'>): ArrayBuffer;
  write(memory: Handle<'memory'>, byteOffset: number, bytes: Uint8Array): void;
  read(memory: Handle<'memory'>, byteOffset: number, into: Uint8Array): void;
  /** Needs: bytes of arena, variables, scalars and scratch. Three items: instruction, opcode and reason of a refusal. */
  load(
    engine: Handle<'engine'>,
    words: Int32Array,
    batchCapacity: number,
  ):
    | [program: Handle<'program'>, needs: [number, number, number, number]]
    | [instruction: number, opcode: number, reason: string];
  run(
    engine: Handle<'engine'>,
    program: Handle<'program'>,
    arena: Handle<'memory'>,
    variables: Handle<'memory'>,
    scalars: Handle<'memory'>,
    batch: number,
    isProfiled: boolean,
  ): Promise<Float64Array | undefined>;
  /** Runs on the calling thread, before it returns. @throws Error with the reason where the run does not end */
  runHere(
    engine: Handle<'engine'>,
    program: Handle<'program'>,
    arena: Handle<'memory'>,
    variables: Handle<'memory'>,
    scalars: Handle<'memory'>,
    batch: number,
  ): void;
  /** GFLOP/s and GB/s. */
  measurePeak(engine: Handle<'engine'>): Promise<Float64Array>;
}

/** The addon with its file, or why there is none. */
export interface FoundAddon {
  readonly addon?: Addon;
  readonly file?: string;
  /** One line per place that was tried in vain. */
  readonly reasons: readonly string[];
}

/** Places of the addon in the order in which they are tried. Sources and dist/ lie equally deep below the package. */
const places: readonly [description: string, url: URL][] = [
  ['local build', new URL('../../../native/build/Release/cajal.node', import.meta.url)],
  ['prebuilt addon', new URL(`../../../prebuilds/${process.platform}-${process.arch}.node`, import.meta.url)],
];

let found: FoundAddon | undefined;

/** Loads the addon, once. */
export function findAddon(): FoundAddon {
  found ??= search();
  return found;
}

function search(): FoundAddon {
  const require = createRequire(import.meta.url);
  const reasons: string[] = [];
  for (const [description, url] of places) {
    const file = fileURLToPath(url);
    try {
      return { addon: require(file) as Addon, file, reasons };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const reason = code === 'MODULE_NOT_FOUND' ? 'there is no such file' : message.split('\n')[0];
      reasons.push(`${description} ${file}: ${reason}`);
    }
  }
  return { reasons };
}

/** The addon's bytes. */
export function readAddonFile(file: string): Uint8Array {
  return readFileSync(file);
}
