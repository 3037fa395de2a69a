"""Writes test/golden/losses.json: what Keras computes for losses, their means over a batch and the gradients of those.

Keras runs on TensorFlow here, whose losses get plain tensors and so compute the formulas (see
docs/decisions/keras-golden-backend.md). Run it in a throw-away virtual environment with `pip install keras tensorflow`:
    python scripts/make-loss-golden.py
"""

import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import tensorflow as tf

CROSS_ENTROPIES = [
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "SparseCategoricalCrossentropy",
    "BinaryFocalCrossentropy",
    "CategoricalFocalCrossentropy",
]
REGRESSIONS = [
    "MeanSquaredError",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredLogarithmicError",
    "LogCosh",
    "CosineSimilarity",
]
HINGES = ["Hinge", "SquaredHinge", "CategoricalHinge"]

ORDINARY = [[0.1, 0.2, 0.3, 0.4], [0.7, 0.1, 0.15, 0.05]]
SATURATED = [[0.0, 1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], [1e-8, 1.0 - 1e-7, 0.0, 1e-7], [0.999999, 1e-6, 0.0, 0.0]]
UNEQUAL = [[0.5, 0.5, 0.5, 0.5], [0.9, 0.8, 0.0, 0.1]]
TWO = [[0, 1, 0, 0], [0, 0, 0, 1]]
FOUR = [[0, 1, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0], [1, 0, 0, 0]]
# Rows of places, as of a segmentation.
PLACES = [[[0.2, 0.5, 0.3], [0.6, 0.3, 0.1]], [[0.1, 0.1, 0.8], [0.25, 0.5, 0.25]]]
PLACES_TARGETS = [[[0, 1, 0], [1, 0, 0]], [[1, 0, 0], [0, 0, 1]]]
LOGITS = [[-1.0, 0.5, 2.0, 0.0], [3.0, -2.0, 0.25, 1.0]]
LARGE_LOGITS = [[0.0, 0.0, 0.0, 0.0], [30.0, -30.0, 5.0, 90.0], [100.0, 0.0, 0.0, -100.0], [-4.0, 3.0, 12.0, 1.0]]
NUMBERS = [[1.5, -0.5, 0.0, 2.0], [0.25, 3.0, -1.0, 1.0], [0.5, 0.5, 4.0, -2.0]]
NUMBERS_TARGETS = [[1.0, -1.0, 0.0, 0.5], [2.0, 0.5, -1.5, 1.0], [0.0, 1.0, 1.0, -2.0]]
SIGNS = [[1, -1, 1, -1], [-1, -1, 1, 1], [1, 1, -1, -1]]
BITS = [[1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0]]


def numbers(tensor):
    return [float(number) for number in np.asarray(tensor, np.float32).ravel()]


def camel(name):
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def golden(name, y, p, options=None, weights=None, labels=None):
    """One loss on one batch; targets of sparse losses are class numbers: `labels`, or the places of the ones."""
    options = options or {}
    sparse = name.startswith("Sparse")
    predictions = tf.constant(p, tf.float32)
    targets = tf.constant(labels if labels is not None else np.argmax(y, -1), tf.int32) if sparse else tf.constant(y, tf.float32)
    make = getattr(keras.losses, name)
    values = make(reduction="none", **options)(targets, predictions)
    # Beside places `[batch, places]`, Keras would take weights `[batch]` for weights of the places.
    given = None if weights is None else tf.reshape(tf.constant(weights), [-1] + [1] * (len(values.shape) - 1))
    values = tf.reshape(values, [predictions.shape[0], -1])
    with tf.GradientTape() as tape:
        tape.watch(predictions)
        total = make(**options)(targets, predictions, sample_weight=given)
    return {
        "keras": f"keras.losses.{name}",
        "loss": name[0].lower() + name[1:] if name != "KLDivergence" else "klDivergence",
        "options": {camel(key): value for key, value in options.items()},
        "shape": list(predictions.shape),
        "targets": numbers(targets),
        "predictions": numbers(predictions),
        **({"weights": weights} if weights is not None else {}),
        "values": numbers(tf.reduce_mean(values, 1)),
        "total": float(total),
        "gradient": numbers(tape.gradient(total, predictions)),
    }


def cases():
    for name in CROSS_ENTROPIES:
        yield name, TWO, ORDINARY
        yield name, TWO, ORDINARY, {}, [0.5, 2.0]
        yield name, FOUR, SATURATED
        yield name, PLACES_TARGETS, PLACES
        yield name, PLACES_TARGETS, PLACES, {}, [3.0, 0.25]
        yield name, TWO, LOGITS, {"from_logits": True}
        # Keras holds the probabilities of focal losses within bounds also where it has logits; cajal does not.
        if "Focal" not in name:
            yield name, FOUR, LARGE_LOGITS, {"from_logits": True}, [1.0, 0.5, 0.0, 2.0]
        if name.startswith("Sparse"):
            continue
        yield name, TWO, UNEQUAL
        yield name, TWO, ORDINARY, {"label_smoothing": 0.1}
        yield name, TWO, LOGITS, {"label_smoothing": 0.3, "from_logits": True}, [2.0, 1.0]
        yield name, [[0.25, 0.5, 0.0, 0.25], [0.1, 0.2, 0.3, 0.4]], ORDINARY
    # The examples of Keras's documentation.
    yield "BinaryCrossentropy", [[0, 1], [0, 0]], [[0.6, 0.4], [0.4, 0.6]]
    yield "CategoricalCrossentropy", [[0, 1, 0], [0, 0, 1]], [[0.05, 0.95, 0], [0.1, 0.8, 0.1]]
    ignoring = {"ignore_class": -1}
    yield "SparseCategoricalCrossentropy", None, ORDINARY, ignoring, None, [-1, 2]
    yield "SparseCategoricalCrossentropy", None, PLACES, ignoring, [2.0, 0.5], [[1, -1], [0, 2]]
    yield "SparseCategoricalCrossentropy", None, PLACES, {"ignore_class": 1}, None, [[1, 1], [0, 1]]
    for focal in ("BinaryFocalCrossentropy", "CategoricalFocalCrossentropy"):
        for gamma in (0.0, 0.5, 1.0, 3.0):
            yield focal, TWO, ORDINARY, {"gamma": gamma, "alpha": 0.6}
    balanced = {"apply_class_balancing": True, "alpha": 0.4, "gamma": 2.0}
    yield "BinaryFocalCrossentropy", TWO, ORDINARY, balanced
    yield "BinaryFocalCrossentropy", TWO, LOGITS, {**balanced, "from_logits": True, "label_smoothing": 0.1}, [1.0, 3.0]
    for name in REGRESSIONS:
        yield name, NUMBERS_TARGETS, NUMBERS
        yield name, NUMBERS_TARGETS, NUMBERS, {}, [0.5, 2.0, 1.0]
        yield name, PLACES_TARGETS, PLACES, {}, [1.0, 3.0]
    for options in ({}, {"delta": 0.5}, {"delta": 2.0}):
        yield "Huber", NUMBERS_TARGETS, NUMBERS, options
    yield "Huber", [[0, 1], [0, 0]], [[0.6, 0.4], [0.4, 0.6]], {}, [1.0, 2.0]
    for name in ("KLDivergence", "Poisson"):
        yield name, [[0.25, 0.5, 0.0, 0.25], [0.1, 0.2, 0.3, 0.4]], ORDINARY
        yield name, TWO, ORDINARY, {}, [0.5, 2.0]
        yield name, PLACES_TARGETS, PLACES
    yield "Poisson", [[0, 3.0], [1.0, 7.0]], [[0.5, 2.5], [1.0, 9.0]]
    for name in HINGES:
        yield name, SIGNS, NUMBERS
        yield name, BITS, NUMBERS, {}, [0.5, 2.0, 1.0]
        yield name, [[1, 0, -1, 1]], [[0.5, 0.25, -3.0, 0.0]]
        yield name, PLACES_TARGETS, PLACES


def main():
    golden_file = {
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        "losses": [golden(*case) for case in cases()],
    }
    path = pathlib.Path(__file__).parent.parent / "test" / "golden" / "losses.json"
    rows = ",\n".join(json.dumps(row, separators=(",", ":")) for row in golden_file.pop("losses"))
    head = json.dumps(golden_file, separators=(",", ":"))[:-1]
    path.write_text(f'{head},"losses":[\n{rows}\n]}}\n')


main()
