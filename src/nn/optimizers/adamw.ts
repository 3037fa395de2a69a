/** AdamW (Loshchilov and Hutter, 2019): Adam with weight decay beside the gradient, as every optimizer here has it. */
import { type AdamOptions, adam } from './adam.ts';
import type { OptimizerDefinition } from './optimizer.ts';

/** Options of `adamW`. */
export interface AdamWOptions extends AdamOptions {
  /** Default 0.004. */
  weightDecay: number;
}

/** w ← w − w · weightDecay · η, then Adam's update. */
export const adamW: OptimizerDefinition<AdamWOptions> = {
  ...adam,
  defaults: { ...adam.defaults, weightDecay: 0.004 },
};
