/** The conversation with worker 0: questions with numbers, answers in their order. */
import { BackendError } from '../../core/errors.ts';
import type { WorkerAnswer, WorkerHandle, WorkerHost, WorkerStart, WorkerTask } from './worker-host.ts';

interface Question {
  resolve(answer: WorkerAnswer): void;
  reject(error: Error): void;
}

/** Asks worker 0. While a question is open the process waits for it; otherwise the worker holds nobody up. */
export class Leader {
  readonly #worker: WorkerHandle;
  readonly #questions = new Map<number, Question>();
  #nextId = 0;
  #failure: Error | undefined;

  constructor(host: WorkerHost, start: WorkerStart) {
    this.#worker = host.spawn(
      start,
      (answer) => this.#receive(answer),
      (error) => this.#fail(error),
    );
    this.#worker.keepAlive(false);
  }

  /** Sends a task that is not answered. */
  tell(task: WorkerTask): void {
    this.#worker.post(task);
  }

  /** Sends a task and waits for its answer. */
  ask(task: WorkerTask): Promise<WorkerAnswer> {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (this.#questions.size === 0) this.#worker.keepAlive(true);
      this.#questions.set(id, { resolve, reject });
      this.#worker.post({ ...task, id });
    });
  }

  /** Ends the worker; open questions fail. */
  async close(): Promise<void> {
    this.#fail(new BackendError('wasm backend: expected an open backend, but close() was called.'));
    await this.#worker.terminate();
  }

  #receive({ id, error, ...answer }: WorkerAnswer): void {
    if (error === undefined) {
      if (id !== undefined) this.#settle(id)?.resolve(answer);
      return;
    }
    const failure = new BackendError(`wasm backend: expected that a worker does its task, but it failed: ${error}.`);
    if (id === undefined) this.#fail(failure);
    else this.#settle(id)?.reject(failure);
  }

  #settle(id: number): Question | undefined {
    const question = this.#questions.get(id);
    this.#questions.delete(id);
    if (this.#questions.size === 0) this.#worker.keepAlive(false);
    return question;
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const id of [...this.#questions.keys()]) this.#settle(id)?.reject(this.#failure);
  }
}
