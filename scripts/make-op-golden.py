"""Writes test/golden/ops.json: what Keras computes for resizing, average pooling and largest values, and their gradients.

Run it in a throw-away virtual environment with `pip install keras tensorflow`:
    python scripts/make-op-golden.py
"""

import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import tensorflow as tf


def ramp(shape):
    """Numbers without a pattern that the test makes again."""
    count = int(np.prod(shape))
    return ((np.arange(count) * 37) % 101 / 50 - 1).astype(np.float32).reshape(shape)


def numbers(tensor):
    return [float(f"{number:.8g}") for number in np.asarray(tensor, np.float32).ravel()]


def golden(keras_name, shape, attributes, function, x=None):
    x = tf.constant(ramp(shape) if x is None else x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
        loss = tf.reduce_sum(y * ramp(y.shape))
    return {
        "keras": keras_name,
        "shape": list(shape),
        **attributes,
        "y": numbers(y),
        "dx": numbers(tape.gradient(loss, x)),
    }


def resizes():
    for size, to in [((4, 5), (8, 10)), ((5, 7), (8, 9)), ((9, 8), (5, 3)), ((3, 3), (7, 1)), ((6, 4), (2, 9))]:
        for interpolation, antialias in [("nearest", False), ("bilinear", False), ("bilinear", True), ("bicubic", False), ("bicubic", True)]:
            def function(x):
                return keras.ops.image.resize(x, to, interpolation=interpolation, antialias=antialias)

            attributes = {"size": list(to), "interpolation": interpolation, "antialias": antialias}
            yield golden("keras.ops.image.resize", (2, *size, 2), attributes, function)


def averages():
    for size, pool, strides, padding in [
        ((6, 6), (2, 2), (2, 2), "valid"),
        ((5, 7), (2, 2), (2, 2), "same"),
        ((7, 6), (3, 3), (2, 2), "same"),
        ((5, 5), (3, 2), (1, 1), "same"),
        ((8, 9), (3, 2), (3, 1), "valid"),
    ]:
        layer = keras.layers.AveragePooling2D(pool, strides=strides, padding=padding)
        attributes = {"poolSize": list(pool), "strides": list(strides), "padding": padding}
        yield golden("keras.layers.AveragePooling2D", (2, *size, 2), attributes, layer)


def maxima():
    ties = np.array([[1, 3, 3, 2], [5, 5, 5, 5], [-1, -2, -3, -1]], np.float32)
    yield golden("keras.ops.max", (3, 4), {"axis": 1, "x": numbers(ties)}, lambda x: keras.ops.max(x, axis=1), ties)


def main():
    found = {
        "keras": keras.__version__,
        "backend": f"{keras.backend.backend()} {tf.__version__}",
        "cases": [*resizes(), *averages(), *maxima()],
    }
    target = pathlib.Path(__file__).parent.parent / "test" / "golden" / "ops.json"
    target.write_text(json.dumps(found, separators=(",", ":")).replace('{"keras"', '\n{"keras"') + "\n")
    print(f"wrote {target} with {len(found['cases'])} cases")


main()
