/** Chooses and opens a backend: the fastest one that is there, or exactly the one that was asked for. */
import { type Backend, type BackendName, backendNames } from '../backends/backend.ts';
import { BackendError } from '../core/errors.ts';
import { checkKeys, checkName, checkNumber } from '../core/options.ts';

/** What the caller wants; each part that is absent is taken from the environment, then chosen. */
export interface BackendOptions {
  /** `native`, `wasm` or `reference`. Environment: `CAJAL_BACKEND`. */
  readonly backend?: BackendName;
  /** An instruction set of the native backend: `baseline`, `avx2`, `avx512`, `neon`. Environment: `CAJAL_ISA`. */
  readonly instructionSet?: string;
  /** Threads that run kernels; by default one per core. Environment: `CAJAL_THREADS`. */
  readonly threads?: number;
  /** For pages: address of the folder with `cajal.wasm` and `cajal-threads.wasm`, where a bundler has not put them. Node
   * knows where they are. */
  readonly wasmUrl?: string | URL;
}

/** The keys of `BackendOptions`. */
export const backendOptionNames: readonly (keyof BackendOptions)[] = [
  'backend',
  'instructionSet',
  'threads',
  'wasmUrl',
];

/** A backend that could not be opened, and why. */
export interface MissingBackend {
  readonly backend: BackendName;
  readonly reason: string;
}

/** What was opened, and what was tried before. */
export interface ChosenBackend {
  readonly backend: Backend;
  readonly missing: readonly MissingBackend[];
}

type Environment = Readonly<Record<string, string | undefined>>;

type Surroundings = { process?: { env?: Environment; versions?: { node?: string } } };

/** The environment variables, or none where there is no process (a browser). */
function environment(): Environment {
  return (globalThis as Surroundings).process?.env ?? {};
}

/** False in pages, also where a bundler gives them a `process`. */
function isNode(): boolean {
  return (globalThis as Surroundings).process?.versions?.node !== undefined;
}

/** All that any backend may be asked for; whether this machine has it is known when the backend opens. */
const instructionSetNames: readonly string[] = ['baseline', 'avx2', 'avx512', 'neon', 'simd128', 'float64'];

/** Options with what the environment forces filled in. @throws OptionError where a name or number is wrong */
export function resolveBackendOptions(
  options: BackendOptions = {},
  variables: Environment = environment(),
): BackendOptions {
  checkKeys('backend', options, backendOptionNames);
  const backend = options.backend ?? variables['CAJAL_BACKEND'];
  const instructionSet = options.instructionSet ?? variables['CAJAL_ISA'];
  const threads = options.threads ?? (variables['CAJAL_THREADS'] ? Number(variables['CAJAL_THREADS']) : undefined);
  const from = (option: keyof BackendOptions, variable: string) =>
    options[option] === undefined ? variable : 'backend';
  return {
    ...(backend && { backend: checkName(from('backend', 'CAJAL_BACKEND'), 'backend', backend, backendNames) }),
    ...(instructionSet && {
      instructionSet:
        options.instructionSet ?? checkName('CAJAL_ISA', 'instruction set', instructionSet, instructionSetNames),
    }),
    ...(threads !== undefined && {
      threads: checkNumber(from('threads', 'CAJAL_THREADS'), 'threads', threads, { integer: true, min: 1, max: 128 }),
    }),
    ...(options.wasmUrl !== undefined && { wasmUrl: options.wasmUrl }),
  };
}

async function open(name: BackendName, options: BackendOptions): Promise<Backend> {
  const { instructionSet, threads, wasmUrl } = options;
  const wanted = { ...(instructionSet && { instructionSet }), ...(threads && { threads }) };
  if (name === 'native') {
    if (!isNode()) throw new BackendError('native backend: expected Node, received a page. Use wasm there.');
    const { openNativeBackend } = await import('../backends/native/index.ts');
    return openNativeBackend(wanted);
  }
  if (name === 'wasm') {
    if (!isNode()) {
      const { openWasmBackend } = await import('../backends/wasm/browser/index.ts');
      return openWasmBackend({ ...wanted, ...(wasmUrl !== undefined && { wasmUrl }) });
    }
    const { openWasmBackend } = await import('../backends/wasm/node/index.ts');
    return openWasmBackend(wanted);
  }
  const { openReferenceBackend } = await import('../backends/reference/index.ts');
  const reference = openReferenceBackend();
  if (instructionSet && instructionSet !== reference.instructionSet) {
    throw new BackendError(
      `reference backend: expected the instruction set ${reference.instructionSet}, received "${instructionSet}". ` +
        'Leave it out, or choose another backend.',
    );
  }
  return reference;
}

/** What is tried where no backend is named. The reference would hold up a page's own thread for seconds at each step. */
function candidatesHere(): readonly BackendName[] {
  return isNode() ? backendNames : ['wasm'];
}

/**
 * Opens the backend that the options and the environment name, or else the fastest one that opens; in pages `wasm`.
 *
 * @throws BackendError where the named one, or every one, cannot be opened
 */
export async function chooseBackend(options: BackendOptions = {}): Promise<ChosenBackend> {
  const wanted = resolveBackendOptions(options);
  const missing: MissingBackend[] = [];
  const candidates = wanted.backend ? [wanted.backend] : candidatesHere();
  for (const name of candidates) {
    try {
      return { backend: await open(name, wanted), missing };
    } catch (error) {
      if (candidates.length === 1 || !(error instanceof BackendError)) throw error;
      missing.push({ backend: name, reason: error.message });
    }
  }
  const reasons = missing.map(({ backend, reason }) => `${backend}: ${reason}`).join('\n');
  throw new BackendError(
    `backend: expected one that opens, received none.\n${reasons}\nRun "cajal doctor" for what to do.`,
  );
}

let shared: Promise<ChosenBackend> | undefined;

/** The backend that models use when none is given: opened once per process. */
export function defaultBackend(): Promise<ChosenBackend> {
  shared ??= chooseBackend().catch((error: unknown) => {
    shared = undefined;
    throw error;
  });
  return shared;
}
