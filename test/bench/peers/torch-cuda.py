# PyTorch on a CUDA device: a product ("f32 SIZE", "bf16 SIZE", "int8 SIZE"), or a standard step
# ("cnn", "transformer"), launched op by op ("eager") or as one graph ("graph"). Answers seconds of
# one for each number read.
import sys
import time

import torch
from torch import nn
from torch.nn import functional

torch.manual_seed(1)
torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False
device = torch.device("cuda")
kind, choice = sys.argv[1], sys.argv[2]
WIDTH, TOKENS, BATCH, VOCABULARY, LAYERS, HEADS = 256, 128, 8, 128, 4, 4


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm_1, self.norm_2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.all, self.mix = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.mlp = nn.Sequential(
            nn.Linear(WIDTH, 4 * WIDTH), nn.GELU(), nn.Linear(4 * WIDTH, WIDTH)
        )

    def forward(self, x):
        split = (BATCH, TOKENS, HEADS, WIDTH // HEADS)
        q, k, v = [y.view(split).transpose(1, 2) for y in self.all(self.norm_1(x)).chunk(3, -1)]
        y = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.mix(y.transpose(1, 2).reshape(BATCH, TOKENS, WIDTH))
        return x + self.mlp(self.norm_2(x))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(VOCABULARY, WIDTH)
        nn.init.normal_(self.table.weight, std=0.02)
        self.positions = nn.Parameter(0.02 * torch.randn(TOKENS, WIDTH))
        self.blocks = nn.Sequential(*[Block() for _ in range(LAYERS)])
        self.norm = nn.LayerNorm(WIDTH)

    def forward(self, tokens):
        y = self.norm(self.blocks(self.table(tokens) + self.positions))
        return (y @ self.table.weight.t()).reshape(-1, VOCABULARY)


def step_of(kind, is_graph):
    if kind == "cnn":
        model = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(1568, 10),
        ).to(device)
        inputs = torch.rand(64, 1, 28, 28, device=device)
        labels = torch.arange(64, device=device) % 10
    else:
        model = Transformer().to(device)
        samples = torch.randint(0, VOCABULARY, (BATCH, TOKENS + 1), device=device)
        inputs, labels = samples[:, :TOKENS], samples[:, 1:].reshape(-1)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, capturable=is_graph)
    loss_of = nn.CrossEntropyLoss()

    def step():
        optimizer.zero_grad()
        loss = loss_of(model(inputs), labels)
        loss.backward()
        optimizer.step()
        return loss

    first = step().item()
    for _ in range(4):
        last = step().item()
    assert last < first, "the peer does not learn"
    return step


def product_of(kind, size):
    if kind == "int8":
        a = torch.randint(-127, 128, (size, size), device=device, dtype=torch.int8)
        b = torch.randint(-127, 128, (size, size), device=device, dtype=torch.int8).t()
        return lambda: torch._int_mm(a, b)
    number = torch.float32 if kind == "f32" else torch.bfloat16
    a = torch.rand(size, size, device=device, dtype=number) - 0.5
    b = torch.rand(size, size, device=device, dtype=number) - 0.5
    return lambda: torch.mm(a, b)


is_graph = choice == "graph"
is_step = kind in ("cnn", "transformer")
run = step_of(kind, is_graph) if is_step else product_of(kind, int(choice))
if is_graph:
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            run()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        run()
    run = graph.replay
torch.cuda.synchronize()
print("torch-" + torch.__version__ + ("-graph" if is_graph else ""), flush=True)
for line in sys.stdin:
    count = int(line)
    for _ in range(3):
        run()
    torch.cuda.synchronize()
    began = time.perf_counter()
    for _ in range(count):
        run()
    torch.cuda.synchronize()
    print((time.perf_counter() - began) / count, flush=True)
