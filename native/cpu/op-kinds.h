// Decides which ops exist here and what they are called in program bytes (ARCHITECTURE.md,
// section 12 "Ops").
#pragma once

#define VIVIAN_OPS(X)                                                      \
  X(LOAD, "load", load)                                                    \
  X(SLICE, "slice", slice)                                                 \
  X(RESHAPE, "reshape", reshape)                                           \
  X(TRANSPOSE, "transpose", transpose)                                     \
  X(ONE_HOT, "one-hot", oneHot)                                            \
  X(CONSTANT, "constant", constant)                                        \
  X(SCHEDULE, "schedule", schedule)                                        \
  X(ADD, "add", add)                                                       \
  X(SUB, "sub", sub)                                                       \
  X(MUL, "mul", mul)                                                       \
  X(DIV, "div", div)                                                       \
  X(SQRT, "sqrt", sqrt)                                                    \
  X(EXP, "exp", exp)                                                       \
  X(LOG, "log", log)                                                       \
  X(RELU, "relu", relu)                                                    \
  X(RELU_GRADIENT, "relu-gradient", reluGradient)                          \
  X(BIAS, "bias", bias)                                                    \
  X(MATMUL, "matmul", matmul)                                              \
  X(CONV2D, "conv2d", conv2d)                                              \
  X(CONV2D_GRADIENT_INPUT, "conv2d-gradient-input", conv2dGradientInput)   \
  X(CONV2D_GRADIENT_FILTER, "conv2d-gradient-filter", conv2dGradientFilter) \
  X(MAX_POOL, "max-pool", maxPool)                                         \
  X(MAX_POOL_GRADIENT, "max-pool-gradient", maxPoolGradient)               \
  X(SUM, "sum", sum)                                                       \
  X(MAX, "max", max)                                                       \
  X(MEAN, "mean", mean)                                                    \
  X(BATCH_MATMUL, "batch-matmul", batchMatmul)                             \
  X(EMBEDDING, "embedding", embedding)                                     \
  X(EMBEDDING_GRADIENT, "embedding-gradient", embeddingGradient)           \
  X(SIGMOID, "sigmoid", sigmoid)                                           \
  X(TANH, "tanh", tanh)                                                    \
  X(ERF, "erf", erf)                                                       \
  X(GELU, "gelu", gelu)                                                    \
  X(GELU_GRADIENT, "gelu-gradient", geluGradient)                          \
  X(SIN, "sin", sin)                                                       \
  X(COS, "cos", cos)                                                       \
  X(CAUSAL_MASK, "causal-mask", causalMask)                                \
  X(RANGE, "range", range)                                                 \
  X(PAD, "pad", pad)                                                       \
  X(DROPOUT_MASK, "dropout-mask", dropoutMask)

namespace vivian {

enum OpKind : int {
#define VIVIAN_OP(kind, name, function) kind,
  VIVIAN_OPS(VIVIAN_OP)
#undef VIVIAN_OP
      OP_KINDS
};

}  // namespace vivian
