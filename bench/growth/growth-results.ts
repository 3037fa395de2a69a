/** What a growth run has found, as its file holds it. */
import type { Peak } from '../compare/measure-peak.ts';
import type { Results } from '../compare/results.ts';
import type { GrowthPoint } from './axes.ts';
import type { ThreadScaling } from './thread-scaling.ts';

/** A point with its time. */
export interface MeasuredPoint extends GrowthPoint {
  /** The best of the medians of its passes. */
  readonly msPerPicture: number;
  /** By the direct method. */
  readonly flopsPerPicture: number;
  readonly isCliff: boolean;
  /** Of a cliff: its cost beside the trend of its neighbours. */
  readonly overTrend?: number;
}

/** A whole run. */
export interface Growth {
  readonly machine: Results['machine'];
  readonly date: string;
  readonly commit: string;
  /** Processes that wanted to run in the minute before. */
  readonly loadBefore: number;
  readonly backend: string;
  /** The most, with which all but the axis of threads was measured. */
  readonly threads: number;
  /** Numbers in a register: cliffs are looked for as if channels were a multiple of it. */
  readonly vectorWidth: number;
  readonly peak: Peak;
  readonly points: readonly MeasuredPoint[];
  readonly scaling: readonly ThreadScaling[];
}

/** Picoseconds per operation: what a curve shows. */
export function costOf({ msPerPicture, flopsPerPicture }: MeasuredPoint): number {
  return (msPerPicture * 1e9) / flopsPerPicture;
}
