# The standard transformer step in PyTorch: 4 pre-norm layers, 256 wide, 4 heads, 128 tokens, batch
# 8, tied head, AdamW. Started with the number of threads. Answers seconds per step for each number
# read: of the processor where there is one thread, on the clock where there are several.
import sys
import time

import torch
from torch import nn

WIDTH, TOKENS, BATCH, VOCABULARY, LAYERS, HEADS = 256, 128, 8, 128, 4, 4
threads = int(sys.argv[1])
torch.set_num_threads(threads)
torch.manual_seed(1)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm_1, self.norm_2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.query, self.key = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.value, self.mix = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.mlp = nn.Sequential(
            nn.Linear(WIDTH, 4 * WIDTH), nn.GELU(), nn.Linear(4 * WIDTH, WIDTH)
        )
        mask = torch.full((TOKENS, TOKENS), float("-inf")).triu(1)
        self.register_buffer("mask", mask)

    def forward(self, x):
        y = self.norm_1(x)
        split = (BATCH, TOKENS, HEADS, WIDTH // HEADS)
        query = self.query(y).view(split).transpose(1, 2) * (WIDTH // HEADS) ** -0.5
        key = self.key(y).view(split).transpose(1, 2)
        value = self.value(y).view(split).transpose(1, 2)
        weights = torch.softmax(query @ key.transpose(2, 3) + self.mask, -1)
        x = x + self.mix((weights @ value).transpose(1, 2).reshape(BATCH, TOKENS, WIDTH))
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
        return y @ self.table.weight.t()


model = Transformer()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.95), weight_decay=0.1)
loss_of = nn.CrossEntropyLoss()
samples = torch.randint(0, VOCABULARY, (BATCH, TOKENS + 1))


def step():
    optimizer.zero_grad()
    logits = model(samples[:, :TOKENS])
    loss = loss_of(logits.reshape(-1, VOCABULARY), samples[:, 1:].reshape(-1))
    loss.backward()
    optimizer.step()
    return loss.item()


first = step()
for _ in range(4):
    last = step()
assert last < first, "the peer does not learn"
print("torch-" + torch.__version__, flush=True)
clock = time.process_time if threads == 1 else time.perf_counter
for line in sys.stdin:
    count = int(line)
    began = clock()
    for _ in range(count):
        step()
    print((clock() - began) / count, flush=True)
