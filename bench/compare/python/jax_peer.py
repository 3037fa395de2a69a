"""JAX with optax: the whole step under one `jit`, buffers of weights and slots donated, pictures NHWC."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import lax

import protocol
from protocol import batch, kind, serve, workload

generator = np.random.default_rng(0)


def initialize():
    weights = []
    shape = list(protocol.network["input"])

    def add(*sizes):
        scale = np.sqrt(1 / np.prod(sizes[:-1]))
        kernel = generator.standard_normal(sizes, dtype=np.float32) * np.float32(scale)
        weights.append((jnp.asarray(kernel), jnp.zeros(sizes[-1])))

    for name, *options in protocol.network["layers"]:
        if name == "conv":
            add(3, 3, shape[2], options[0])
            lost = 0 if options[1] == "same" else 2
            shape = [shape[0] - lost, shape[1] - lost, options[0]]
        elif name == "pool":
            shape = [shape[0] // 2, shape[1] // 2, shape[2]]
        elif name == "flatten":
            shape = [int(np.prod(shape))]
        elif name == "dense":
            add(shape[0], options[0])
            shape = [options[0]]
    return weights


def apply(weights, x, key=None):
    """Predictions, or logits where a key for dropout says that this is training."""
    rest = iter(weights)
    for name, *options in protocol.network["layers"]:
        if name == "conv":
            kernel, bias = next(rest)
            axes = ("NHWC", "HWIO", "NHWC")
            x = lax.conv_general_dilated(x, kernel, (1, 1), options[1].upper(), dimension_numbers=axes)
            x = jax.nn.relu(x + bias)
        elif name == "pool":
            x = lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
        elif name == "flatten":
            x = x.reshape(x.shape[0], -1)
        elif name == "dropout" and key is not None:
            kept = 1 - options[0]
            x = jnp.where(jax.random.bernoulli(key, kept, x.shape), x / kept, 0)
        elif name == "dense":
            kernel, bias = next(rest)
            x = x @ kernel + bias
            if options[1] == "relu":
                x = jax.nn.relu(x)
            elif key is None:
                x = jax.nn.softmax(x)
    return x


x = jnp.asarray(protocol.inputs())
weights = initialize()
key = jax.random.key(0)
predict = jax.jit(apply)
if kind != "predict":
    y = jnp.asarray(protocol.labels())
    optimizer = getattr(optax, workload["optimizer"])(1e-3)
    slots = optimizer.init(weights)


@partial(jax.jit, donate_argnums=(0, 1))
def update(weights, slots, x, y, key, count):
    def mean_loss(weights):
        logits = apply(weights, x, jax.random.fold_in(key, count))
        return optax.softmax_cross_entropy_with_integer_labels(logits, y).mean()

    loss, gradients = jax.value_and_grad(mean_loss)(weights)
    changes, slots = optimizer.update(gradients, slots)
    return optax.apply_updates(weights, changes), slots, loss


count = 0


def train(inputs, labels):
    global weights, slots, count
    count += 1
    weights, slots, loss = update(weights, slots, inputs, labels, key, count)
    return float(loss)


def step():
    if kind == "predict":
        np.asarray(predict(weights, x))
        return None
    if kind == "train":
        return train(x, y)
    for _ in range(workload["epochs"]):
        order = generator.permutation(len(x))
        for start in range(0, len(x), batch):
            chosen = order[start : start + batch]
            loss = train(x[chosen], y[chosen])
    return loss


serve(f"JAX {jax.__version__}", step)
