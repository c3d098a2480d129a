// Decides a chain of element-wise ops and reductions of rows in one pass (native/cpu/row-call.h): a
// block takes some rows at a time and does op after op on them, so that values between the ops stay
// in its own memory. An element is always the same thread's; only numbers a row cross over.
#pragma once
#include "scalar-ops.cuh"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

/** A slot at the block at work. */
struct View {
  float* data;
  int32_t rowStep, step;
  __device__ __forceinline__ float at(int32_t row, int32_t column) const {
    return data[row * rowStep + column * step];
  }
};

struct Block {
  int64_t first;
  int32_t rows, width;
};

__device__ __forceinline__ View viewOf(const cuda::ChainCall& p, int slot, const Block& block,
                                       float* temporaries) {
  const cuda::ChainSlot& s = p.slots[slot];
  if (s.data == nullptr) return {temporaries + s.temporary * p.tempFloats, s.rowStep, s.step};
  return {s.data + block.first * s.rowStep, s.rowStep, s.step};
}

/** sum, mean or max of rows: a warp a row. */
__device__ __forceinline__ void reduceRows(const cuda::ChainInstruction& one, const View& x,
                                           const View& y, const Block& block) {
  const int lane = threadIdx.x % 32;
  for (int32_t row = threadIdx.x / 32; row < block.rows; row += blockDim.x / 32) {
    if (one.op == MAX) {
      float best = x.at(row, 0);
      for (int32_t c = lane; c < block.width; c += 32) {
        const float value = x.at(row, c);
        best = value > best ? value : best;
      }
      best = greatestOfWarp(best);
      if (lane == 0) y.data[row] = best;
      continue;
    }
    int32_t largest = 0;
    for (int32_t c = lane; c < block.width; c += 32) {
      const int32_t magnitude = bitsOf(x.at(row, c)) & MAGNITUDE_MASK;
      largest = magnitude > largest ? magnitude : largest;
    }
    largest = largestOfWarp(largest);
    const float scale = sumScale(largest);
    int64_t sum = 0;
    for (int32_t c = lane; c < block.width; c += 32) sum += roundWide(x.at(row, c) * scale);
    sum = sumOfWarp(sum);
    const float divisor = one.op == MEAN ? (float)block.width : 0.0f;
    if (lane == 0) y.data[row] = finishedSum(sum, largest, divisor);
  }
}

/** Elements that a thread has in hand at a time, so that their latencies hide each other. */
constexpr int TOGETHER = 4;

/** y of every element of the block by `rule` of its row and column. */
template <typename Rule>
__device__ __forceinline__ void eachElement(const View& y, const Block& block, int32_t width,
                                            const Rule& rule) {
  const int32_t count = block.rows * width;
  const int32_t stride = (int32_t)blockDim.x;
  int32_t first = threadIdx.x;
  for (; first + (TOGETHER - 1) * stride < count; first += TOGETHER * stride) {
    float values[TOGETHER];
#pragma unroll
    for (int i = 0; i < TOGETHER; i += 1) {
      const int32_t at = first + i * stride;
      const int32_t row = width == 1 ? at : at / width;
      values[i] = rule(row, at - row * width);
    }
#pragma unroll
    for (int i = 0; i < TOGETHER; i += 1) {
      const int32_t at = first + i * stride;
      const int32_t row = width == 1 ? at : at / width;
      y.data[row * y.rowStep + (at - row * width) * y.step] = values[i];
    }
  }
#pragma unroll 1
  for (; first < count; first += stride) {
    const int32_t row = width == 1 ? first : first / width;
    const int32_t column = first - row * width;
    y.data[row * y.rowStep + column * y.step] = rule(row, column);
  }
}

__device__ __forceinline__ void runInstruction(const cuda::ChainInstruction& one, const View& a,
                                               const View& b, const View& y, const Block& block) {
  const int32_t width = one.isRows != 0 ? 1 : block.width;
#define VIVIAN_ONE(kind, expression)                                                    \
  case kind:                                                                            \
    return eachElement(y, block, width, [&](int32_t row, int32_t column) {              \
      const float x = a.at(row, column);                                                \
      return expression;                                                                \
    });
#define VIVIAN_TWO(kind, expression)                                                    \
  case kind:                                                                            \
    return eachElement(y, block, width, [&](int32_t row, int32_t column) {              \
      const float x = a.at(row, column);                                                \
      const float z = b.at(row, column);                                                \
      return expression;                                                                \
    });
  switch (one.op) {
    case SUM:
    case MEAN:
    case MAX: return reduceRows(one, a, y, block);
    case BIAS:
    VIVIAN_TWO(ADD, addCanonical(x, z))
    VIVIAN_TWO(SUB, subCanonical(x, z))
    VIVIAN_TWO(MUL, mulCanonical(x, z))
    VIVIAN_TWO(DIV, divCanonical(x, z))
    VIVIAN_TWO(RELU_GRADIENT, x > 0.0f ? z : 0.0f)
    VIVIAN_TWO(GELU_GRADIENT, ofTwo(GELU_GRADIENT, x, z))
    VIVIAN_ONE(SQRT, sqrtCanonical(x))
    VIVIAN_ONE(EXP, expCanonical(x))
    VIVIAN_ONE(LOG, logCanonical(x))
    VIVIAN_ONE(RELU, x > 0.0f ? x : 0.0f)
    VIVIAN_ONE(GELU, geluCanonical(x))
    case CAUSAL_MASK:
      return eachElement(y, block, width, [&](int32_t row, int32_t column) {
        const int64_t open = (block.first + row) % one.period + (int64_t)one.attributes[0];
        return column <= open ? a.at(row, column) : floatOf(one.attributes[1]);
      });
    default:
      return eachElement(y, block, width, [&](int32_t row, int32_t column) {
        return ofOne(one.op, a.at(row, column));
      });
  }
#undef VIVIAN_ONE
#undef VIVIAN_TWO
}

}  // namespace

extern "C" __global__ void __launch_bounds__(cuda::THREADS)
    chain(const __grid_constant__ cuda::ChainCall p) {
  extern __shared__ float own[];
  float* temporaries =
      p.scratch == nullptr ? own : p.scratch + blockIdx.x * p.temporaries * p.tempFloats;
  for (int64_t at = blockIdx.x; at < p.blocks; at += gridDim.x) {
    const int64_t first = at * p.blockRows;
    const Block block = {first, (int32_t)smaller(p.blockRows, p.rows - first), p.width};
    for (int i = 0; i < p.instructions; i += 1) {
      const cuda::ChainInstruction& one = p.code[i];
      if (one.waits != 0) __syncthreads();
      const View a = viewOf(p, one.a, block, temporaries);
      const View b = viewOf(p, one.b, block, temporaries);
      runInstruction(one, a, b, viewOf(p, one.target, block, temporaries), block);
    }
    __syncthreads();
  }
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
