/** What a sweep over learning rates shows: the smoothed loss, where it falls most steeply, and where it no longer falls. */

/** Beyond this multiple of its least value the smoothed loss says only that training diverges. */
const stopRatio = 4;
/** Where nothing falls, the largest of a hundred means of losses that scatter and the least one after it are seldom (one sweep in
 * a hundred, by trial) further apart than so many standard deviations of a mean at the curve's end. */
const leastFall = 5;
/** A loss so many standard deviations above the first ones has grown. */
const outlier = 5;
/** Half of all normal deviates are smaller than so many standard deviations. */
const quartileOfNormal = 0.6745;
/** With fewer losses than this there is no curve to read. */
const leastLosses = 6;

/** What the losses of a sweep say. */
export interface SweepReading {
  /** For each loss, the mean of those around it. */
  readonly smoothed: readonly number[];
  /** Where the smoothed loss falls most steeply over the logarithm of the learning rate. */
  readonly suggestion?: number;
  /** A tenth of the learning rate at which the smoothed loss is least: the other rule in use, often smaller. */
  readonly minimumOverTen?: number;
  /** Why there is no suggestion, or what makes it doubtful, in a sentence. */
  readonly remark?: string;
}

/** `count` learning rates that rise by the same factor. */
export function sweptLearningRates(minimum: number, maximum: number, count: number): number[] {
  const ratio = maximum / minimum;
  return Array.from({ length: count }, (_, step) =>
    step === count - 1 ? maximum : minimum * ratio ** (step / (count - 1)),
  );
}

/** The smoothed loss while the sweep lasts: a mean in which a loss counts `smoothing` times as much as the one after it. */
export class RunningLoss {
  readonly #smoothing: number;
  #sum = 0;
  #weight = 0;
  #least = Number.POSITIVE_INFINITY;

  constructor(smoothing: number) {
    this.#smoothing = smoothing;
  }

  /** Takes a loss in. @returns the mean so far */
  add(loss: number): number {
    this.#sum = this.#sum * this.#smoothing + loss;
    this.#weight = this.#weight * this.#smoothing + 1;
    this.#least = Math.min(this.#least, this.value);
    return this.value;
  }

  get value(): number {
    return this.#sum / this.#weight;
  }

  /** The least mean so far, and so much of it above it as ends the sweep. A loss may be negative, as the cosine similarity. */
  get limit(): number {
    return this.#least + (stopRatio - 1) * Math.abs(this.#least);
  }
}

/**
 * Reads the losses of a sweep.
 *
 * The mean around place i is Σ smoothing^|i − j| · Lⱼ / Σ smoothing^|i − j|. It looks to both sides, because a mean of former losses
 * only would show each fall later, at a learning rate that is several times too large. A loss after the least one counts as at most
 * twice as far above it as the largest before: one that exploded says no more, and would reach far back.
 */
export function readSweep(
  learningRates: readonly number[],
  losses: readonly number[],
  smoothing: number,
): SweepReading {
  const lowest = Math.min(...losses);
  const highest = Math.max(...losses.slice(0, losses.indexOf(lowest) + 1));
  const ceiling = lowest + 2 * (highest - lowest);
  const smoothed = smooth(
    losses.map((loss) => Math.min(loss, ceiling)),
    smoothing,
  );
  if (losses.length < leastLosses) {
    return {
      smoothed,
      remark: `No suggestion: the loss grew without bounds after ${losses.length} ${losses.length === 1 ? 'step' : 'steps'}. Start with a smaller minimum.`,
    };
  }
  const least = smoothed.indexOf(Math.min(...smoothed));
  const fall = Math.max(...smoothed.slice(0, least + 1)) - smoothed[least]!;
  const scatter = scatterOf(losses);
  const needed = leastFall * scatter * Math.sqrt((1 - smoothing) / (1 + smoothing));
  if (least === 0 || fall <= needed || fall <= 0.01 * Math.abs(smoothed[0]!)) {
    const grown = losses.findIndex((loss) => loss > smoothed[0]! + outlier * scatter);
    const growth =
      grown < 0
        ? ''
        : `It grows from a learning rate of ${learningRates[grown]!.toExponential(1)} on: stay well below. `;
    return {
      smoothed,
      remark:
        `No suggestion: the smoothed loss ${fall > 0 ? `falls by ${fall.toPrecision(3)} only` : 'does not fall'}, where single losses scatter by ${scatter.toPrecision(3)}. ${growth}` +
        'To see more, take more steps, larger batches or a larger maximum.',
    };
  }
  const suggestion = learningRates[steepest(smoothed, least)]!;
  const minimumOverTen = learningRates[least]! / 10;
  if (least < smoothed.length - 1 - Math.ceil(smoothed.length / 50)) return { smoothed, suggestion, minimumOverTen };
  return {
    smoothed,
    suggestion,
    minimumOverTen,
    remark: 'The loss still falls at the largest learning rate: a larger maximum would show where it ends.',
  };
}

function smooth(losses: readonly number[], smoothing: number): number[] {
  const forward = runningSums(losses, smoothing);
  const backward = runningSums([...losses].reverse(), smoothing).reverse();
  // The loss itself is in both sums.
  return losses.map(
    (loss, place) =>
      (forward[place]!.sum + backward[place]!.sum - loss) / (forward[place]!.weight + backward[place]!.weight - 1),
  );
}

function runningSums(losses: readonly number[], smoothing: number): { sum: number; weight: number }[] {
  let sum = 0;
  let weight = 0;
  return losses.map((loss) => {
    sum = sum * smoothing + loss;
    weight = weight * smoothing + 1;
    return { sum, weight };
  });
}

/** The place of the largest fall from the place before to the place after, at most `last`. */
function steepest(values: readonly number[], last: number): number {
  const fallAt = (place: number) => {
    const [before, after] = [Math.max(0, place - 1), Math.min(values.length - 1, place + 1)];
    return (values[before]! - values[after]!) / (after - before);
  };
  let found = 0;
  for (let place = 1; place <= last; place++) if (fallAt(place) > fallAt(found)) found = place;
  return found;
}

/** The standard deviation of single losses, by how much neighbours differ in the median: neither the fall nor the end counts. */
function scatterOf(losses: readonly number[]): number {
  const steps = losses.slice(1).map((loss, place) => Math.abs(loss - losses[place]!));
  const median = steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)]!;
  return median / (Math.SQRT2 * quartileOfNormal);
}
