"""Writes test/golden/training-curves.json: losses of Keras for the 13-layer network, for each pair of optimizer and loss.

Weights and pictures come from a formula on whole numbers that test/support/formula.ts shares, so the file holds losses
only. A training can stand on a knife's edge: where a value before a ReLU is nearly 0, the last bit of a sum decides, and
two correct programs part. So each pair's pictures are the first ones (by their salt) on which Keras agrees with itself
when its first weights are changed by one part in ten million. Run it in a throw-away virtual environment with `pip install keras torch`:
    python scripts/make-golden.py
"""

import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy as np

SIZE, BATCH, STEPS, CLASSES = 32, 8, 50, 4
OPTIMIZERS = ["RMSprop", "Adadelta", "Adam", "SGD", "Adagrad"]
LOSSES = {
    "binaryCrossentropy": "binary_crossentropy",
    "categoricalCrossentropy": "categorical_crossentropy",
    "meanSquaredLogarithmicError": "mean_squared_logarithmic_error",
}


def mixed(numbers):
    """A 32-bit hash of each whole number."""
    x = (numbers.astype(np.uint64) + 1) * 2654435761 % 2**32
    x = (x ^ (x >> 16)) * 2246822519 % 2**32
    return x ^ (x >> 13)


def uniform(shape, salt):
    """Numbers in [-1, 1)."""
    count = int(np.prod(shape))
    return (mixed(np.arange(count) + salt * 1_000_003) / 2**31 - 1).reshape(shape)


def weights(model):
    """Glorot's range for kernels, zeros for biases."""
    values = []
    for salt, variable in enumerate(model.trainable_variables):
        shape = variable.shape
        if len(shape) == 1:
            values.append(np.zeros(shape, np.float32))
            continue
        window = int(np.prod(shape[:-2]))
        limit = np.sqrt(6 / (window * shape[-2] + window * shape[-1]))
        values.append((uniform(shape, salt) * limit).astype(np.float32))
    return values


def batch(step, salt):
    """Pictures 0..255 whose stripes depend on their class, under noise, and one-hot rows."""
    labels = mixed(np.arange(BATCH) + 7_000_000 + salt * 100_003 + step * BATCH) % CLASSES
    noise = mixed(np.arange(BATCH * SIZE * SIZE * 3) + 9_000_000 + salt * 31_000_033 + step * 500_000) % 32
    row, column = np.arange(SIZE)[:, None], np.arange(SIZE)[None, :]
    stripes = np.stack([(row * (k + 1) + column * (3 - k)) // 8 % 2 for k in range(CLASSES)])
    pictures = noise.reshape(BATCH, SIZE, SIZE, 3) + 200 * stripes[labels][..., None].astype(np.uint64)
    return pictures.astype(np.uint8), np.eye(CLASSES, dtype=np.float32)[labels]


def network():
    layers = keras.layers
    blocks = []
    for filters in (32, 32, 64):
        blocks += [
            layers.Conv2D(filters, 3, activation="relu"),
            layers.Activation("relu"),
            layers.MaxPooling2D(2),
        ]
    return keras.Sequential(
        [
            layers.Input((SIZE, SIZE, 3)),
            layers.Rescaling(1 / 255),
            *blocks,
            layers.Flatten(),
            layers.Dense(256, activation="relu"),
            layers.Dropout(0.0),
            layers.Dense(CLASSES, activation="softmax"),
        ]
    )


def curve(optimizer, loss, salt, change=0):
    model = network()
    values = weights(model)
    for index, value in enumerate(values):
        values[index] = (value * (1 + 1e-6 * np.sign(uniform(value.shape, 900 + change)) * (change > 0))).astype(np.float32)
    model.set_weights(values)
    model.compile(optimizer=getattr(keras.optimizers, optimizer)(), loss=loss)
    losses = []
    for step in range(STEPS):
        # `train_on_batch` gives the mean since the metrics were reset.
        model.reset_metrics()
        losses.append(round(float(model.train_on_batch(*batch(step, salt))), 8))
    return losses


def steady_curve(optimizer, loss, salt):
    """The losses, or None where Keras does not agree with itself to a fifth of what the test allows."""
    losses = np.array(curve(optimizer, loss, salt))
    for change in range(1, 11):
        difference = np.abs(np.array(curve(optimizer, loss, salt, change)) - losses)
        if np.any(difference > 2e-4 * np.maximum(losses, 0.05)):
            return None
    return losses.tolist()


def main():
    curves = {}
    for optimizer in OPTIMIZERS:
        for name, keras_name in LOSSES.items():
            salt, losses = 0, None
            while losses is None:
                losses = steady_curve(optimizer, keras_name, salt)
                salt += 1
            curves[f"{optimizer.lower()} {name}"] = {"salt": salt - 1, "losses": losses}
            print(f"{optimizer} with {name}: salt {salt - 1}", flush=True)
    golden = {
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        "size": SIZE,
        "batch": BATCH,
        "classes": CLASSES,
        "curves": curves,
    }
    path = pathlib.Path(__file__).parent.parent / "test" / "golden" / "training-curves.json"
    path.write_text(json.dumps(golden, indent=1) + "\n")


main()
