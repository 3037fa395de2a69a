/** The set that the demonstration draws: its size, and which of its slides are kept for the test. */
import type { SmearSetOptions } from './smear-set.ts';

/** A set and its division into training and test slides. */
export interface DividedSmearSet extends SmearSetOptions {
  /** How many slides, the last ones, are kept for the test. */
  testSlides: number;
}

/** 28 slides to train on and 8 to test on, 80 pictures of 64×64 pixels each; the README says how hard it is. */
export const defaultSmearSet: Readonly<DividedSmearSet> = {
  seed: 7,
  slides: 36,
  testSlides: 8,
  picturesPerSlide: 80,
  size: 64,
};
