/** Which pictures share rare visual words: an inverted index, as text search has one. */
import type { FeatureTable } from './feature-table.ts';

/** Pictures that share the rarest words with each picture. */
export class WordIndex {
  readonly #starts: Uint32Array;
  readonly #words: Uint16Array;
  readonly #postingStarts: Uint32Array;
  readonly #postings: Uint32Array;
  readonly #weights: Float32Array;
  readonly #norms: Float32Array;
  readonly #scores: Float32Array;

  constructor({ starts }: FeatureTable, words: Uint16Array, wordCount: number) {
    const pictures = starts.length - 1;
    this.#starts = starts;
    this.#words = words;
    const counts = new Uint32Array(wordCount + 1);
    for (const word of words) counts[word + 1]!++;
    for (let word = 0; word < wordCount; word++) counts[word + 1]! += counts[word]!;
    this.#postingStarts = counts;
    const filled = counts.slice();
    this.#postings = new Uint32Array(words.length);
    for (let picture = 0; picture < pictures; picture++) {
      for (let row = starts[picture]!; row < starts[picture + 1]!; row++) {
        this.#postings[filled[words[row]!]!++] = picture;
      }
    }
    this.#weights = new Float32Array(wordCount);
    for (let word = 0; word < wordCount; word++) {
      const found = counts[word + 1]! - counts[word]!;
      this.#weights[word] = Math.log((pictures + 1) / (found + 1)) ** 2;
    }
    this.#norms = new Float32Array(pictures);
    this.#scores = new Float32Array(pictures);
    for (let picture = 0; picture < pictures; picture++) {
      let sum = 0;
      for (let row = starts[picture]!; row < starts[picture + 1]!; row++) sum += this.#weights[words[row]!]!;
      this.#norms[picture] = Math.sqrt(sum) || 1;
    }
  }

  /** The `most` best other pictures, best first, by the weight of shared words. */
  similarTo(picture: number, most: number, isWanted: (other: number) => boolean = () => true): number[] {
    const scores = this.#scores;
    scores.fill(0);
    for (let row = this.#starts[picture]!; row < this.#starts[picture + 1]!; row++) {
      const word = this.#words[row]!;
      const weight = this.#weights[word]!;
      for (let at = this.#postingStarts[word]!; at < this.#postingStarts[word + 1]!; at++) {
        scores[this.#postings[at]!]! += weight;
      }
    }
    scores[picture] = 0;
    const best: number[] = [];
    const bestScores: number[] = [];
    for (let other = 0; other < scores.length; other++) {
      if (scores[other] === 0) continue;
      const score = scores[other]! / this.#norms[other]!;
      if (best.length === most && score <= bestScores[most - 1]!) continue;
      if (!isWanted(other)) continue;
      let place = best.length;
      while (place > 0 && bestScores[place - 1]! < score) place--;
      best.splice(place, 0, other);
      bestScores.splice(place, 0, score);
      if (best.length > most) {
        best.pop();
        bestScores.pop();
      }
    }
    return best;
  }

  /** The weight of the words that two pictures share, over the geometric mean of what each has: 0…1. */
  similarity(a: number, b: number): number {
    const left = this.#words.slice(this.#starts[a]!, this.#starts[a + 1]!).sort();
    const right = this.#words.slice(this.#starts[b]!, this.#starts[b + 1]!).sort();
    let shared = 0;
    for (let i = 0, j = 0; i < left.length && j < right.length; ) {
      if (left[i] === right[j]) {
        shared += this.#weights[left[i]!]!;
        i++;
        j++;
      } else if (left[i]! < right[j]!) i++;
      else j++;
    }
    return shared / (this.#norms[a]! * this.#norms[b]!);
  }
}
