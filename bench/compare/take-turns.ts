/** Times one workload: everyone starts and warms up, then all have their turns round by round, so that whatever slows the
 * machine for a while slows all of them. */

import os from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { InstructionCost } from '../../src/graph/instruction-cost.ts';
import { type Command, ContestantProcess } from './contestant-process.ts';
import { median } from './statistics.ts';

/** Someone with the way to start it, or with the reason why it cannot be. */
export interface Entry {
  readonly id: string;
  readonly command: Command | { readonly reason: string };
}

/** How long and how often. */
export interface Plan {
  readonly rounds: number;
  /** Timed steps of a turn, or how long they should last together. */
  readonly perTurn: number | { readonly ms: number };
  readonly warmUps: number;
  /** What one contestant may use for its timings; a slow one sits rounds out. */
  readonly secondsEach: number;
  /** What a start or a step may last before the contestant is left out. */
  readonly limitSeconds: number;
}

/** What a contestant's process gave, or why it gave nothing. */
export interface Timing {
  readonly id: string;
  readonly engine?: string;
  readonly reason?: string;
  readonly firstStepMs?: number;
  readonly warmUps?: number;
  /** Milliseconds of each step, by round. */
  readonly rounds: number[][];
  readonly losses?: readonly [number, number];
  readonly cost?: InstructionCost;
  readonly peakBytes?: number;
}

/** Between two turns the threads of the one before may still be spinning. */
const pauseMs = 20;
const leastFreeBytes = 2 ** 31;
const leastTimings = 3;
const mostPerTurn = 1000;

interface Runner {
  readonly id: string;
  readonly process: ContestantProcess;
  readonly engine: string;
  readonly firstStepMs: number;
  readonly warmUps: number;
  readonly stepMs: number;
  readonly firstLoss: number | undefined;
  readonly cost: InstructionCost | undefined;
  lastLoss: number | undefined;
  readonly rounds: number[][];
}

/** Times everyone. Who cannot start, fails or is too slow has a reason instead of rounds. */
export async function takeTurns(entries: readonly Entry[], plan: Plan, log: (text: string) => void): Promise<Timing[]> {
  const failed = new Map<string, string>();
  const runners: Runner[] = [];
  for (const entry of entries) {
    try {
      const runner = await warmUp(entry, plan);
      runners.push(runner);
      log(`${runner.engine}: first ${runner.firstStepMs.toFixed(1)} ms, then ${runner.stepMs.toFixed(2)} ms`);
    } catch (error) {
      failed.set(entry.id, (error as Error).message);
      log(`${entry.id}: ${(error as Error).message}`);
    }
  }
  for (let round = 0; round < plan.rounds; round++) {
    for (const runner of runners) {
      const isIn = !failed.has(runner.id) && hasTurn(runner.stepMs, round, plan);
      runner.rounds.push(isIn ? await turn(runner, plan, failed) : []);
    }
  }
  const timings = runners.map((runner): Timing => {
    const { id, engine, firstStepMs, warmUps, rounds, firstLoss, lastLoss, cost } = runner;
    const peakBytes = runner.process.peakBytes();
    return {
      ...{ id, engine, firstStepMs, warmUps, rounds },
      ...(peakBytes && { peakBytes }),
      ...(cost && { cost }),
      ...(firstLoss !== undefined && lastLoss !== undefined && { losses: [firstLoss, lastLoss] as const }),
      ...(failed.has(id) && { reason: failed.get(id)! }),
    };
  });
  for (const { process } of runners) await process.close();
  const known = new Map(timings.map((timing) => [timing.id, timing]));
  return entries.map(({ id }) => known.get(id) ?? { id, rounds: [], reason: failed.get(id)! });
}

async function warmUp({ id, command }: Entry, plan: Plan): Promise<Runner> {
  if ('reason' in command) throw new Error(command.reason);
  if (os.freemem() < leastFreeBytes) throw new Error('less than 2 GiB of memory left beside the others');
  const limitMs = plan.limitSeconds * 1000;
  const process = new ContestantProcess(command);
  try {
    const { engine } = await process.ready(limitMs);
    const first = await process.run(1, limitMs);
    const times = [...first.ms];
    // Ten of a slow one would take longer than its timings: a third of that time is enough.
    const start = performance.now();
    while (times.length < plan.warmUps && (performance.now() - start) * 3 < plan.secondsEach * 1000) {
      times.push(...(await process.run(1, limitMs)).ms);
    }
    const later = times.slice(times.length >> 1);
    const firstLoss = first.loss ?? undefined;
    const about = { firstStepMs: times[0]!, warmUps: times.length, stepMs: median(later), firstLoss, cost: first.cost };
    return { id, process, engine, ...about, lastLoss: firstLoss, rounds: [] };
  } catch (error) {
    await process.close();
    throw error;
  }
}

/** Slow contestants take part in as many rounds as their time allows, evenly spread. */
function hasTurn(stepMs: number, round: number, { rounds, perTurn, secondsEach }: Plan): boolean {
  const affordable = Math.floor((secondsEach * 1000) / (stepMs * stepsOf(stepMs, perTurn)));
  const turns = Math.min(rounds, Math.max(leastTimings, affordable));
  return Math.floor(((round + 1) * turns) / rounds) > Math.floor((round * turns) / rounds);
}

function stepsOf(stepMs: number, perTurn: Plan['perTurn']): number {
  if (typeof perTurn === 'object') return Math.min(mostPerTurn, Math.max(1, Math.round(perTurn.ms / stepMs)));
  return stepMs > 1500 ? 1 : perTurn;
}

/** Untimed steps at the start of a turn: the caches hold the numbers of another. */
function leadOf(stepMs: number): number {
  if (stepMs > 250) return 0;
  return stepMs > 5 ? 1 : 3;
}

async function turn(runner: Runner, plan: Plan, failed: Map<string, string>): Promise<number[]> {
  const { stepMs, process } = runner;
  await pause(pauseMs);
  const lead = leadOf(stepMs);
  const steps = stepsOf(stepMs, plan.perTurn);
  try {
    const { ms, loss } = await process.run(lead + steps, plan.limitSeconds * 1000 * steps);
    runner.lastLoss = loss ?? undefined;
    return ms.slice(lead);
  } catch (error) {
    failed.set(runner.id, `after its warm-up: ${(error as Error).message}`);
    return [];
  }
}
