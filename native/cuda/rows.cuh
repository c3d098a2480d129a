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
  uint32_t inverse;  // ⌈2^32 / width⌉: exact for the numbers of a block of several rows
};

__device__ __forceinline__ int32_t rowOf(const Block& block, int32_t width, int32_t at) {
  if (width == 1) return at;
  return block.rows == 1 ? 0 : (int32_t)__umulhi((uint32_t)at, block.inverse);
}

/** What a block reads of the call again and again, in its own memory. */
struct ChainTable {
  cuda::ChainInstruction code[cuda::CHAIN_OPS_MAX];
  cuda::ChainSlot slots[cuda::CHAIN_SLOTS_MAX];
};
static_assert(sizeof(cuda::ChainInstruction) % 4 == 0, "tables are copied in words");

/**
 * Copies by all threads at once. Read one by one where they are passed, each entry would be waited
 * for in turn.
 */
template <typename T>
__device__ __forceinline__ void copyEntries(T* into, const T* from, int count) {
  const int words = count * (int)(sizeof(T) / 4);
  for (int i = threadIdx.x; i < words; i += blockDim.x) {
    ((uint32_t*)into)[i] = ((const uint32_t*)from)[i];
  }
}

__device__ __forceinline__ View viewOf(const ChainTable& table, int64_t tempFloats, int slot,
                                       const Block& block, float* temporaries) {
  const cuda::ChainSlot& s = table.slots[slot];
  if (s.data == nullptr) return {temporaries + s.temporary * tempFloats, s.rowStep, s.step};
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
      const int32_t row = rowOf(block, width, at);
      values[i] = rule(row, at - row * width);
    }
#pragma unroll
    for (int i = 0; i < TOGETHER; i += 1) {
      const int32_t at = first + i * stride;
      const int32_t row = rowOf(block, width, at);
      y.data[row * y.rowStep + (at - row * width) * y.step] = values[i];
    }
  }
#pragma unroll 1
  for (; first < count; first += stride) {
    const int32_t row = rowOf(block, width, first);
    const int32_t column = first - row * width;
    y.data[row * y.rowStep + column * y.step] = rule(row, column);
  }
}

/** The same where operands and result are walked by one step over the whole block. */
template <typename Rule>
__device__ __forceinline__ void eachInLine(const View& a, const View& b, const View& y,
                                           int32_t count, const Rule& rule) {
  const int32_t stride = (int32_t)blockDim.x;
  const float* from = a.data + threadIdx.x * a.step;
  const float* other = b.data + threadIdx.x * b.step;
  float* to = y.data + threadIdx.x;
  const int32_t stepA = stride * a.step;
  const int32_t stepB = stride * b.step;
  int32_t left = count - (int32_t)threadIdx.x;
  for (; left > (TOGETHER - 1) * stride; left -= TOGETHER * stride) {
    float x[TOGETHER];
    float z[TOGETHER];
#pragma unroll
    for (int i = 0; i < TOGETHER; i += 1) {
      x[i] = from[i * stepA];
      z[i] = other[i * stepB];
    }
#pragma unroll
    for (int i = 0; i < TOGETHER; i += 1) to[i * stride] = rule(x[i], z[i]);
    from += TOGETHER * stepA;
    other += TOGETHER * stepB;
    to += TOGETHER * stride;
  }
#pragma unroll 1
  for (; left > 0; left -= stride) {
    *to = rule(*from, *other);
    from += stepA;
    other += stepB;
    to += stride;
  }
}

/** y = rule(a, b) over the block. */
template <typename Rule>
__device__ __forceinline__ void apply(const cuda::ChainInstruction& one, const View& a,
                                      const View& b, const View& y, const Block& block,
                                      int32_t width, const Rule& rule) {
  if (one.isInLine != 0) return eachInLine(a, b, y, block.rows * width, rule);
  eachElement(y, block, width, [&](int32_t row, int32_t column) {
    return rule(a.at(row, column), b.at(row, column));
  });
}

__device__ __forceinline__ void runInstruction(const cuda::ChainInstruction& one, const View& a,
                                               const View& b, const View& y, const Block& block) {
  const int32_t width = one.isRows != 0 ? 1 : block.width;
#define VIVIAN_CASE(kind, expression)                                                     \
  case kind:                                                                            \
    return apply(one, a, b, y, block, width, [](float x, float z) { return expression; });
  switch (one.op) {
    case SUM:
    case MEAN:
    case MAX: return reduceRows(one, a, y, block);
    case BIAS:
    VIVIAN_CASE(ADD, addCanonical(x, z))
    VIVIAN_CASE(SUB, subCanonical(x, z))
    VIVIAN_CASE(MUL, mulCanonical(x, z))
    VIVIAN_CASE(DIV, divCanonical(x, z))
    VIVIAN_CASE(RELU_GRADIENT, x > 0.0f ? z : 0.0f)
    VIVIAN_CASE(GELU_GRADIENT, ofTwo(GELU_GRADIENT, x, z))
    VIVIAN_CASE(SQRT, sqrtCanonical(x))
    VIVIAN_CASE(EXP, expCanonical(x))
    VIVIAN_CASE(LOG, logCanonical(x))
    VIVIAN_CASE(RELU, x > 0.0f ? x : 0.0f)
    VIVIAN_CASE(GELU, geluCanonical(x))
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
#undef VIVIAN_CASE
}

}  // namespace

extern "C" __global__ void __launch_bounds__(cuda::THREADS)
    chain(const __grid_constant__ cuda::ChainCall p) {
  extern __shared__ float own[];
  __shared__ ChainTable table;
  copyEntries(table.code, p.code, p.instructions);
  copyEntries(table.slots, p.slots, p.slotCount);
  __syncthreads();
  const int64_t size = p.tempFloats;
  float* temporaries =
      p.scratch == nullptr ? own : p.scratch + blockIdx.x * p.temporaries * size;
  const int instructions = p.instructions;
  for (int64_t at = blockIdx.x; at < p.blocks; at += gridDim.x) {
    const int64_t first = at * p.blockRows;
    const Block block = {first, (int32_t)smaller(p.blockRows, p.rows - first), p.width,
                         p.inverse};
    for (int i = 0; i < instructions; i += 1) {
      const cuda::ChainInstruction& one = table.code[i];
      if (one.waits != 0) __syncthreads();
      const View a = viewOf(table, size, one.a, block, temporaries);
      const View b = viewOf(table, size, one.b, block, temporaries);
      runInstruction(one, a, b, viewOf(table, size, one.target, block, temporaries), block);
    }
    __syncthreads();
  }
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
