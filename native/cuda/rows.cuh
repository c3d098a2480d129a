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
    return data[(int64_t)row * rowStep + column * step];
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

__device__ __forceinline__ void runInstruction(const cuda::ChainInstruction& one, const View& a,
                                               const View& b, const View& y, const Block& block) {
  if (one.op == SUM || one.op == MEAN || one.op == MAX) return reduceRows(one, a, y, block);
  const bool two = isOfTwo(one.op);
  const int32_t width = one.isRows != 0 ? 1 : block.width;
  const int32_t count = block.rows * width;
  for (int32_t i = threadIdx.x; i < count; i += blockDim.x) {
    const int32_t row = width == 1 ? i : i / width;
    const int32_t column = width == 1 ? 0 : i - row * width;
    float value;
    if (one.op == CAUSAL_MASK) {
      const int64_t open = (block.first + row) % one.period + (int64_t)one.attributes[0];
      value = column <= open ? a.at(row, column) : floatOf(one.attributes[1]);
    } else {
      value = two ? ofTwo(one.op, a.at(row, column), b.at(row, column))
                  : ofOne(one.op, a.at(row, column));
    }
    y.data[(int64_t)row * y.rowStep + column * y.step] = value;
  }
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
      runInstruction(one, viewOf(p, one.a, block, temporaries), viewOf(p, one.b, block, temporaries),
                     viewOf(p, one.target, block, temporaries), block);
    }
    __syncthreads();
  }
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
