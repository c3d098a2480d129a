# Trains a study of test/bench/accuracy in PyTorch, with its own gradients and its own optimizer
# loop, from the same start on the same batches. Started with a folder that holds study.json,
# weights.bin (f32, state after state) and batches.bin; prints its name, then the loss of each step.
import json
import math
import sys

import numpy
import torch
from torch.nn import functional as F

folder = sys.argv[1]
study = json.load(open(folder + "/study.json"))
torch.set_num_threads(1)
numbers = numpy.fromfile(folder + "/weights.bin", dtype="<f4")
raw = numpy.fromfile(folder + "/batches.bin", dtype=numpy.uint8)
raw = raw.reshape(study["steps"], study["batch"], -1)

weights, at = {}, 0
for name, shape in study["states"]:
    size = int(numpy.prod(shape))
    weights[name] = torch.tensor(numbers[at : at + size].reshape(shape), requires_grad=True)
    at += size


def linear(x, name):
    return x @ weights[name + "/weights"] + weights[name + "/bias"]


def norm(x, name):
    return F.layer_norm(x, x.shape[-1:], weights[name + "/gain"], weights[name + "/shift"], 1e-5)


def attention(x, name, heads):
    batch, tokens, width = x.shape
    parts = [
        linear(x, name + "/" + what).view(batch, tokens, heads, width // heads).transpose(1, 2)
        for what in ("query", "key", "value")
    ]
    scores = parts[0] @ parts[1].transpose(2, 3) / math.sqrt(width // heads)
    mask = torch.full((tokens, tokens), float("-inf")).triu(1)
    mixed = torch.softmax(scores + mask, -1) @ parts[2]
    return linear(mixed.transpose(1, 2).reshape(batch, tokens, width), name + "/attention")


def transformer(batch):
    tokens = torch.tensor(batch[:, :-1].astype(numpy.int64))
    x = weights["layer-0/table"][tokens] + weights["layer-0/positions"]
    for block in range(1, study["blocks"] + 1):
        name = "layer-%d" % block
        x = x + attention(norm(x, name + "/norm-1"), name, study["heads"])
        hidden = F.gelu(linear(norm(x, name + "/norm-2"), name + "/mlp-1"))
        x = x + linear(hidden, name + "/mlp-2")
    x = norm(x, "layer-%d" % (study["blocks"] + 1))
    return (x @ weights["layer-0/table"].t()).flatten(0, 1), batch[:, 1:].reshape(-1)


def convolve(x, name):
    filters = weights[name + "/weights"].permute(3, 2, 0, 1)
    return F.max_pool2d(torch.relu(F.conv2d(x, filters, weights[name + "/bias"], padding=1)), 2)


def convolutions(batch):
    pixels = torch.tensor(batch[:, :-1].astype(numpy.float32) / numpy.float32(255))
    x = convolve(convolve(pixels.view(-1, 1, 28, 28), "layer-0"), "layer-2")
    return linear(x.permute(0, 2, 3, 1).flatten(1), "layer-5"), batch[:, -1]


model = transformer if study["name"] == "gpt" else convolutions
moments = {name: (torch.zeros_like(w), torch.zeros_like(w)) for name, w in weights.items()}
beta1, beta2 = study["beta1"], study["beta2"]
print("torch-" + torch.__version__, flush=True)
losses = []
for step, batch in enumerate(raw, 1):
    logits, answers = model(batch)
    loss = F.cross_entropy(logits, torch.tensor(answers.astype(numpy.int64)))
    losses.append(loss.item())
    gradients = torch.autograd.grad(loss, list(weights.values()))
    scale = 1.0
    if study["clip"] is not None:
        whole = math.sqrt(sum(float((g * g).sum()) for g in gradients))
        scale = study["clip"] / max(whole, study["clip"])
    rate = study["rates"][step - 1]
    with torch.no_grad():
        for (name, w), g in zip(weights.items(), gradients):
            g = g * scale
            first, second = moments[name]
            first.mul_(beta1).add_(g, alpha=1 - beta1)
            second.mul_(beta2).addcmul_(g, g, value=1 - beta2)
            mean = first / (1 - beta1**step)
            root = (second / (1 - beta2**step)).sqrt()
            w -= rate * (mean / (root + study["epsilon"]) + study["decay"] * w)
print(json.dumps(losses), flush=True)
