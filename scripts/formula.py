"""Weights and pictures by a formula on whole numbers; test/support/formula.ts computes the same in TypeScript, so that
goldens of whole trainings hold neither."""

import numpy as np


def mixed(numbers):
    """A 32-bit hash of each whole number."""
    x = (numbers.astype(np.uint64) + 1) * 2654435761 % 2**32
    x = (x ^ (x >> 16)) * 2246822519 % 2**32
    return x ^ (x >> 13)


def uniform(shape, salt):
    """Numbers in [-1, 1)."""
    count = int(np.prod(shape))
    return (mixed(np.arange(count) + salt * 1_000_003) / 2**31 - 1).reshape(shape)


def weight(name, shape, salt):
    """Glorot's range for kernels, ones for scales and variances, zeros for biases and means."""
    if len(shape) == 1:
        return np.full(shape, name in ("gamma", "moving_variance"), np.float32)
    window = int(np.prod(shape[:-2]))
    limit = np.sqrt(6 / (window * shape[-2] + window * shape[-1]))
    return (uniform(shape, salt) * limit).astype(np.float32)


def weights(model):
    return [weight(variable.name, variable.shape, salt) for salt, variable in enumerate(model.weights)]


def perturbed(values, change):
    """Each weight changed by a millionth of itself, up or down by the formula; change 0 changes nothing."""
    if change == 0:
        return values
    return [(value * (1 + 1e-6 * np.sign(uniform(value.shape, 900 + change)))).astype(np.float32) for value in values]


def batch(step, task):
    """Pictures 0..255 whose stripes depend on their class, under noise, and one-hot rows. Where the task `moves`, the
    stripes of each picture begin elsewhere."""
    size, count, classes, salt = task["size"], task["batch"], task["classes"], task["salt"]
    examples = np.arange(count) + step * count
    labels = mixed(examples + 7_000_000 + salt * 100_003) % classes
    noise = mixed(np.arange(count * size * size * 3) + 9_000_000 + salt * 31_000_033 + step * 500_000) % task["noise"]
    start = mixed(examples + 8_000_000 + salt * 100_003) % 16 * task["moves"]
    k = labels.astype(np.int64)[:, None, None]
    row, column = np.arange(size)[None, :, None], np.arange(size)[None, None, :]
    stripes = (row * (k + 1) + column * (3 - k) + start.astype(np.int64)[:, None, None]) // 8 % 2
    pictures = noise.reshape(count, size, size, 3) + task["contrast"] * stripes[..., None].astype(np.uint64)
    return pictures.astype(np.uint8), np.eye(classes, dtype=np.float32)[labels]
