"""Times training steps of the 13-layer network in PyTorch's eager mode with channels_last, batch 32, 150x150x3.

Reads a number of steps per line from standard input and answers with the milliseconds of each, as JSON, so that the
caller can take turns with another engine. `python torch_train_step.py THREADS`
"""

import json
import sys
import time

import torch
from torch import nn

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(0)
network = nn.Sequential(
    *(nn.Conv2d(3, 32, 3), nn.ReLU(), nn.MaxPool2d(2)),
    *(nn.Conv2d(32, 32, 3), nn.ReLU(), nn.MaxPool2d(2)),
    *(nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)),
    *(nn.Flatten(), nn.Linear(64 * 17 * 17, 256), nn.ReLU(), nn.Dropout(0.4), nn.Linear(256, 4)),
).to(memory_format=torch.channels_last)
pictures = torch.rand(32, 3, 150, 150).to(memory_format=torch.channels_last)
labels = torch.randint(0, 4, (32,))
optimizer = torch.optim.RMSprop(network.parameters(), lr=1e-3)
measure = nn.CrossEntropyLoss()


def step():
    optimizer.zero_grad()
    loss = measure(network(pictures), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


print(json.dumps({"engine": f"PyTorch {torch.__version__}"}), flush=True)
for line in sys.stdin:
    times = []
    for _ in range(int(line)):
        start = time.perf_counter()
        step()
        times.append((time.perf_counter() - start) * 1e3)
    print(json.dumps(times), flush=True)
