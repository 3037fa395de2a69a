/** A bounded number of jobs at once; heavy jobs may take more than one place, and then run with fewer others. */

/** Places for jobs. Waiting jobs start in the order they came. */
export class Slots {
  readonly capacity: number;
  #free: number;
  #waiting: { weight: number; start: () => void }[] = [];

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#free = capacity;
  }

  /** Runs a job when `weight` places are free; a weight above the capacity takes all of them. */
  async run<Result>(weight: number, job: () => Promise<Result>): Promise<Result> {
    const giveBack = await this.take(weight);
    try {
      return await job();
    } finally {
      giveBack();
    }
  }

  /** Takes places as `run` does, until what it returns is called, once. */
  async take(weight: number): Promise<() => void> {
    const places = Math.min(weight, this.capacity);
    if (this.#waiting.length > 0 || this.#free < places) {
      await new Promise<void>((start) => this.#waiting.push({ weight: places, start }));
    } else {
      this.#free -= places;
    }
    return () => {
      this.#free += places;
      this.#startWaiting();
    };
  }

  #startWaiting(): void {
    while (this.#waiting.length > 0 && this.#waiting[0]!.weight <= this.#free) {
      const { weight, start } = this.#waiting.shift()!;
      this.#free -= weight;
      start();
    }
  }
}

/** Calls `work` for each item, at most `limit` at once; stops at the first error. */
export async function forEachAtOnce<Item>(
  items: readonly Item[],
  limit: number,
  work: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  let hasFailed = false;
  const runner = async () => {
    while (next < items.length && !hasFailed) {
      const index = next++;
      try {
        await work(items[index]!, index);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, runner));
}
