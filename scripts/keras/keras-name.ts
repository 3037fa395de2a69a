/** What the list of Keras names is written in: a name of Keras, cajal's, and what a reader must know of both. */

/** One name. Whether it is equal follows from goldens and tests; only what differs is written down. */
export interface KerasName {
  /** In full: `keras.layers.Conv2D`. Where Keras has no such thing, whose it is: `sklearn.metrics.cohen_kappa_score`. */
  readonly keras: string;
  /** As it is reached from `import … from 'cajal'`, or from `'cajal/data/node'`: `layers.conv2d`; with an option: `optimizers.adam({ clipnorm })`. */
  readonly cajal: string;
  /** How it behaves differently, and why. */
  readonly differs?: string;
  /** Options of Keras, in its spelling, that cajal's has not, and why. */
  readonly lacks?: Readonly<Record<string, string>>;
  /** Options that are spelled otherwise; in parentheses where an argument takes their place: `{ filepath: '(filepath)' }`. */
  readonly spelled?: Readonly<Record<string, string>>;
  /** The test that compares it where no golden does: a file, and the words of its title. */
  readonly test?: readonly [file: string, title: string];
}

/** Names of one kind. */
export interface KerasSection {
  readonly title: string;
  /** What stands above the table. */
  readonly words: string;
  /** Options of Keras that nothing of this kind has in cajal, and why. */
  readonly without?: Readonly<Record<string, string>>;
  /** The module whose other names are listed as not here. */
  readonly module?: string;
  readonly names: readonly KerasName[];
}

/** What else is known of a name. */
export type KerasNotes = Omit<KerasName, 'keras' | 'cajal'>;

/** Rows of a module: `[Keras's name, cajal's name, notes]`, each without the module's own name. */
export function namesOf(
  keras: string,
  cajal: string,
  rows: readonly (readonly [keras: string, cajal: string, notes?: KerasNotes])[],
): KerasName[] {
  return rows.map(([one, other, notes]) => ({ keras: `${keras}.${one}`, cajal: `${cajal}.${other}`, ...notes }));
}
