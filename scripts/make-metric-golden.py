"""Writes test/golden/metrics.json: what Keras's metrics make of a few batches of unequal sizes, with and without weights.

Cohen's kappa, Matthews' correlation and the expected calibration error are no metrics of Keras: the first two come from
scikit-learn, and the last one is Guo et al.'s formula, in NumPy. Run it in a throw-away virtual environment with
`pip install keras tensorflow scikit-learn`:
    python scripts/make-metric-golden.py
"""

import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import sklearn
from sklearn.metrics import cohen_kappa_score, matthews_corrcoef

SIZES = [7, 8, 2]
CLASSES = 6


def batches_of(width, kind):
    """Targets, predictions with few digits (so that some are equal, and some lie on thresholds) and weights."""
    random = np.random.default_rng(3)
    made = []
    for size in SIZES:
        if kind == "classes":
            raw = random.integers(1, 9, (size, width)) ** 2
            predictions = np.round(raw / raw.sum(1, keepdims=True), 2)
            targets = np.eye(width)[random.integers(0, width, size)]
        elif kind == "labels":
            predictions = np.round(random.uniform(0, 1, (size, width)), 1)
            targets = random.integers(0, 2, (size, width))
        elif kind == "logits":
            predictions = np.round(random.normal(0, 2, (size, width)), 1)
            targets = random.integers(0, 2, (size, width))
        else:
            predictions = np.round(random.normal(0, 2, (size, width)), 1)
            targets = np.round(random.normal(0, 2, (size, width)), 1)
        weights = np.round(random.uniform(0, 2, size), 1)
        made.append([array.astype(np.float32) for array in (targets, predictions, weights)])
    return made


DATA = {
    "classes": batches_of(CLASSES, "classes"),
    "labels": batches_of(3, "labels"),
    "single": batches_of(1, "labels"),
    "logits": batches_of(3, "logits"),
    "numbers": batches_of(4, "numbers"),
}


def camel(name):
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def run(make, data, weighted, sparse):
    metric = make()
    for targets, predictions, weights in DATA[data]:
        given = np.argmax(targets, -1) if sparse else targets
        metric.update_state(given, predictions, sample_weight=weights if weighted else None)
    return np.asarray(metric.result(), np.float64).tolist()


def keras_cases():
    for data in ("classes", "labels", "single"):
        yield "BinaryAccuracy", "binaryAccuracy", data, {}
        yield "BinaryAccuracy", "binaryAccuracy", data, {"threshold": 0.3}
        yield "AUC", "auc", data, {}
        for curve in ("ROC", "PR"):
            for method in ("interpolation", "minoring", "majoring"):
                yield "AUC", "auc", data, {"curve": curve, "summation_method": method, "num_thresholds": 20}
        yield "AUC", "auc", data, {"thresholds": [0.75, 0.2, 0.4]}
        for name in ("Precision", "Recall"):
            own = name.lower()
            yield name, own, data, {}
            yield name, own, data, {"thresholds": 0.3}
            yield name, own, data, {"thresholds": [0.7, 0.1, 0.4, 0.3]}
            yield name, own, data, {"thresholds": [0.0, 0.25, 0.5, 0.75, 1.0]}
            yield name, own, data, {"thresholds": [0.0, 0.5, 1.0]}
            if data == "single":
                continue
            yield name, own, data, {"class_id": 1}
            yield name, own, data, {"top_k": 2}
            yield name, own, data, {"top_k": 2, "class_id": 2, "thresholds": 0.2}
    yield "AUC", "auc", "labels", {"multi_label": True}
    yield "AUC", "auc", "labels", {"multi_label": True, "curve": "PR", "label_weights": [0.5, 2.0, 1.0]}
    yield "AUC", "auc", "labels", {"label_weights": [0.5, 2.0, 1.0]}
    yield "AUC", "auc", "logits", {"from_logits": True}
    for data in ("classes", "labels"):
        for average in (None, "micro", "macro", "weighted"):
            yield "F1Score", "f1Score", data, {"average": average}
            yield "FBetaScore", "fBetaScore", data, {"average": average, "beta": 2.0, "threshold": 0.3}
    yield "CategoricalAccuracy", "categoricalAccuracy", "classes", {}
    yield "SparseCategoricalAccuracy", "sparseCategoricalAccuracy", "classes", {}
    for k in (1, 2, 5):
        yield "TopKCategoricalAccuracy", "topKCategoricalAccuracy", "classes", {"k": k}
        yield "SparseTopKCategoricalAccuracy", "sparseTopKCategoricalAccuracy", "classes", {"k": k}
    for name in ("MeanSquaredError", "MeanAbsoluteError", "MeanAbsolutePercentageError", "RootMeanSquaredError"):
        yield name, name[0].lower() + name[1:], "numbers", {}
    yield "MeanSquaredLogarithmicError", "meanSquaredLogarithmicError", "classes", {}
    yield "CosineSimilarity", "cosineSimilarity", "numbers", {}
    yield "LogCoshError", "logCosh", "numbers", {}
    for name in ("Hinge", "SquaredHinge", "CategoricalHinge"):
        yield name, name[0].lower() + name[1:], "numbers", {}
    yield "KLDivergence", "klDivergence", "classes", {}
    yield "Poisson", "poisson", "classes", {}
    for name in ("BinaryCrossentropy", "CategoricalCrossentropy", "SparseCategoricalCrossentropy"):
        own = name[0].lower() + name[1:]
        yield name, own, "classes", {}
        yield name, own, "logits" if name.startswith("Binary") else "classes", {"from_logits": True}
        if not name.startswith("Sparse"):
            yield name, own, "classes", {"label_smoothing": 0.1}


def keras_golden(name, own, data, options, weighted):
    def make():
        return getattr(keras.metrics, name)(**options)

    return {
        "keras": f"keras.metrics.{name}",
        "metric": own,
        "options": {camel(key): value for key, value in options.items()},
        "data": data,
        "weighted": weighted,
        "result": run(make, data, weighted, name.startswith("Sparse")),
    }


def calibration(data, weights, bins):
    targets = np.concatenate([batch[0] for batch in DATA[data]]).astype(np.float64)
    predictions = np.concatenate([batch[1] for batch in DATA[data]]).astype(np.float64)
    confidence, right = predictions.max(1), predictions.argmax(1) == targets.argmax(1)
    if targets.shape[1] == 1:
        yes = predictions[:, 0] > 0.5
        confidence, right = np.where(yes, predictions[:, 0], 1 - predictions[:, 0]), yes == (targets[:, 0] == 1)
    error = 0.0
    for low, high in zip(np.arange(bins) / bins, np.arange(1, bins + 1) / bins):
        inside = (confidence > low) & (confidence <= high)
        error += abs(np.sum(weights[inside] * right[inside]) - np.sum(weights[inside] * confidence[inside]))
    return error / np.sum(weights)


def others(data, weighted):
    weights = np.concatenate([batch[2] for batch in DATA[data]]).astype(np.float64)
    weights = weights if weighted else np.ones_like(weights)
    width = DATA[data][0][0].shape[1]

    def classes(index):
        rows = np.concatenate([batch[index] for batch in DATA[data]])
        return (rows[:, 0] > 0.5).astype(int) if width == 1 else np.argmax(rows, 1)

    true, predicted = classes(0), classes(1)
    correlation = {"scikit-learn": "sklearn.metrics.matthews_corrcoef", "metric": "matthewsCorrelation"}
    error = {"formula": "expected calibration error", "metric": "expectedCalibrationError"}
    rows = [
        (correlation, {}, matthews_corrcoef(true, predicted, sample_weight=weights)),
        (error, {}, calibration(data, weights, 15)),
        (error, {"bins": 4}, calibration(data, weights, 4)),
    ]
    for kind in (None, "linear", "quadratic"):
        kappa = cohen_kappa_score(true, predicted, labels=range(max(2, width)), weights=kind, sample_weight=weights)
        name = {"scikit-learn": "sklearn.metrics.cohen_kappa_score", "metric": "cohenKappa"}
        rows.append((name, {"weights": kind}, kappa))
    return [
        {**name, "options": options, "data": data, "weighted": weighted, "result": float(value)}
        for name, options, value in rows
    ]


def main():
    cases = [keras_golden(*case, weighted) for case in keras_cases() for weighted in (False, True)]
    cases += [row for data in ("classes", "single") for weighted in (False, True) for row in others(data, weighted)]
    head = {
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        "scikit-learn": sklearn.__version__,
        "data": {
            name: [{"targets": t.tolist(), "predictions": p.tolist(), "weights": w.tolist()} for t, p, w in batches]
            for name, batches in DATA.items()
        },
    }
    head = json.loads(json.dumps(head), parse_float=lambda text: round(float(text), 6))
    rows = ",\n".join(json.dumps(row, separators=(",", ":")) for row in cases)
    path = pathlib.Path(__file__).parent.parent / "test" / "golden" / "metrics.json"
    path.write_text(f'{json.dumps(head, separators=(",", ":"))[:-1]},"metrics":[\n{rows}\n]}}\n')


main()
