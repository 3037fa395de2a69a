"""Writes test/golden/callbacks.json: what Keras's callbacks decide when they are shown made-up numbers, without a training.

Run it in a throw-away virtual environment with `pip install keras tensorflow tensorboard`:
    python scripts/make-callback-golden.py
"""

import json
import os
import pathlib
import tempfile
import types

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

NAN = float("nan")
SLOW = [1.0, 0.9, 0.89, 0.895, 0.7, 0.75, 0.72, 0.71, 0.70005, 0.6999, 0.65, 0.66, 0.67, 0.5, 0.55, 0.56, 0.57, 0.58]
RISING = [0.1, 0.3, 0.2, 0.3, 0.35, 0.34, 0.33, 0.5, 0.2, 0.1, 0.6]
CLOSE = [1.0, 1.0 - 1e-9, 1.0 - 1e-8, 1.0 - 1e-7, 1.0 - 2e-7, 1.0]


class Model:
    """As much of a model as the callbacks look at."""

    def __init__(self, learning_rate=0.1):
        self.optimizer = types.SimpleNamespace(learning_rate=np.float32(learning_rate))
        self.stop_training = False
        self.weights = -1
        self.saved = []
        accuracy = keras.metrics.BinaryAccuracy(name="accuracy")
        self.metrics = [keras.src.trainers.compile_utils.MetricsList([accuracy])]

    def get_weights(self):
        return self.weights

    def set_weights(self, weights):
        self.weights = weights

    def save(self, path, overwrite):
        self.saved.append(path)

    save_weights = save


def early_stopping(options, monitor, values):
    model = Model()
    callback = keras.callbacks.EarlyStopping(monitor=monitor, **options)
    callback.set_model(model)
    callback.on_train_begin()
    epoch = 0
    while epoch < len(values) and not model.stop_training:
        model.weights = epoch
        callback.on_epoch_end(epoch, {monitor: values[epoch]})
        epoch += 1
    callback.on_train_end()
    return {"epochs": epoch, "stopped": model.stop_training, "weights": model.weights}


def reduce_lr(options, monitor, values):
    model = Model()
    model.optimizer.learning_rate = 0.1
    callback = keras.callbacks.ReduceLROnPlateau(monitor=monitor, **options)
    callback.set_model(model)
    callback.on_train_begin()
    rates = []
    for epoch, value in enumerate(values):
        callback.on_epoch_end(epoch, {monitor: value})
        # As a variable of the optimizer holds it.
        model.optimizer.learning_rate = np.float32(model.optimizer.learning_rate)
        rates.append(float(model.optimizer.learning_rate))
    return {"learningRates": rates}


def checkpoint(options, steps, epochs):
    """`epochs` holds the numbers of each epoch, which are those of its batches too."""
    model = Model()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, options["filepath"])
        callback = keras.callbacks.ModelCheckpoint(**{**options, "filepath": path})
        callback.set_model(model)
        callback.on_train_begin()
        for epoch, logs in enumerate(epochs):
            callback.on_epoch_begin(epoch)
            for batch in range(steps):
                callback.on_train_batch_end(batch, logs)
            callback.on_epoch_end(epoch, logs)
        return {"saved": [os.path.relpath(path, folder) for path in model.saved]}


def csv_logger(options, trainings):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "log.csv")
        for epochs in trainings:
            callback = keras.callbacks.CSVLogger(path, **options)
            callback.on_train_begin()
            for epoch, logs in enumerate(epochs):
                callback.on_epoch_end(epoch, logs)
            callback.on_train_end()
        with open(path, newline="") as file:
            return {"text": file.read()}


def tensor_board(options):
    """The tags and steps of a real training of two epochs with three steps."""
    keras.utils.clear_session()
    model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])
    model.compile(optimizer="sgd", loss="mse", metrics=["accuracy"])
    x, y = np.ones((3, 2), np.float32), np.ones((3, 1), np.float32)
    with tempfile.TemporaryDirectory() as folder:
        callback = keras.callbacks.TensorBoard(folder, write_graph=False, **options)
        model.fit(x, y, batch_size=1, epochs=2, verbose=0, validation_data=(x, y), callbacks=[callback])
        parts = {}
        for part in ("train", "validation"):
            events = EventAccumulator(os.path.join(folder, part), size_guidance={"tensors": 0})
            events.Reload()
            tags = sorted(events.Tags()["tensors"])
            parts[part] = {tag: [event.step for event in events.Tensors(tag)] for tag in tags}
        return parts


def event_records():
    """The bytes of an event file with a header, a number and a histogram, as TensorFlow writes them."""
    header = tf.compat.v1.Event(wall_time=1700000000.5, file_version="brain.Event:2")
    scalar = tf.compat.v1.Summary.Value(tag="epoch_loss", simple_value=0.1)
    histogram = tf.compat.v1.HistogramProto(
        min=-1.5, max=2, num=4, sum=1.25, sum_squares=7.0625, bucket_limit=[-0.5, 0.5, 2], bucket=[1, 2, 1]
    )
    values = tf.compat.v1.Summary(value=[scalar, tf.compat.v1.Summary.Value(tag="a/histogram", histo=histogram)])
    event = tf.compat.v1.Event(wall_time=1700000001.25, step=5_000_000_000, summary=values)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "events")
        with tf.io.TFRecordWriter(path) as writer:
            writer.write(header.SerializeToString())
            writer.write(event.SerializeToString())
        return pathlib.Path(path).read_bytes().hex()


def camel(name):
    head, *rest = name.split("_")
    return head + "".join(word.title() for word in rest)


def in_cajal(options):
    return {camel(name): value for name, value in options.items()}


EARLY = [
    ({}, "val_loss", SLOW),
    ({"patience": 2}, "val_loss", SLOW),
    ({"patience": 3, "restore_best_weights": True}, "val_loss", SLOW),
    ({"patience": 50, "restore_best_weights": True}, "val_loss", SLOW),
    ({"patience": 2, "min_delta": 0.05}, "val_loss", SLOW),
    ({"patience": 2, "min_delta": -0.05}, "val_loss", SLOW),
    ({"patience": 2, "start_from_epoch": 4}, "val_loss", SLOW),
    ({"patience": 4, "baseline": 0.8}, "val_loss", SLOW),
    ({"patience": 3, "baseline": 0.2, "restore_best_weights": True}, "val_loss", SLOW),
    ({"patience": 5, "baseline": 0.68, "start_from_epoch": 2}, "loss", SLOW),
    ({"patience": 2}, "val_accuracy", RISING),
    ({"patience": 3, "min_delta": 0.1, "restore_best_weights": True}, "accuracy", RISING),
    ({"mode": "min", "patience": 3}, "val_accuracy", RISING),
    ({"mode": "max", "patience": 1}, "val_loss", SLOW),
    ({"mode": "max", "patience": 4}, "my_number", RISING),
    ({"patience": 1, "restore_best_weights": True}, "val_loss", CLOSE),
    ({"patience": 2, "restore_best_weights": True}, "val_loss", [1.0, NAN, 0.9, NAN, NAN, 0.1]),
    ({"patience": 1, "restore_best_weights": True}, "val_loss", [NAN, NAN, NAN]),
]
REDUCE = [
    ({"patience": 2}, "val_loss", SLOW),
    ({"patience": 1, "factor": 0.5}, "val_loss", SLOW),
    ({"patience": 0, "factor": 0.9}, "val_loss", SLOW),
    ({"patience": 1, "factor": 0.5, "cooldown": 2}, "val_loss", SLOW + SLOW),
    ({"patience": 1, "factor": 0.2, "min_lr": 0.01}, "val_loss", SLOW + SLOW),
    ({"patience": 1, "factor": 0.3, "min_lr": 0.1}, "val_loss", SLOW),
    ({"patience": 2, "factor": 0.1, "min_delta": 0.06}, "val_loss", SLOW),
    ({"patience": 1, "factor": 0.7, "cooldown": 1, "min_delta": 0}, "val_loss", CLOSE + CLOSE),
    ({"patience": 2, "factor": 0.4}, "accuracy", RISING),
    ({"patience": 2, "factor": 0.4, "mode": "min"}, "accuracy", RISING),
]
EPOCHS = [
    {"loss": 1.0, "val_loss": 0.995, "val_accuracy": 0.125},
    {"loss": 0.5, "val_loss": 1e-05, "val_accuracy": 0.375},
    {"loss": 1234.5678, "val_loss": 12.345, "val_accuracy": 1.0},
    {"loss": 0.25, "val_loss": 1e-06, "val_accuracy": 0.5},
]
CHECKPOINTS = [
    ({"filepath": "{epoch:02d}-{val_loss:.2f}.keras"}, 1, EPOCHS),
    ({"filepath": "w/{epoch}-{val_loss}-{loss}.keras"}, 1, EPOCHS),
    ({"filepath": "{epoch:>4d}|{epoch:<4}|{epoch:^5}|{epoch:+d}|{epoch:x>6}.keras"}, 1, EPOCHS[:1]),
    ({"filepath": "{loss:e}|{loss:.3e}|{loss:g}|{loss:.2g}|{loss:%}|{loss:.1%}|{loss:,.1f}.keras"}, 1, EPOCHS),
    ({"filepath": "{val_accuracy:.2f}|{val_accuracy:.0f}|{val_accuracy:.1f}|{val_accuracy:+08.3f}.keras"}, 1, EPOCHS),
    ({"filepath": "{{{epoch:03d}}}.keras"}, 1, EPOCHS[:2]),
    ({"filepath": "{val_loss:.3}|{loss:.2}|{loss:8.1f}|{loss:<9.2f}|{loss:G}|{loss:E}.keras"}, 1, EPOCHS),
    ({"filepath": "best.keras", "save_best_only": True}, 1, EPOCHS),
    ({"filepath": "{epoch}.keras", "save_best_only": True, "monitor": "val_accuracy"}, 1, EPOCHS),
    ({"filepath": "{epoch}.keras", "save_best_only": True, "mode": "max"}, 1, EPOCHS),
    ({"filepath": "{epoch}.keras", "save_best_only": True, "initial_value_threshold": 0.9}, 1, EPOCHS),
    ({"filepath": "{epoch:02d}-{batch:03d}-{loss:.1f}.keras", "save_freq": 3}, 4, EPOCHS),
    ({"filepath": "{epoch}.{batch}.keras", "save_freq": 10}, 4, EPOCHS),
]
CSV = [
    ({}, [EPOCHS]),
    ({"separator": ";"}, [EPOCHS[:2]]),
    ({"append": True}, [EPOCHS[:2], EPOCHS[2:]]),
    ({}, [EPOCHS[:2], EPOCHS[2:]]),
    ({}, [[{"loss": 1e-07, "b": 123456789012345680.0}, {"loss": 0.1, "val_loss": 0.3}, {"b": 1e16, "loss": 3.0}]]),
    ({}, [[{"loss": 0.1, "val_loss": 0.3}, {"loss": NAN}, {"loss": float("inf"), "val_loss": -0.0, "new": 1.0}]]),
    ({"separator": "."}, [[{"loss": 0.5, 'a"b': 2.0}]]),
]


TENSOR_BOARD = [{}, {"update_freq": "batch"}, {"update_freq": 3, "histogram_freq": 1}, {"histogram_freq": 2}]


def main():
    golden = {
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        "earlyStopping": [
            {"keras": "keras.callbacks.EarlyStopping", "options": in_cajal(o), "monitor": m, "values": v, **early_stopping(o, m, v)}
            for o, m, v in EARLY
        ],
        "reduceLROnPlateau": [
            {"keras": "keras.callbacks.ReduceLROnPlateau", "options": in_cajal(o), "monitor": m, "values": v, **reduce_lr(o, m, v)}
            for o, m, v in REDUCE
        ],
        "modelCheckpoint": [
            {"keras": "keras.callbacks.ModelCheckpoint", "options": in_cajal(o), "steps": s, "epochs": e, **checkpoint(o, s, e)}
            for o, s, e in CHECKPOINTS
        ],
        "csvLogger": [
            {"keras": "keras.callbacks.CSVLogger", "options": in_cajal(o), "trainings": t, **csv_logger(o, t)} for o, t in CSV
        ],
        "tensorBoard": [
            {"keras": "keras.callbacks.TensorBoard", "options": in_cajal(o), **tensor_board(o)} for o in TENSOR_BOARD
        ],
        "eventFile": event_records(),
    }
    # JSON knows no NaN and no Infinity: they are written as text.
    text = json.dumps(golden, indent=1).replace("-Infinity", '"-Infinity"')
    text = text.replace(" NaN", ' "NaN"').replace(" Infinity", ' "Infinity"')
    path = pathlib.Path(__file__).parent.parent / "test" / "golden" / "callbacks.json"
    path.write_text(text + "\n")


if __name__ == "__main__":
    main()
