/** How long a series of trainings will still take, from those that are done: of the same setting where there is one. */

/** Estimates as it is told. */
export class TimeLeft {
  readonly #known = new Map<string, number[]>();

  /** A training of a setting took so long from its beginning to its end. */
  add(setting: string, seconds: number): void {
    this.#known.set(setting, [...(this.#known.get(setting) ?? []), seconds]);
  }

  /**
   * @param waiting the settings of the trainings that have not begun
   * @param current the one that is under way: how long so far, and the share that is done
   * @returns seconds, or undefined where nothing is known yet
   */
  estimate(
    waiting: readonly string[],
    current?: { setting: string; seconds: number; share: number },
  ): number | undefined {
    const projected = current && current.share > 0 ? current.seconds / current.share : undefined;
    const all = [...this.#known.values()].flat();
    const general = all.length > 0 ? mean(all) : projected;
    if (general === undefined) return undefined;
    const ofSetting = (setting: string) => {
      const known = this.#known.get(setting);
      if (known) return mean(known);
      return setting === current?.setting ? (projected ?? general) : general;
    };
    const rest = current ? (1 - current.share) * (projected ?? ofSetting(current.setting)) : 0;
    return waiting.reduce((sum, setting) => sum + ofSetting(setting), rest);
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
