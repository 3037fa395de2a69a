/** `npm run bench -- --growth`: the time of a picture along each axis, measured up and down again, and what of it is a cliff. */
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import v8 from 'node:v8';
import vm from 'node:vm';
import type { Backend, BackendName } from '../../src/backends/backend.ts';
import { backendNames } from '../../src/backends/backend.ts';
import { checkName } from '../../src/core/options.ts';
import { chooseBackend } from '../../src/engine/choose-backend.ts';
import { betterPeak, measurePeak } from '../compare/measure-peak.ts';
import { currentCommit, describeMachine, stemOf, writeJson } from '../compare/results.ts';
import { root } from '../compare/set-up-peers.ts';
import { median } from '../compare/statistics.ts';
import { axisNames, type GrowthPoint, isJudged, pointsFor, vectorWork } from './axes.ts';
import { findCliffs, trendAt } from './cliffs.ts';
import type { Growth, MeasuredPoint } from './growth-results.ts';
import { plotGrowth } from './plot-growth.ts';
import { renderGrowth } from './render-growth.ts';
import { openSubject, subjectNames } from './subjects.ts';
import { measureScaling } from './thread-scaling.ts';

/** Options of a growth run. */
export interface GrowthOptions {
  readonly backend: string;
  /** The most threads. */
  readonly threads: number;
  /** For each point and pass. */
  readonly seconds: number;
  /** Only points whose axis and subject contain them; then no file is written. */
  readonly words: readonly string[];
  readonly folder: string;
}

const warmUps = 2;
const leastTimings = 3;

/** Numbers in a vector register of an instruction set. */
const vectorWidths: Readonly<Record<string, number>> = { avx512: 16, avx2: 8 };

// Memory of a point is freed with the objects that hold it; without this, gigabytes of it would wait for their turn.
v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

interface Draft {
  readonly point: GrowthPoint;
  flopsPerPicture: number;
  ms: number;
}

/** Measures, prints and writes. */
export async function measureGrowth({ backend: given, threads, seconds, words, folder }: GrowthOptions): Promise<void> {
  const name = checkName('bench', 'backend', given, backendNames);
  const start = performance.now();
  const about = { date: new Date().toISOString(), commit: currentCommit(), loadBefore: os.loadavg()[0]! };
  const drafts = pointsFor(words, threads).map((point): Draft => ({ point, flopsPerPicture: 0, ms: Infinity }));
  if (drafts.length === 0) {
    throw new Error(
      `--filter: expected words of an axis (${axisNames.join(', ')}) and a subject (${subjectNames.join(', ')}), received ${words.join(' ')}.`,
    );
  }
  const before = measurePeak(name, threads);
  const backends = new Backends(name);
  for (const draft of drafts) await measure(draft, backends, seconds);
  for (const draft of drafts.toReversed()) await measure(draft, backends, seconds);
  const vectorWidth = vectorWidths[before.instructionSet] ?? 4;
  // What looks like a cliff may have been another program: it and its neighbours have another chance.
  const doubtful = judge(drafts, vectorWidth).flatMap(({ isCliff }, index) =>
    isCliff ? [index - 1, index, index + 1] : [],
  );
  for (const index of new Set(doubtful)) if (drafts[index]) await measure(drafts[index], backends, 2 * seconds);
  await backends.close();
  const isScaled = threads > 1 && drafts.some(({ point }) => point.axis === 'threads');
  const scaling = isScaled
    ? await measureScaling(name, before.instructionSet, Math.max(1, Math.round(40 * seconds)))
    : [];
  const growth: Growth = {
    ...{ machine: describeMachine(), ...about, backend: name, threads, vectorWidth },
    ...{ peak: betterPeak(before, measurePeak(name, threads)), points: judge(drafts, vectorWidth), scaling },
  };
  const text = renderGrowth(growth);
  console.error(`${((performance.now() - start) / 1000).toFixed(0)} s`);
  if (words.length > 0) {
    console.log(text);
    return;
  }
  const stem = stemOf(folder, name === 'native' ? 'growth' : `growth-${name}`);
  const picture = `${stem}.svg`;
  writeFileSync(picture, plotGrowth(growth));
  writeFileSync(`${stem}.md`, text.replace('\n\n', `\n\n![The tables below as curves](${path.basename(picture)})\n\n`));
  writeJson(`${stem}.json`, growth);
  console.log(`written: ${path.relative(root, stem)}.md, .svg and .json`);
}

/** The backend with each number of threads, opened once. */
class Backends {
  readonly #name: BackendName;
  readonly #opened = new Map<number, Promise<Backend>>();

  constructor(name: BackendName) {
    this.#name = name;
  }

  of(threads: number): Promise<Backend> {
    const opened =
      this.#opened.get(threads) ?? chooseBackend({ backend: this.#name, threads }).then((chosen) => chosen.backend);
    this.#opened.set(threads, opened);
    return opened;
  }

  async close(): Promise<void> {
    for (const opened of this.#opened.values()) await (await opened).close();
  }
}

/** Times a point and keeps the better of this median and the ones before. */
async function measure(draft: Draft, backends: Backends, seconds: number): Promise<void> {
  const { point } = draft;
  const subject = await openSubject(point.subject, point, await backends.of(point.threads));
  for (let count = 0; count < warmUps; count++) await subject.run();
  const times: number[] = [];
  const end = performance.now() + seconds * 1000;
  while (times.length < leastTimings || performance.now() < end) {
    const start = performance.now();
    await subject.run();
    times.push(performance.now() - start);
  }
  await subject.close();
  draft.flopsPerPicture = subject.flopsPerPicture;
  draft.ms = Math.min(draft.ms, median(times));
  collectGarbage();
}

/** The points with what their curves say of them. */
function judge(drafts: readonly Draft[], vectorWidth: number): MeasuredPoint[] {
  return drafts.map((draft): MeasuredPoint => {
    const { point, flopsPerPicture, ms } = draft;
    const curve = drafts.filter((each) => each.point.axis === point.axis && each.point.subject === point.subject);
    const costs = curve.map((each) => ({
      x: each.point.x,
      cost: each.ms / each.point.batch / vectorWork(each.point, each.flopsPerPicture, vectorWidth),
    }));
    const place = curve.indexOf(draft);
    const isCliff = isJudged(point) && findCliffs(costs).includes(place);
    const trend = trendAt(costs, place);
    return {
      ...point,
      flopsPerPicture,
      msPerPicture: ms / point.batch,
      ...(isCliff && trend && { overTrend: costs[place]!.cost / trend }),
      isCliff,
    };
  });
}
