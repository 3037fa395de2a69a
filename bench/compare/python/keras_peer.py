"""Keras on TensorFlow, as its users run it: compiled with a metric, `train_on_batch`, `fit` and `predict_on_batch`.

Variant `auto` leaves compiling to Keras, `jit` asks for XLA.
"""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

import protocol
from protocol import batch, classes, kind, serve, variant, workload

made = {
    "conv": lambda filters, padding: layers.Conv2D(filters, 3, padding=padding, activation="relu"),
    "pool": lambda: layers.MaxPooling2D(2),
    "flatten": lambda: layers.Flatten(),
    "dense": lambda units, activation: layers.Dense(units, activation=activation),
    "dropout": lambda rate: layers.Dropout(rate),
}
model = keras.Sequential([keras.Input(tuple(protocol.network["input"]))])
for name, *options in protocol.network["layers"]:
    model.add(made[name](*options))

x = protocol.inputs()
loss_name = "sparse_categorical_crossentropy" if kind == "fit" else "categorical_crossentropy"
if kind == "predict":
    model.compile(jit_compile=variant == "jit" or "auto")
else:
    model.compile(
        workload["optimizer"], loss_name, metrics=["accuracy"], jit_compile=variant == "jit" or "auto"
    )
    y = protocol.labels() if kind == "fit" else np.eye(classes, dtype=np.float32)[protocol.labels()]


def step():
    if kind == "predict":
        model.predict_on_batch(x)
        return None
    if kind == "fit":
        history = model.fit(x, y, batch_size=batch, epochs=workload["epochs"], verbose=0)
        return float(history.history["loss"][-1])
    return float(model.train_on_batch(x, y)[0])


note = ", jit_compile" if variant == "jit" else ""
serve(f"Keras {keras.__version__} on TensorFlow {tf.__version__}{note}", step)
