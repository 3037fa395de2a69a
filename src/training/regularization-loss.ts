/** What regularizers of weights add to the loss, of training and of evaluation alike, as in Keras. */
import type { Graph } from '../graph/graph.ts';
import { checkOneNumber } from '../nn/own-value.ts';
import type { NetworkWeight } from '../nn/placed-layer.ts';
import { regularizer } from '../nn/regularizers/table.ts';
import { add } from '../ops/elementwise.ts';
import type { Value } from '../ops/op.ts';

/** The sum over the trainable weights that have a regularizer; nothing where none has. */
export function regularizationLoss(
  graph: Graph,
  weights: readonly Pick<NetworkWeight, 'name' | 'shape' | 'trainable' | 'regularizer'>[],
): Value | undefined {
  const penalties = weights.flatMap(({ name, shape, trainable, regularizer: part }) =>
    trainable && part
      ? [
          graph.scope(`${name}/regularizer`, () =>
            checkOneNumber(`${name}: regularizer`, regularizer(part)(graph.variable(name, shape))),
          ),
        ]
      : [],
  );
  return penalties.length === 0 ? undefined : penalties.reduce(add);
}
