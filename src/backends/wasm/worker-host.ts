/** What the WebAssembly backend asks of its surroundings: workers. Node and browsers each have a file that offers it. */

/** The first message to a worker. */
export interface WorkerStart {
  readonly module: WebAssembly.Module;
  /** Absent where memory cannot be shared: the worker makes its own. */
  readonly memory?: WebAssembly.Memory;
  readonly firstPages: number;
  readonly maximumPages: number;
  /** 0 runs programs; the others help. */
  readonly worker: number;
  /** Where the worker's stack ends; it grows towards lower addresses. */
  readonly stackTop: number;
  readonly threads: number;
}

/** What is asked of worker 0. Those with an id are answered by a message with the same id. */
export type WorkerTask =
  | {
      readonly task: 'run';
      readonly words: number;
      readonly arena: number;
      readonly variables: number;
      readonly scalars: number;
      readonly batch: number;
      readonly scratch: number;
      readonly scratchBytes: number;
      /** Address for the instructions' milliseconds; 0: not wanted. */
      readonly times: number;
      readonly instructions: number;
    }
  | { readonly task: 'measure'; readonly address: number; readonly answerBytes: number }
  | { readonly task: 'write'; readonly address: number; readonly bytes: Uint8Array }
  | { readonly task: 'clear'; readonly address: number; readonly count: number }
  | { readonly task: 'read'; readonly address: number; readonly count: number }
  | { readonly task: 'grow'; readonly pages: number }
  | { readonly task: 'greet' };

/** What worker 0 answers. */
export interface WorkerAnswer {
  readonly id?: number;
  readonly status?: number;
  readonly instructionMs?: Float64Array;
  /** GFLOP/s and GB/s. */
  readonly peak?: Float64Array;
  readonly bytes?: Uint8Array;
  /** How many tiles of work each thread has done so far. */
  readonly tiles?: readonly number[];
  readonly error?: string;
}

/** A running worker. */
export interface WorkerHandle {
  post(message: WorkerTask & { readonly id?: number }): void;
  /** Whether the process should wait for this worker; it should only while something is to be answered. */
  keepAlive(isNeeded: boolean): void;
  terminate(): Promise<void>;
}

/** Starts workers. */
export interface WorkerHost {
  spawn(start: WorkerStart, onAnswer: (answer: WorkerAnswer) => void, onFailure: (error: Error) => void): WorkerHandle;
}
