"""The networks in PyTorch, in its own order of axes: `[batch, channels, height, width]`."""

import torch
from torch import nn

from protocol import network


def build(has_softmax):
    """A new network; without its softmax where the loss brings one."""
    layers = []
    shape = list(network["input"])
    for name, *options in network["layers"]:
        if name == "conv":
            filters, padding = options
            layers += [nn.Conv2d(shape[2], filters, 3, padding=1 if padding == "same" else 0), nn.ReLU()]
            lost = 0 if padding == "same" else 2
            shape = [shape[0] - lost, shape[1] - lost, filters]
        elif name == "pool":
            layers.append(nn.MaxPool2d(2))
            shape = [shape[0] // 2, shape[1] // 2, shape[2]]
        elif name == "flatten":
            layers.append(nn.Flatten())
            shape = [shape[0] * shape[1] * shape[2]]
        elif name == "dropout":
            layers.append(nn.Dropout(options[0]))
        else:
            units, activation = options
            layers.append(nn.Linear(shape[0], units))
            shape = [units]
            if activation == "relu":
                layers.append(nn.ReLU())
            elif has_softmax:
                layers.append(nn.Softmax(-1))
    return nn.Sequential(*layers)


def tensor_of(inputs):
    """Inputs as PyTorch orders them."""
    made = torch.from_numpy(inputs)
    return made.permute(0, 3, 1, 2).contiguous() if made.ndim == 4 else made
