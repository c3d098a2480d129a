// Decides embedding, its gradient, and pooling with its gradient.
#pragma once
#include "../cpu/token-row.h"
#include "scalar-ops.cuh"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {

extern "C" __global__ void __launch_bounds__(cuda::THREADS) embedding(cuda::TableCall p) {
  for (int64_t i = threadIndex(); i < p.positions * p.width; i += threadCount()) {
    const int64_t position = quotient(i, p.width);
    const int64_t row = tokenRow(p.tokens[position], p.rows);
    p.y[i] = row < 0 ? 0.0f : p.table[row * p.width + (i - position * p.width)];
  }
}

/** A block a row of the table and THREADS of its columns; it looks through all positions twice. */
extern "C" __global__ void __launch_bounds__(cuda::THREADS) embeddingGradient(cuda::TableCall p) {
  __shared__ int32_t held[cuda::THREADS];
  __shared__ int32_t count;
  const int64_t pieces = (p.width + cuda::THREADS - 1) / cuda::THREADS;
  const int64_t row = blockIdx.x / pieces;
  const int64_t column = blockIdx.x % pieces * cuda::THREADS + threadIdx.x;
  int32_t largest = 0;
  float scale = 1.0f;
  int64_t sum = 0;
  for (int pass = 0; pass < 2; pass += 1) {
    for (int64_t first = 0; first < p.positions; first += cuda::THREADS) {
      __syncthreads();
      if (threadIdx.x == 0) count = 0;
      __syncthreads();
      const int64_t at = first + threadIdx.x;
      if (at < p.positions && tokenRow(p.tokens[at], p.rows) == row) {
        held[atomicAdd(&count, 1)] = (int32_t)at;
      }
      __syncthreads();
      if (column >= p.width) continue;
      for (int32_t i = 0; i < count; i += 1) {
        const float value = p.dy[held[i] * p.width + column];
        if (pass == 0) {
          const int32_t magnitude = bitsOf(value) & MAGNITUDE_MASK;
          largest = magnitude > largest ? magnitude : largest;
        } else {
          sum += roundWide(value * scale);
        }
      }
    }
    scale = sumScale(largest);
  }
  if (column < p.width) p.y[row * p.width + column] = finishedSum(sum, largest, 0.0f);
}

extern "C" __global__ void __launch_bounds__(cuda::THREADS) maxPool(cuda::PoolCall p) {
  const int64_t count = p.n * p.oh * p.ow * p.c;
  for (int64_t i = threadIndex(); i < count; i += threadCount()) {
    const int64_t pixel = quotient(i, p.c);
    const int64_t line = quotient(pixel, p.ow);
    const int64_t n = quotient(line, p.oh);
    const int64_t c = i - pixel * p.c;
    const int64_t ow = pixel - line * p.ow;
    const int64_t oh = line - n * p.oh;
    const float* x = p.x + ((n * p.h + oh * p.stride) * p.w + ow * p.stride) * p.c + c;
    float best = x[0];
    for (int32_t a = 0; a < p.size; a += 1) {
      for (int32_t b = 0; b < p.size; b += 1) {
        const float one = x[(a * p.w + b) * p.c];
        best = one > best ? one : best;
      }
    }
    p.y[i] = best;
  }
}

/** A thread an element of dx: it asks whether it is the first maximum of its window. */
extern "C" __global__ void __launch_bounds__(cuda::THREADS) maxPoolGradient(cuda::PoolCall p) {
  const int64_t count = p.n * p.h * p.w * p.c;
  for (int64_t i = threadIndex(); i < count; i += threadCount()) {
    const int64_t pixel = quotient(i, p.c);
    const int64_t line = quotient(pixel, p.w);
    const int64_t n = quotient(line, p.h);
    const int64_t c = i - pixel * p.c;
    const int64_t w = pixel - line * p.w;
    const int64_t h = line - n * p.h;
    const int64_t oh = quotient(h, p.stride);
    const int64_t ow = quotient(w, p.stride);
    const int64_t own = (h - oh * p.stride) * p.size + (w - ow * p.stride);
    const bool inside = oh < p.oh && ow < p.ow && h - oh * p.stride < p.size &&
                        w - ow * p.stride < p.size;
    float value = 0.0f;
    if (inside) {
      const float* x = p.x + ((n * p.h + oh * p.stride) * p.w + ow * p.stride) * p.c + c;
      float best = x[0];
      int64_t first = 0;
      for (int32_t a = 0; a < p.size; a += 1) {
        for (int32_t b = 0; b < p.size; b += 1) {
          const float one = x[(a * p.w + b) * p.c];
          if (one > best) {
            best = one;
            first = a * p.size + b;
          }
        }
      }
      if (first == own) value = p.dy[((n * p.oh + oh) * p.ow + ow) * p.c + c];
    }
    p.y[i] = value;
  }
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
