/** Pictures that one camera took in quick succession, by the times that cameras write: frames of a burst show one scene. */

/** What a file says of when and by what it was taken. */
export interface TakenPicture {
  /** As EXIF writes it: `2024:05:17 09:30:00`. */
  readonly takenAt?: string;
  readonly camera?: string;
}

/** A picture belongs to the burst of the one before it where no more seconds lie between both. */
export const burstGapSeconds = 5;
/** A burst of more than this share of the pictures is none: programs write one time into all that they save. */
const largestShare = 0.5;

/**
 * Finds bursts: pictures of one camera, each at most `burstGapSeconds` after the one before. Pictures without a camera are in
 * none, since their time is that of a scan or of an edit.
 *
 * @returns lists of two or more places, in order
 */
export function findBursts(pictures: readonly TakenPicture[]): number[][] {
  const byCamera = new Map<string, { place: number; seconds: number }[]>();
  for (const [place, { takenAt, camera }] of pictures.entries()) {
    const seconds = secondsOf(takenAt);
    if (camera === undefined || seconds === undefined) continue;
    const list = byCamera.get(camera);
    if (list) list.push({ place, seconds });
    else byCamera.set(camera, [{ place, seconds }]);
  }
  const bursts: number[][] = [];
  for (const taken of byCamera.values()) {
    taken.sort((a, b) => a.seconds - b.seconds || a.place - b.place);
    let burst: number[] = [];
    for (const [index, { place, seconds }] of taken.entries()) {
      const isNext = index > 0 && seconds - taken[index - 1]!.seconds <= burstGapSeconds;
      if (!isNext) {
        burst = [];
        bursts.push(burst);
      }
      burst.push(place);
    }
  }
  const found = bursts.filter(({ length }) => length > 1 && length <= largestShare * pictures.length);
  return found.map((burst) => burst.sort((a, b) => a - b)).sort((a, b) => a[0]! - b[0]!);
}

/** Seconds of a time; undefined for none, and for the zeros of a camera whose clock was never set. */
function secondsOf(takenAt: string | undefined): number | undefined {
  const parts = /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)/
    .exec(takenAt ?? '')
    ?.slice(1)
    .map(Number);
  if (!parts || parts[0]! < 1900) return undefined;
  const [year, month, day, hour, minute, second] = parts as [number, number, number, number, number, number];
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}
