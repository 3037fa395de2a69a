/** Sentences where light or colour alone tells parts or classes of a data set apart. A network learns such a difference
 * before anything else: then it knows the camera, the stain or the time of day, and not the thing. */
import { type ChannelStatistics, pooledDeviation, type SubsetStatistics } from './picture-statistics.ts';
import type { Preprocessing } from './preprocessing.ts';

/** Means of parts differ where it is by more than this of the deviation between pictures of a class: the distributions of two
 * parts then overlap in less than nine tenths. */
const partDistance = 0.25;
/** Classes differ by nature: said where the mean of a picture, one number, is enough to be right in more than two of three
 * pictures of two classes. */
const classDistance = 1;
/** A difference is larger than chance makes it, where so many are compared. */
const standardErrors = 4;
/** Of fewer pictures the deviation is too uncertain. */
const fewestPictures = 10;

/** A difference of means, in one channel. */
interface Shift {
  readonly channel: number;
  /** On 0…255. */
  readonly by: number;
  /** In deviations between pictures. */
  readonly distance: number;
}

type Colours = Pick<Preprocessing, 'colorMode'>;

/**
 * Warnings about parts that differ from training, and about the two training classes that differ most.
 *
 * Parts are compared class by class, so that another share of a class is no difference.
 */
export function statisticsWarnings(
  parts: readonly SubsetStatistics[],
  classNames: readonly string[],
  colours: Colours,
): string[] {
  const training = parts.find(({ name }) => name === 'training');
  if (!training) return [];
  const others = parts.filter((part) => part !== training);
  return [
    ...others.flatMap((part) => describePart(part.name, shiftsOfParts(training, part), colours)),
    ...describeClasses(training, classNames, colours),
  ];
}

function describePart(name: string, shifts: readonly Shift[], colours: Colours): string[] {
  const largest = largestOf(shifts);
  if (!largest || largest.distance <= partDistance) return [];
  return [
    `The ${name} pictures are ${describeShift(shifts, largest, colours)} than training pictures of the same classes. ` +
      'Another camera, stain, light or selection does that: the result holds for pictures such as those, and the network may ' +
      'fail where conditions change. Compare some pictures of both; --augment brightness=0.2,contrast=0.2 makes light matter less.',
  ];
}

/** In each channel, the mean of the differences of classes, those with more pictures counting for more. */
function shiftsOfParts(training: SubsetStatistics, other: SubsetStatistics): Shift[] {
  const pairs = training.classes.flatMap((a, label) => {
    const b = other.classes[label];
    return a && b ? [{ a, b, weight: (a.counted * b.counted) / (a.counted + b.counted) }] : [];
  });
  const [first] = pairs;
  const counted = (of: (pair: (typeof pairs)[number]) => number) => pairs.reduce((sum, pair) => sum + of(pair), 0);
  if (
    !first ||
    Math.min(
      counted(({ a }) => a.counted),
      counted(({ b }) => b.counted),
    ) < fewestPictures
  )
    return [];
  const weights = counted(({ weight }) => weight);
  return [...first.a.mean.keys()].flatMap((channel) => {
    const deviation = pooledDeviation(
      pairs.flatMap(({ a, b }) => [a, b]),
      channel,
    );
    const by = counted(({ a, b, weight }) => weight * (b.mean[channel]! - a.mean[channel]!)) / weights;
    return shiftOf(channel, by, deviation, Math.sqrt(1 / weights));
  });
}

/** The shift of a channel, where chance does not explain it. @param error the standard error, in deviations */
function shiftOf(channel: number, by: number, deviation: number, error: number): Shift[] {
  // Pictures that are all alike still differ by what rounding does.
  const distance = Math.abs(by) / Math.max(deviation, 0.5);
  return distance > standardErrors * error ? [{ channel, by, distance }] : [];
}

function largestOf<Item extends { readonly distance: number }>(items: readonly Item[]): Item | undefined {
  return items.reduce<Item | undefined>((best, one) => (best && best.distance >= one.distance ? best : one), undefined);
}

/** One warning, about the two classes that are told apart most easily. */
function describeClasses({ classes }: SubsetStatistics, classNames: readonly string[], colours: Colours): string[] {
  const found: { shifts: Shift[]; largest: Shift; distance: number; from: number; to: number }[] = [];
  for (const [from, a] of classes.entries()) {
    for (const [to, b] of classes.entries()) {
      if (to <= from || !a || !b || Math.min(a.counted, b.counted) < fewestPictures) continue;
      const shifts = shiftsOfClasses(a, b);
      const largest = largestOf(shifts);
      if (largest && largest.distance > classDistance) {
        found.push({ shifts, largest, distance: largest.distance, from, to });
      }
    }
  }
  const most = largestOf(found);
  if (!most) return [];
  const { shifts, largest, from, to } = most;
  const [one, other] = [classNames[to]!, classNames[from]!];
  const more = found.length > 1 ? ` (${found.length} pairs of classes differ so)` : '';
  return [
    `Pictures of ${one} are ${describeShift(shifts, largest, colours)} than those of ${other}${more}. ` +
      'Where that comes from the camera, the stain or the light and not from the thing itself, the network learns the camera. ' +
      'Compare some pictures, and take all classes under the same conditions; --augment brightness=0.2,contrast=0.2 makes light matter less.',
  ];
}

function shiftsOfClasses(a: ChannelStatistics, b: ChannelStatistics): Shift[] {
  const error = Math.sqrt(1 / a.counted + 1 / b.counted);
  return [...a.mean.keys()].flatMap((channel) =>
    shiftOf(channel, b.mean[channel]! - a.mean[channel]!, pooledDeviation([a, b], channel), error),
  );
}

/** What the channels of these colours are called. */
export function channelNames(colorMode: Preprocessing['colorMode'], count: number): string[] {
  if (colorMode === 'channels') return Array.from({ length: count }, (_, channel) => `channel ${channel + 1}`);
  return colorMode === 'grayscale' ? ['grey'] : ['red', 'green', 'blue', 'alpha'].slice(0, count);
}

/** As in `brighter by 31 of 255 (1.2 times …)`: all of it where red, green and blue go the same way. */
function describeShift(shifts: readonly Shift[], { channel, by, distance }: Shift, { colorMode }: Colours): string {
  const size = `${Math.abs(by).toFixed(Math.abs(by) < 10 ? 1 : 0)} of 255`;
  const times = `${distance.toFixed(1)} times the usual deviation between pictures of a class`;
  const colour = channelNames(colorMode, channel + 1)[channel]!;
  if (colorMode === 'grayscale') return `${by > 0 ? 'brighter' : 'darker'} by ${size} (${times})`;
  const coloured = shifts.filter((one) => one.channel < 3);
  const isLight =
    colorMode !== 'channels' && coloured.length === 3 && new Set(coloured.map((one) => by * one.by > 0)).size === 1;
  if (isLight) return `${by > 0 ? 'brighter' : 'darker'}, ${colour} by ${size} (${times}),`;
  return `${by > 0 ? 'higher' : 'lower'} in ${colour}, by ${size} (${times}),`;
}
