/** What a profile says: rates beside the machine's peak, and sums by layer, by op and by kind of work. */
import type { Profile, ProfilePhase, ProfileRow } from '../training/profile.ts';

/** Time, and what was done in it. */
export interface ProfileRates {
  readonly ms: number;
  /** Of all instructions' time, 0 … 1. */
  readonly share: number;
  readonly flops: number;
  readonly bytes: number;
  /** Billions a second, of the operations of direct methods; 0 where nothing was timed. */
  readonly gflops: number;
  readonly gbPerSecond: number;
  /** Of the machine's multiply-adds. Above 1 where a method needs fewer operations than the direct one. */
  readonly peakShare?: number;
  /** Of the memory's bandwidth. Above 1 where operands lie in caches. */
  readonly bandwidthShare?: number;
}

/** An instruction with its rates. */
export type RatedInstruction = ProfileRow & ProfileRates;

/** Instructions of one layer, or of one op. */
export interface ProfileGroup extends ProfileRates {
  readonly name: string;
  readonly instructions: number;
  readonly phaseMs: Readonly<Record<ProfilePhase, number>>;
}

/** A profile with rates and sums. */
export interface ProfileAnalysis {
  readonly total: ProfileGroup;
  readonly rows: readonly RatedInstruction[];
  /** In the order of their first instruction. */
  readonly layers: readonly ProfileGroup[];
  /** The longest first. */
  readonly ops: readonly ProfileGroup[];
  /** Convolutions and dense layers, with their gradients. */
  readonly products: ProfileGroup;
  /** Everything else. */
  readonly rest: ProfileGroup;
}

/** True for the ops that are sums of products: convolutions, dense layers and their gradients. */
export function isProduct({ op }: { readonly op: string }): boolean {
  return op.startsWith('conv2d') || op === 'matMul';
}

/** Sums and rates of a profile. */
export function analyseProfile({ rows, peak }: Profile): ProfileAnalysis {
  const wholeMs = rows.reduce((sum, { ms }) => sum + ms, 0);
  const rate = ({ ms, flops, bytes }: { ms: number; flops: number; bytes: number }): ProfileRates => {
    const gflops = ms > 0 ? flops / ms / 1e6 : 0;
    const gbPerSecond = ms > 0 ? bytes / ms / 1e6 : 0;
    return {
      ms,
      share: wholeMs > 0 ? ms / wholeMs : 0,
      flops,
      bytes,
      gflops,
      gbPerSecond,
      ...(peak && { peakShare: gflops / peak.gflops, bandwidthShare: gbPerSecond / peak.gbPerSecond }),
    };
  };
  const group = (name: string, members: readonly ProfileRow[]): ProfileGroup => {
    const sums = { ms: 0, flops: 0, bytes: 0 };
    const phaseMs = { forward: 0, gradient: 0, update: 0 };
    for (const { ms, flops, bytes, phase } of members) {
      sums.ms += ms;
      sums.flops += flops;
      sums.bytes += bytes;
      phaseMs[phase] += ms;
    }
    return { name, instructions: members.length, phaseMs, ...rate(sums) };
  };
  const groupBy = (key: 'layer' | 'op'): ProfileGroup[] =>
    [...new Set(rows.map((row) => row[key]))].map((name) =>
      group(
        name,
        rows.filter((row) => row[key] === name),
      ),
    );
  return {
    total: group('all', rows),
    rows: rows.map((row) => ({ ...row, ...rate(row) })),
    layers: groupBy('layer'),
    ops: groupBy('op').sort((a, b) => b.ms - a.ms),
    products: group('convolutions and dense', rows.filter(isProduct)),
    rest: group(
      'everything else',
      rows.filter((row) => !isProduct(row)),
    ),
  };
}
