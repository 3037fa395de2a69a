/** Balanced sampling: epochs that have the same number of examples of each class, by (seed, epoch) alone. */
import { Random } from '../core/random.ts';

/** The order of every epoch. */
export class BalancedOrder {
  /** Examples in an epoch. */
  readonly size: number;
  readonly #classes: readonly Uint32Array[];
  readonly #perClass: number;
  readonly #seed: number;
  readonly #exampleCount: number;

  /** @param labels the class number of each example; classes without any are left out */
  constructor(labels: ArrayLike<number>, seed: number) {
    const classes = new Map<number, number[]>();
    for (let example = 0; example < labels.length; example++) {
      const label = labels[example]!;
      const known = classes.get(label);
      if (known) known.push(example);
      else classes.set(label, [example]);
    }
    const byNumber = [...classes].sort(([one], [other]) => one - other);
    this.#classes = byNumber.map(([, examples]) => Uint32Array.from(examples));
    this.#exampleCount = labels.length;
    this.#perClass = Math.ceil(labels.length / Math.max(1, classes.size));
    this.#seed = seed;
    this.size = this.#perClass * classes.size;
  }

  /**
   * The examples of an epoch in random order. Where one comes several times, its number is higher by the number of examples each
   * time: so what is drawn for it, as its augmentation, differs.
   */
  epoch(epoch: number): Uint32Array {
    const chosen = new Uint32Array(this.size);
    const first = epoch * this.#perClass;
    this.#classes.forEach((examples, place) => {
      const times = new Map<number, number>();
      let round = -1;
      let order: Uint32Array = new Uint32Array(0);
      for (let draw = 0; draw < this.#perClass; draw++) {
        const number = first + draw;
        if (Math.floor(number / examples.length) !== round) {
          round = Math.floor(number / examples.length);
          order = new Random(this.#seed, 'balanced', round, place).permutation(examples.length);
        }
        const example = examples[order[number % examples.length]!]!;
        const before = times.get(example) ?? 0;
        times.set(example, before + 1);
        chosen[place * this.#perClass + draw] = example + before * this.#exampleCount;
      }
    });
    return new Random(this.#seed, 'shuffle', epoch).permutation(this.size).map((place) => chosen[place]!);
  }
}
