"""PyTorch as its users run it: a loop of their own, `inference_mode` to predict.

Variants: `default`, `channels-last` (layout of pictures and weights) and `compile` (channels_last and `torch.compile`).
"""

import torch
from torch import nn

import protocol
from protocol import batch, kind, serve, threads, variant, workload
from torch_network import build, tensor_of

torch.set_num_threads(threads)
torch.manual_seed(0)
network = build(has_softmax=kind == "predict")
x = tensor_of(protocol.inputs())
if variant != "default" and x.ndim == 4:
    network = network.to(memory_format=torch.channels_last)
    x = x.to(memory_format=torch.channels_last)
run = torch.compile(network) if variant == "compile" else network
if kind == "predict":
    network.eval()
else:
    y = torch.from_numpy(protocol.labels())
    optimizers = {"rmsprop": torch.optim.RMSprop, "adam": torch.optim.Adam}
    optimizer = optimizers[workload["optimizer"]](network.parameters(), lr=1e-3)
    measure = nn.CrossEntropyLoss()


def train(inputs, labels):
    optimizer.zero_grad()
    loss = measure(run(inputs), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def step():
    if kind == "train":
        return train(x, y)
    if kind == "fit":
        for _ in range(workload["epochs"]):
            for chosen in torch.randperm(len(x)).split(batch):
                loss = train(x[chosen], y[chosen])
        return loss
    with torch.inference_mode():
        run(x).numpy()
    return None


names = {"default": "eager", "channels-last": "eager, channels_last", "compile": "compile, channels_last"}
serve(f"PyTorch {torch.__version__} {names[variant]}", step)
