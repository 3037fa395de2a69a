/** The layers of a network of workloads.json, made with cajal's functions: those of `dist/` or those of `src/`. */

/** @typedef {typeof import('../../../src/nn/layers/table.ts').layers} LayerTable */

/**
 * @param {{ layers: (string | number)[][] }} network
 * @param {LayerTable} layers
 * @returns {import('../../../src/nn/layers/layer.ts').Layer[]}
 */
export function layersOf(network, layers) {
  /** @type {Record<string, (...options: any[]) => import('../../../src/nn/layers/layer.ts').Layer>} */
  const made = {
    conv: (filters, padding) => layers.conv2d({ filters, kernelSize: 3, padding, activation: 'relu' }),
    pool: () => layers.maxPooling2d({ poolSize: 2 }),
    flatten: () => layers.flatten(),
    dense: (units, activation) => layers.dense({ units, activation }),
    dropout: (rate) => layers.dropout({ rate }),
  };
  return network.layers.map(([name, ...options]) =>
    /** @type {NonNullable<typeof made[string]>} */ (made[name ?? ''])(...options),
  );
}
