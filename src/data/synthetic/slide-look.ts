/** How one slide looks. Every picture of a slide shares its stain, light, focus and crowding, and slides differ more
 * than classes do, so only a test on unseen slides tells what a network has learnt. */
import { Random } from '../../core/random.ts';
import type { Rgb } from './film.ts';
import { bell, clamp, type Direction, direction } from './random-draws.ts';

/** Optical density of each dye at full strength. */
export interface Dyes {
  /** Pink: red cells, and the cytoplasm of neutrophils. */
  readonly eosin: Rgb;
  /** Blue: the cytoplasm of lymphocytes and monocytes. */
  readonly azure: Rgb;
  /** Purple, where azure and eosin meet on DNA: nuclei and platelets. */
  readonly purple: Rgb;
  /** Orange-red: the granules of eosinophils. */
  readonly orange: Rgb;
}

/** The look of a slide. */
export interface SlideLook {
  readonly dyes: Dyes;
  /** Light that passes empty glass, 0 to 1. */
  readonly background: Rgb;
  /** Share of light lost from the bright end of the picture to the dark one. */
  readonly shading: number;
  readonly shadingAxis: Direction;
  /** Share of light lost in the corners. */
  readonly vignette: number;
  /** Deviation of the blur, in micrometres. */
  readonly blur: number;
  /** Deviation of the camera's noise, in steps of 0 to 255. */
  readonly noise: number;
  /** Share of the glass covered by red cells. */
  readonly crowding: number;
  /** How pale the middle of red cells is, 0 to 1. */
  readonly pallor: number;
  /** How much eosin red cells take up. */
  readonly redness: number;
  /** Chance that a red cell sticks to the one before it. */
  readonly sticking: number;
  /** Width of the view, in micrometres. */
  readonly view: number;
  /** Mean number of platelets and of specks of dye in a picture. */
  readonly platelets: number;
  readonly specks: number;
}

const eosin: Rgb = [0.07, 0.46, 0.37];
const azure: Rgb = [0.66, 0.4, 0.06];
const purple: Rgb = [0.92, 1.34, 0.36];
const orange: Rgb = [0.1, 0.82, 0.98];

/** A dye as this slide's batch has it: stronger or weaker, leaning to another dye, off in each colour. */
function batchOf(random: Random, dye: Rgb, strength: number, towards: Rgb, lean: number): Rgb {
  const channel = (index: 0 | 1 | 2) =>
    strength * (dye[index] + lean * (towards[index] - dye[index])) * (1 + 0.09 * bell(random));
  return [channel(0), channel(1), channel(2)];
}

/** The look of slide number `slide` in the set of this seed. */
export function slideLook(seed: number, slide: number): SlideLook {
  const random = new Random(seed, 'synthetic slide', slide);
  const strength = clamp(1 + 0.2 * bell(random), 0.6, 1.5);
  // Acid buffer turns the stain pink, alkaline buffer turns it blue.
  const acidity = clamp(0.5 * bell(random), -1, 1);
  const blueing = Math.max(0, -acidity);
  const pinking = Math.max(0, acidity);
  const exposure = clamp(0.87 + 0.045 * bell(random), 0.74, 0.97);
  const tint = 0.03 * bell(random);
  const brick = random.uniform(0, 0.5);
  const eosinLean = blueing > 0 ? ([azure, 0.25 * blueing] as const) : ([orange, brick] as const);
  return {
    dyes: {
      eosin: batchOf(random, eosin, strength * random.uniform(0.7, 1.1), ...eosinLean),
      azure: batchOf(random, azure, strength * random.uniform(0.75, 1.2), eosin, 0.35 * pinking),
      purple: batchOf(random, purple, strength * random.uniform(0.85, 1.15), azure, 0.35 * blueing),
      orange: batchOf(random, orange, strength * random.uniform(0.7, 1.15), eosin, random.uniform(0.15, 0.9)),
    },
    background: [
      clamp(exposure + tint, 0, 1),
      clamp(exposure - 0.01 - 0.008 * bell(random), 0, 1),
      clamp(exposure - 0.02 - tint + 0.02 * bell(random), 0, 1),
    ],
    shading: random.uniform(0, 0.16),
    shadingAxis: direction(random),
    vignette: random.uniform(0, 0.14),
    blur: random.uniform(0.08, 0.25),
    noise: random.uniform(1.2, 3.6),
    crowding: random.uniform(0.12, 0.6),
    pallor: random.uniform(0.35, 0.85),
    redness: random.uniform(0.75, 1.15),
    sticking: random.uniform(0, 0.6),
    view: random.uniform(19.5, 23.5),
    platelets: random.uniform(0.3, 2.5),
    specks: random.uniform(0, 1.5),
  };
}
