/** jax-js on its WASM device: the whole step under one `jit`, pictures `[batch, channels, height, width]`. Its arrays are
 * used up by the call they are given to; `.ref` keeps them. */
import { examples, inputs, labels, load, network, oneHot, versionOf, workload } from './protocol.mjs';
import { serve } from './serve.mjs';

globalThis.navigator ??= /** @type {Navigator} */ ({});
const jax = await load('@jax-js/jax');
const { numpy: np, lax, nn, random, tree } = jax;
await jax.init();
jax.defaultDevice('wasm');
const { kind, batch, classes } = workload;
const isPicture = network.input.length === 3;

/** A kernel and a bias per layer that has them. */
function initialize() {
  const weights = [];
  let shape = isPicture ? [network.input[2], network.input[0], network.input[1]] : network.input;
  const add = (sizes, inputCount, bias) => {
    const kernel = random.normal(random.key(weights.length), sizes).mul(inputCount ** -0.5);
    weights.push({ kernel, bias: np.zeros(bias) });
  };
  for (const [name, units, padding] of network.layers) {
    const [channels, height, width] = shape;
    if (name === 'conv') {
      add([units, channels, 3, 3], channels * 9, [1, units, 1, 1]);
      const lost = padding === 'same' ? 0 : 2;
      shape = [units, height - lost, width - lost];
    } else if (name === 'pool') shape = [channels, height >> 1, width >> 1];
    else if (name === 'flatten') shape = [channels * height * width];
    else if (name === 'dense') {
      add([channels, units], channels, [1, units]);
      shape = [units];
    }
  }
  return weights;
}

/** Predictions, or logits where a key for dropout says that this is training. */
function apply(weights, x, key) {
  const rest = weights.values();
  let value = x;
  for (const [name, option, detail] of network.layers) {
    if (name === 'conv') {
      const { kernel, bias } = rest.next().value;
      value = nn.relu(lax.convGeneralDilated(value, kernel, [1, 1], detail.toUpperCase()).add(bias));
    } else if (name === 'pool') value = lax.reduceWindow(value, np.max, [1, 1, 2, 2], [1, 1, 2, 2]);
    else if (name === 'flatten') value = np.reshape(value, [value.shape[0], -1]);
    else if (name === 'dropout' && key) {
      const kept = 1 - option;
      value = np.where(random.bernoulli(key, kept, value.shape), value.div(kept), 0);
    } else if (name === 'dense') {
      const { kernel, bias } = rest.next().value;
      value = np.matmul(value, kernel).add(bias);
      if (detail === 'relu') value = nn.relu(value);
      else if (!key) value = nn.softmax(value);
    }
  }
  return value;
}

const meanLoss = (weights, x, y, key) => np.mean(np.sum(nn.logSoftmax(apply(weights, x, key)).mul(y), -1)).neg();

/** RMSprop, or Adam where there are means. Adam's correction of the first steps is left out; it costs nothing to speak of. */
const update = jax.jit((weights, slots, x, y, key) => {
  const [loss, gradients] = jax.valueAndGrad(meanLoss)(tree.ref(weights), x, y, key);
  const change = (weight, gradient, { square, mean }) => {
    const kept = mean ? 0.999 : 0.9;
    const newSquare = square.mul(kept).add(gradient.ref.mul(gradient.ref).mul(1 - kept));
    const newMean = mean ? mean.mul(0.9).add(gradient.mul(0.1)) : gradient;
    const newWeight = weight.sub(newMean.ref.mul(1e-3).div(np.sqrt(newSquare.ref).add(1e-7)));
    if (!mean) newMean.dispose();
    return { weight: newWeight, slots: { square: newSquare, ...(mean && { mean: newMean }) } };
  };
  const changed = weights.map(({ kernel, bias }, index) => ({
    kernel: change(kernel, gradients[index].kernel, slots[index].kernel),
    bias: change(bias, gradients[index].bias, slots[index].bias),
  }));
  const pick = (part) => changed.map(({ kernel, bias }) => ({ kernel: kernel[part], bias: bias[part] }));
  return [pick('weight'), pick('slots'), loss];
});

let weights = initialize();
const shape = isPicture
  ? [examples, network.input[2], network.input[0], network.input[1]]
  : [examples, ...network.input];
const source = np.array(inputs(), { shape: [examples, ...network.input] });
const x = isPicture ? np.transpose(source, [0, 3, 1, 2]) : source;
if (x.shape.join() !== shape.join()) throw new Error(`jax-js: inputs of shape ${x.shape}.`);
await x.ref.blockUntilReady();
const predict = jax.jit((held, given) => apply(held, given));
const y = kind === 'predict' ? undefined : np.array(oneHot(), { shape: [examples, classes] });
const slotsOf = (array) => ({
  square: np.zeros(array.shape),
  ...(workload.optimizer === 'adam' && { mean: np.zeros(array.shape) }),
});
let slots = weights.map(({ kernel, bias }) => ({ kernel: slotsOf(kernel), bias: slotsOf(bias) }));
let count = 0;

async function train(given, targets) {
  let loss;
  [weights, slots, loss] = update(weights, slots, given, targets, random.key(count++));
  await jax.blockUntilReady(tree.ref(weights));
  return (await loss.data())[0];
}

const steps = {
  predict: async () => void (await predict(tree.ref(weights), x.ref).data()),
  train: () => train(x.ref, y.ref),
  fit: async () => {
    let loss;
    const classNumbers = labels();
    const numbers = inputs();
    const size = numbers.length / examples;
    for (let epoch = 0; epoch < workload.epochs; epoch++) {
      const order = Array.from({ length: examples }, (_, place) => place).sort(() => Math.random() - 0.5);
      for (let start = 0; start < examples; start += batch) {
        const chosen = order.slice(start, start + batch);
        const rows = Float32Array.from(
          { length: chosen.length * size },
          (_, place) => numbers[chosen[Math.floor(place / size)] * size + (place % size)],
        );
        const targets = Float32Array.from({ length: chosen.length * classes }, (_, place) =>
          Number(classNumbers[chosen[Math.floor(place / classes)]] === place % classes),
        );
        loss = await train(
          np.array(rows, { shape: [chosen.length, size] }),
          np.array(targets, { shape: [chosen.length, classes] }),
        );
      }
    }
    return loss;
  },
};
await serve({ engine: `jax-js ${versionOf('@jax-js/jax')} wasm` }, steps[kind]);
