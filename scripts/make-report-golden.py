"""Writes test/golden/classification-report.json: what scikit-learn reports and prints for a few sets of answers.

Run it in a Python environment with scikit-learn: python scripts/make-report-golden.py
"""

import json
import pathlib

import numpy
import sklearn
from sklearn.metrics import classification_report, confusion_matrix

CELLS = ["EOSINOPHIL", "LYMPHOCYTE", "MONOCYTE", "NEUTROPHIL"]


def random_answers(seed, count, classes, right):
    """True and predicted classes, of which about the share `right` agree."""
    random = numpy.random.default_rng(seed)
    true = random.integers(0, classes, count)
    wrong = random.integers(0, classes, count)
    return true.tolist(), numpy.where(random.random(count) < right, true, wrong).tolist()


def answers_of(matrix):
    """True and predicted classes with this confusion matrix."""
    cells = [(t, p) for t, row in enumerate(matrix) for p, n in enumerate(row) for _ in range(n)]
    return [t for t, _ in cells], [p for _, p in cells]


def cases():
    yield "four classes", CELLS, *random_answers(1, 498, 4, 0.9), 2
    yield "four digits", CELLS, *random_answers(2, 131, 4, 0.4), 4
    yield "two classes", ["no", "yes"], *random_answers(3, 57, 2, 0.8), 2
    yield "a class that is never answered, and one without pictures", ["a", "b", "c", "d"], [0, 1, 1, 2], [0, 1, 1, 1], 2
    yield "an answer without pictures", ["a", "b", "c"], [0, 0, 1, 1], [0, 2, 1, 2], 2
    yield "all wrong", ["a", "b"], [0, 0, 1], [1, 1, 0], 2
    yield "halves between two decimals", ["1/8", "3/8", "5/8"], *answers_of([[1, 5, 1], [0, 3, 2], [7, 0, 5]]), 2
    yield "one digit", ["x", "y"], *answers_of([[1, 3], [5, 15]]), 1
    yield "long and foreign names", ["a name longer than the heading", "señal ñ", "細胞", "\U0001f9eb cell"], *random_answers(4, 80, 4, 0.5), 2
    yield "eleven classes", [f"class {k}" for k in range(11)], *random_answers(5, 700, 11, 0.7), 3
    yield "two hundred classes", [f"c{k}" for k in range(200)], *random_answers(6, 1500, 200, 0.6), 4


def main():
    recorded = []
    for name, names, true, predicted, digits in cases():
        labels = list(range(len(names)))
        options = {"labels": labels, "target_names": names, "digits": digits, "zero_division": 0.0}
        recorded.append(
            {
                "scikit-learn": "sklearn.metrics.classification_report",
                "name": name,
                "classNames": names,
                "trueClasses": true,
                "predictedClasses": predicted,
                "digits": digits,
                "matrix": confusion_matrix(true, predicted, labels=labels).tolist() if len(names) < 20 else None,
                "values": classification_report(true, predicted, output_dict=True, **options),
                "text": classification_report(true, predicted, **options),
            }
        )
    golden = {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__, "cases": recorded}
    target = pathlib.Path(__file__).parent.parent / "test" / "golden" / "classification-report.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
