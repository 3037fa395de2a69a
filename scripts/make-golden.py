"""Writes test/golden/training-curves.json: losses of Keras for the 13-layer network, for each pair of optimizer and loss.

Weights and pictures come from a formula on whole numbers that test/support/formula.ts shares, so the file holds losses
only. A training can stand on a knife's edge: where a value before a ReLU is nearly 0, the last bit of a sum decides, and
two correct programs part. So each pair's pictures are the first ones (by their salt) on which Keras agrees with itself
when its first weights are changed by a millionth of themselves. Run it in a throw-away virtual environment with `pip install keras torch`:
    python scripts/make-golden.py
"""

import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "torch")

import formula
import keras
import numpy as np

TASK = {"size": 32, "batch": 8, "classes": 4, "noise": 32, "contrast": 200, "moves": 0}
STEPS = 50
OPTIMIZERS = ["RMSprop", "Adadelta", "Adam", "SGD", "Adagrad"]
LOSSES = {
    "binaryCrossentropy": "binary_crossentropy",
    "categoricalCrossentropy": "categorical_crossentropy",
    "meanSquaredLogarithmicError": "mean_squared_logarithmic_error",
}


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
            layers.Input((TASK["size"], TASK["size"], 3)),
            layers.Rescaling(1 / 255),
            *blocks,
            layers.Flatten(),
            layers.Dense(256, activation="relu"),
            layers.Dropout(0.0),
            layers.Dense(TASK["classes"], activation="softmax"),
        ]
    )


def curve(optimizer, loss, salt, change=0):
    model = network()
    model.set_weights(formula.perturbed(formula.weights(model), change))
    model.compile(optimizer=getattr(keras.optimizers, optimizer)(), loss=loss)
    losses = []
    for step in range(STEPS):
        # `train_on_batch` gives the mean since the metrics were reset.
        model.reset_metrics()
        losses.append(round(float(model.train_on_batch(*formula.batch(step, {**TASK, "salt": salt}))), 8))
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
        "task": TASK,
        "curves": curves,
    }
    path = pathlib.Path(__file__).parent.parent / "test" / "golden" / "training-curves.json"
    path.write_text(json.dumps(golden, indent=1) + "\n")


main()
