"""Writes test/golden/optimizers.json and test/golden/schedules.json: ten steps of each optimizer of Keras 3 in each of its
modes, and the learning rates of its schedules; one-cycle, which Keras lacks, is PyTorch's.

Optimizers run on TensorFlow. Run it in throw-away virtual environments, which need not be the same:
    python scripts/make-optimizer-golden.py optimizers     (pip install keras tensorflow)
    python scripts/make-optimizer-golden.py schedules      (pip install keras tensorflow)
    python scripts/make-optimizer-golden.py one-cycle      (pip install torch)
"""

import json
import pathlib
import sys

FOLDER = pathlib.Path(__file__).parent.parent / "test" / "golden"
START = {"kernel": [[0.5, -1.0], [2.0, 1e-3], [3.0, -0.25]], "bias": [0.0, 0.1]}
STEPS = 10
CLASSES = {
    "sgd": "SGD",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adamW": "AdamW",
    "adamax": "Adamax",
    "nadam": "Nadam",
    "adagrad": "Adagrad",
    "adadelta": "Adadelta",
    "lion": "Lion",
    "ftrl": "Ftrl",
}
MODES = {
    "sgd": [{}, {"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}],
    "rmsprop": [{}, {"momentum": 0.5}, {"centered": True}, {"momentum": 0.5, "centered": True, "rho": 0.8}],
    "adam": [{}, {"amsgrad": True}, {"beta_1": 0.8, "beta_2": 0.95, "learning_rate": 0.01, "epsilon": 1e-3}],
    "adamW": [{}, {"amsgrad": True, "weight_decay": 0.1, "learning_rate": 0.02}],
    "adamax": [{}, {"beta_1": 0.8, "beta_2": 0.95, "learning_rate": 0.01}],
    "nadam": [{}, {"beta_1": 0.8, "beta_2": 0.95, "learning_rate": 0.01}],
    "adagrad": [{}, {"initial_accumulator_value": 0.5, "learning_rate": 0.1}],
    "adadelta": [{}, {"learning_rate": 1.0, "rho": 0.9}],
    "lion": [{}, {"beta_1": 0.5, "beta_2": 0.9, "learning_rate": 0.01}],
    "ftrl": [
        {},
        {"l1_regularization_strength": 0.5, "l2_regularization_strength": 0.2, "learning_rate": 0.5},
        {"learning_rate_power": -0.7, "beta": 0.3, "l2_shrinkage_regularization_strength": 0.1, "learning_rate": 0.1},
        {"learning_rate_power": 0.0, "learning_rate": 0.1, "initial_accumulator_value": 0.0},
    ],
}
# Options that all optimizers have, each with two that differ in what they keep.
COMMON = [
    ("sgd", {"learning_rate": 0.1, "clipvalue": 0.3}),
    ("adam", {"learning_rate": 0.1, "clipvalue": 0.3}),
    ("sgd", {"learning_rate": 0.1, "clipnorm": 0.5}),
    ("adam", {"learning_rate": 0.1, "clipnorm": 0.5}),
    ("sgd", {"learning_rate": 0.1, "global_clipnorm": 0.5}),
    ("rmsprop", {"learning_rate": 0.1, "global_clipnorm": 0.5}),
    ("sgd", {"learning_rate": 0.1, "momentum": 0.9, "weight_decay": 0.2}),
    ("lion", {"learning_rate": 0.01, "weight_decay": 0.5}),
    ("adamW", {"learning_rate": 0.1, "weight_decay": 0.2, "exclude": ["bias"]}),
    ("sgd", {"learning_rate": 0.1, "use_ema": True, "ema_momentum": 0.8}),
    ("adam", {"learning_rate": 0.1, "use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 3}),
    ("sgd", {"learning_rate": 0.1, "gradient_accumulation_steps": 3}),
    ("adam", {"learning_rate": 0.1, "gradient_accumulation_steps": 2, "clipnorm": 0.5, "weight_decay": 0.1}),
    ("nadam", {"learning_rate": 0.1, "gradient_accumulation_steps": 4}),
    (
        "rmsprop",
        {
            "learning_rate": 0.1,
            "gradient_accumulation_steps": 2,
            "use_ema": True,
            "ema_momentum": 0.6,
            "ema_overwrite_frequency": 2,
            "constraint": {"max_value": 1.5},
        },
    ),
    ("sgd", {"learning_rate": 0.2, "momentum": 0.5, "constraint": {"max_value": 1.0}}),
    ("adam", {"schedule": ("ExponentialDecay", [0.1, 2, 0.5])}),
    ("adamW", {"schedule": ("CosineDecay", [0.1, 8]), "weight_decay": 0.1}),
    ("sgd", {"schedule": ("InverseTimeDecay", [0.1, 1, 0.5]), "gradient_accumulation_steps": 2}),
]


def camel(name):
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def gradients(step):
    """Ones that change sign, vanish and differ in size."""
    import numpy as np

    kernel = [[np.sin(step), 1.0], [-0.1 * step, 1e-4 * (-1) ** step], [0.0, np.cos(step)]]
    return {"kernel": np.array(kernel, np.float32), "bias": np.array([0.01 * step, -2.0], np.float32)}


def numbers(array):
    """As few digits as say which float32 it is."""
    import numpy as np

    return [float(str(number)) for number in np.asarray(array, np.float32).ravel()]


def optimizer_case(name, given):
    import keras
    import tensorflow as tf

    options = dict(given)
    constraint = options.pop("constraint", None)
    excluded = options.pop("exclude", None)
    schedule = options.pop("schedule", None)
    kernel_constraint = keras.constraints.MaxNorm(**constraint) if constraint else None
    weights = []
    for key, start in START.items():
        weight = keras.Variable(start, dtype="float32", name=key)
        if key == "kernel" and kernel_constraint:
            weight.constraint = kernel_constraint
        weights.append(weight)
    if schedule:
        kind, arguments = schedule
        options["learning_rate"] = getattr(keras.optimizers.schedules, kind)(*arguments)
    optimizer = getattr(keras.optimizers, CLASSES[name])(**options)
    if excluded:
        optimizer.exclude_from_weight_decay(var_names=excluded)
    path = []
    for step in range(STEPS):
        optimizer.apply([tf.constant(gradient) for gradient in gradients(step).values()], weights)
        path.append(numbers(weights[0]) + numbers(weights[1]))
    final = None
    if options.get("use_ema"):
        optimizer.finalize_variable_values(weights)
        final = numbers(weights[0]) + numbers(weights[1])
    plain = {camel(key): value for key, value in options.items() if key != "learning_rate" or not schedule}
    if excluded:
        plain["excludeFromWeightDecay"] = excluded
    if schedule:
        config = options["learning_rate"].get_config()
        kept = {camel(key): value for key, value in config.items() if key != "name" and value is not None}
        plain["learningRate"] = {"name": kind[0].lower() + kind[1:], "config": kept}
    return {
        "keras": f"keras.optimizers.{CLASSES[name]}",
        "optimizer": name,
        "options": plain,
        **({"maxNorm": constraint["max_value"]} if constraint else {}),
        "path": path,
        **({"final": final} if final else {}),
    }


def write(name, golden):
    lines = ",\n".join(json.dumps(case) for case in golden["cases"])
    head = json.dumps({key: value for key, value in golden.items() if key != "cases"})[:-1]
    (FOLDER / name).write_text(f'{head}, "cases": [\n{lines}\n]}}\n')


def make_optimizers():
    import keras

    cases = [optimizer_case(name, options) for name, all in MODES.items() for options in all]
    cases += [optimizer_case(name, options) for name, options in COMMON]
    golden = {
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        "start": [number for row in START["kernel"] for number in row] + START["bias"],
        "gradients": [numbers(g["kernel"]) + numbers(g["bias"]) for g in map(gradients, range(STEPS))],
        "cases": cases,
    }
    write("optimizers.json", golden)


SCHEDULES = [
    ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5}),
    ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.96, "staircase": True}),
    ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 5, "decay_rate": 0.5}),
    ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 5, "decay_rate": 0.5, "staircase": True}),
    ("PiecewiseConstantDecay", {"boundaries": [3, 20, 31], "values": [1.0, 0.5, 0.25, 0.1]}),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 30}),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 30, "end_learning_rate": 0.01, "power": 2.0}),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 12, "power": 0.5, "cycle": True}),
    ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 30}),
    ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 30, "alpha": 0.1}),
    (
        "CosineDecay",
        {"initial_learning_rate": 0.01, "decay_steps": 20, "alpha": 0.1, "warmup_target": 0.5, "warmup_steps": 8},
    ),
    ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 20, "warmup_steps": 8}),
    ("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 7}),
    ("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 10, "t_mul": 1.0, "m_mul": 0.8}),
    (
        "CosineDecayRestarts",
        {"initial_learning_rate": 0.1, "first_decay_steps": 5, "t_mul": 1.5, "m_mul": 0.9, "alpha": 0.05},
    ),
]
ONE_CYCLES = [
    {"max_lr": 0.1, "total_steps": 50},
    {"max_lr": 0.1, "total_steps": 50, "pct_start": 0.25, "anneal_strategy": "linear", "div_factor": 10.0},
    {"max_lr": 0.1, "total_steps": 50, "three_phase": True, "final_div_factor": 100.0},
    {"max_lr": 0.1, "total_steps": 50, "three_phase": True, "anneal_strategy": "linear", "pct_start": 0.4},
]


def make_schedules():
    import keras

    def case(kind, options):
        schedule = getattr(keras.optimizers.schedules, kind)(**options)
        return {
            "keras": f"keras.optimizers.schedules.{kind}",
            "schedule": kind[0].lower() + kind[1:],
            "options": {camel(key): value for key, value in options.items()},
            "rates": numbers([float(schedule(step)) for step in range(50)]),
        }

    kept = [case for case in earlier("schedules.json") if "torch" in case]
    versions = {"keras": keras.__version__, "backend": keras.backend.backend()}
    write("schedules.json", {**versions, "cases": [case(*row) for row in SCHEDULES] + kept})


def make_one_cycle():
    import torch

    def case(options):
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0, momentum=0.9)
        scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, **options)
        rates = []
        for _ in range(options["total_steps"]):
            rates.append(scheduler.get_last_lr()[0])
            optimizer.step()
            scheduler.step()
        plain = {camel(key): value for key, value in options.items()}
        plain["maxLearningRate"] = plain.pop("maxLr")
        return {"torch": "torch.optim.lr_scheduler.OneCycleLR", "schedule": "oneCycle", "options": plain, "rates": rates}

    golden = json.loads((FOLDER / "schedules.json").read_text())
    golden["torch"] = torch.__version__
    golden["cases"] = [kept for kept in golden["cases"] if "torch" not in kept] + [case(row) for row in ONE_CYCLES]
    write("schedules.json", golden)


def earlier(name):
    path = FOLDER / name
    return json.loads(path.read_text())["cases"] if path.exists() else []


{"optimizers": make_optimizers, "schedules": make_schedules, "one-cycle": make_one_cycle}[sys.argv[1]]()
