/** How a Node contestant answers its caller: a line with a number asks for so many steps, the answer is a JSON line with the
 * milliseconds of each. */
import { createInterface } from 'node:readline';

/**
 * Says which engine is ready, then takes steps as the caller asks.
 * @param {object} about `engine`, and what else the results should say
 * @param {() => Promise<number | undefined | void>} step gives the loss, where there is one
 * @param {() => { flops: number, bytes: number }} [cost] of a step, told with each answer
 */
export async function serve(about, step, cost) {
  process.stdout.write(`${JSON.stringify(about)}\n`);
  for await (const line of createInterface(process.stdin)) {
    const ms = [];
    let loss;
    for (let count = Number(line); count > 0; count--) {
      const start = performance.now();
      loss = await step();
      ms.push(performance.now() - start);
    }
    process.stdout.write(`${JSON.stringify({ ms, loss, ...(cost && { cost: cost() }) })}\n`);
  }
  process.exit();
}
