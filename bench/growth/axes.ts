/** The axes along which work grows, and the points on them. */
import { roundUp } from './cliffs.ts';
import { type Extent, type SubjectName, subjectNames } from './subjects.ts';

/** What grows. */
export const axisNames = ['batch', 'size', 'channels', 'threads'] as const;
export type AxisName = (typeof axisNames)[number];

/** One measurement to make. */
export interface GrowthPoint extends Extent {
  readonly axis: AxisName;
  readonly subject: SubjectName;
  /** Where it lies on its axis. */
  readonly x: number;
}

/** What an axis holds still for the convolution's ops and, where it differs, for the step, and its values. */
interface Axis {
  readonly still: Omit<Extent, 'threads'>;
  readonly stepSize: number;
  readonly values: readonly number[];
  /** Smaller ones are not judged: their overhead is real. */
  readonly judgedFrom: number;
}

/** Powers of two, numbers between them, and the ones right after a vector or a block is full. */
const axes: Readonly<Record<Exclude<AxisName, 'threads'>, Axis>> = {
  batch: {
    still: { batch: 0, size: 32, channels: 64 },
    stepSize: 64,
    values: [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 33, 48, 64, 96, 128, 192, 256],
    judgedFrom: 9,
  },
  size: {
    still: { batch: 16, size: 0, channels: 32 },
    stepSize: 0,
    values: [32, 40, 48, 64, 65, 96, 128, 150, 192, 256, 384, 512],
    judgedFrom: 0,
  },
  channels: {
    still: { batch: 16, size: 32, channels: 0 },
    stepSize: 0,
    values: [1, 2, 3, 4, 8, 12, 16, 17, 24, 32, 33, 48, 64, 65, 96, 128, 129, 192, 256, 320, 384, 512],
    judgedFrom: 0,
  },
};

/** The powers of two up to the most, and the most. */
export function threadCounts(most: number): number[] {
  const powers = Array.from({ length: Math.floor(Math.log2(most)) + 1 }, (_, power) => 2 ** power);
  return powers.at(-1) === most ? powers : [...powers, most];
}

/** All points whose axis and subject contain every word. */
export function pointsFor(words: readonly string[], threads: number): GrowthPoint[] {
  const grown = (Object.keys(axes) as Exclude<AxisName, 'threads'>[]).flatMap((axis) =>
    subjectNames
      .filter((subject) => !(axis === 'channels' && subject === 'training step'))
      .flatMap((subject) => {
        const { still, stepSize, values } = axes[axis];
        const size = subject === 'training step' ? stepSize : still.size;
        return values.map((x): GrowthPoint => ({ axis, subject, x, ...still, size, threads, [axis]: x }));
      }),
  );
  const threaded = subjectNames.flatMap((subject) =>
    threadCounts(threads).map((x): GrowthPoint => {
      const size = subject === 'training step' ? 64 : 32;
      return { axis: 'threads', subject, x, batch: 32, size, channels: 64, threads: x };
    }),
  );
  return [...grown, ...threaded].filter(({ axis, subject }) =>
    words.every((word) => `${axis} ${subject}`.includes(word)),
  );
}

/** Whether a point is looked at for cliffs. */
export function isJudged({ axis, x }: Pick<GrowthPoint, 'axis' | 'x'>): boolean {
  return axis !== 'threads' && x >= axes[axis].judgedFrom;
}

/** Operations per picture as vectors go through them: the ops' vectors hold filters, the last of which may be partly filled. */
export function vectorWork({ subject, channels }: GrowthPoint, flopsPerPicture: number, vectorWidth: number): number {
  return subject === 'training step' ? flopsPerPicture : (flopsPerPicture * roundUp(channels, vectorWidth)) / channels;
}
