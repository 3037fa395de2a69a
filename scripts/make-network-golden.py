"""Writes test/golden/network.json: what Keras computes for layers.

Run it in a throw-away virtual environment with `pip install keras tensorflow`:
    python scripts/make-network-golden.py
"""

import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import tensorflow as tf


def numbers(tensor):
    return [float(number) for number in np.asarray(tensor, np.float32).ravel()]


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
        "keras": f"keras.layers.{type(layer).__name__}",
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
    golden = {
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        "layers": [layer_golden(layer, shape) for layer, shape in layers()],
    }
    path = pathlib.Path(__file__).parent.parent / "test" / "golden" / "network.json"
    path.write_text(json.dumps(golden, indent=0) + "\n")


main()
