"""Writes test/golden/network.json: what Keras computes for losses with their gradients, and for layers.

Keras runs on TensorFlow here, whose losses get plain tensors and so compute the formulas (see
docs/decisions/keras-golden-backend.md). Run it in a throw-away virtual environment with `pip install keras tensorflow`:
    python scripts/make-network-golden.py
"""

import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import tensorflow as tf

LOSSES = {
    "binaryCrossentropy": keras.losses.binary_crossentropy,
    "categoricalCrossentropy": keras.losses.categorical_crossentropy,
    "meanSquaredError": keras.losses.mean_squared_error,
    "meanSquaredLogarithmicError": keras.losses.mean_squared_logarithmic_error,
}


def numbers(tensor):
    return [float(number) for number in np.asarray(tensor, np.float32).ravel()]


def loss_cases():
    """Ordinary rows, saturated ones, rows that do not sum to 1, and the examples of Keras's own documentation."""
    ordinary = [[0.1, 0.2, 0.3, 0.4], [0.7, 0.1, 0.15, 0.05]]
    saturated = [[0.0, 1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], [1e-8, 1.0 - 1e-7, 0.0, 1e-7], [0.999999, 1e-6, 0.0, 0.0]]
    unequal = [[0.5, 0.5, 0.5, 0.5], [0.9, 0.8, 0.0, 0.1]]
    rows = np.array([[0, 1, 0, 0], [0, 0, 0, 1]], np.float32)
    four = np.array([[0, 1, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0], [1, 0, 0, 0]], np.float32)
    return [
        (rows, ordinary),
        (four, saturated),
        (rows, unequal),
        ([[0, 1], [0, 0]], [[0.6, 0.4], [0.4, 0.6]]),
        ([[0, 1, 0], [0, 0, 1]], [[0.05, 0.95, 0], [0.1, 0.8, 0.1]]),
    ]


def loss_golden(name, function, y, p):
    targets = tf.constant(y, tf.float32)
    labels = tf.argmax(targets, 1) if name.startswith("sparse") else targets
    predictions = tf.constant(p, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(predictions)
        values = function(labels, predictions)
    gradient = tape.gradient(values, predictions)
    return {
        "loss": name,
        "shape": list(predictions.shape),
        "targets": numbers(labels),
        "predictions": numbers(predictions),
        "values": numbers(values),
        "gradient": numbers(gradient),
    }


def camel(name):
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def layer_golden(layer, shape):
    random = np.random.default_rng(5)
    x = random.uniform(-1, 1, (2, *shape)).astype(np.float32)
    y = layer(x)
    weights = [random.uniform(-1, 1, weight.shape).astype(np.float32) for weight in layer.get_weights()]
    layer.set_weights(weights)
    y = layer(x)
    config = {camel(key): value for key, value in layer.get_config().items() if isinstance(value, (int, float, str, tuple, list))}
    return {
        "className": type(layer).__name__,
        "config": config,
        "inputShape": list(shape),
        "input": numbers(x),
        "weights": [numbers(weight) for weight in weights],
        "outputShape": list(y.shape[1:]),
        "output": numbers(y),
    }


def layers():
    conv, pool = keras.layers.Conv2D, keras.layers.MaxPooling2D
    return [
        (conv(3, 3), (6, 7, 2)),
        (conv(2, (2, 3), strides=(2, 1), padding="same", activation="relu"), (5, 6, 3)),
        (conv(2, 3, strides=2, padding="same", use_bias=False, activation="tanh"), (6, 6, 1)),
        (conv(2, 3, dilation_rate=2, activation="sigmoid"), (7, 8, 1)),
        (pool(), (5, 4, 2)),
        (pool((3, 2), strides=(2, 1), padding="same"), (6, 5, 2)),
        (keras.layers.Dense(4, activation="softmax"), (5,)),
        (keras.layers.Dense(2, use_bias=False), (3,)),
        (keras.layers.Flatten(), (3, 2, 2)),
        (keras.layers.Rescaling(1 / 127.5, offset=-1), (4,)),
        (keras.layers.Activation("tanh"), (4,)),
        (keras.layers.Dropout(0.5), (4,)),
    ]


def main():
    sparse = keras.losses.sparse_categorical_crossentropy
    cases = loss_cases()
    losses = [loss_golden(name, function, y, p) for name, function in LOSSES.items() for y, p in cases]
    one_hot = [(y, p) for y, p in cases if np.all(np.sum(y, 1) == 1)]
    losses += [loss_golden("sparseCategoricalCrossentropy", sparse, y, p) for y, p in one_hot]
    golden = {
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        "losses": losses,
        "layers": [layer_golden(layer, shape) for layer, shape in layers()],
    }
    path = pathlib.Path(__file__).parent.parent / "test" / "golden" / "network.json"
    path.write_text(json.dumps(golden, indent=0) + "\n")


main()
