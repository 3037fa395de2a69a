/** Garbage collection on demand, for tests of what is freed. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Collects garbage until `isDone`, letting finalizers run in between; false where that never comes. */
export async function collectUntil(isDone: () => boolean): Promise<boolean> {
  for (let round = 0; round < 50; round++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (isDone()) return true;
  }
  return false;
}
