# The standard CNN step in PyTorch on one thread. Answers seconds per step for each number read.
import sys
import time

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(1)
model = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(1568, 10),
)
if sys.argv[1] == "adam-w":
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
else:
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-2, momentum=0.9)
loss_of = nn.CrossEntropyLoss()
images = (torch.rand(64, 1, 28, 28) * (torch.rand(64, 1, 28, 28) < 0.25)).contiguous()
labels = torch.arange(64) % 10


def step():
    optimizer.zero_grad()
    loss = loss_of(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


first = step()
for _ in range(4):
    last = step()
assert last < first, "the peer does not learn"
print("torch-" + torch.__version__, flush=True)
for line in sys.stdin:
    count = int(line)
    began = time.perf_counter()
    for _ in range(count):
        step()
    print((time.perf_counter() - began) / count, flush=True)
