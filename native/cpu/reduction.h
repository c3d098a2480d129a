// Decides how a reduction over one axis sees its operand, and the exact sum over it: one exponent a
// vector, integers of 30 bits, one rounding (ARCHITECTURE.md section 4, "Sums").
#pragma once
#include "call.h"
#include "pack.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

/** The operand as [outer, n, inner]; n is the axis that becomes 1. */
struct Reduction {
  const float* x;
  float* y;
  int64_t outer, n, inner;
  int32_t threads;
  float divisor;      // 0 for sum; the count for mean
  int32_t* maxima;    // [threads][inner]
  float* scales;      // [threads][inner]
  int64_t* sums;      // [threads][inner]
  int64_t at;         // the outer index at work when threads share one
};

VIVIAN_INLINE Reduction reductionPlan(const Call& call, Arena& arena) {
  Reduction p = {call.inputs[0].data, call.output, 1, 1, 1, call.threads, 0.0f, nullptr, nullptr,
                 nullptr, 0};
  const uint32_t axis = (uint32_t)call.attributes[0];
  for (uint32_t d = 0; d < call.inputs[0].rank; d += 1) {
    const int64_t extent = call.inputs[0].dims[d];
    if (d < axis) p.outer *= extent;
    if (d == axis) p.n = extent;
    if (d > axis) p.inner *= extent;
  }
  p.maxima = arena.take<int32_t>(p.inner * call.threads);
  p.scales = arena.take<float>(p.inner * call.threads);
  p.sums = arena.take<int64_t>(p.inner * call.threads);
  return p;
}

/** Least e with max < 2^e. */
VIVIAN_INLINE int32_t sumExponent(int32_t maxBits) { return (maxBits >> 23) - 126; }

/** 2^(30 − e); 1 for a zero vector, whose quantised values are zeros anyway. */
VIVIAN_INLINE float sumScale(int32_t maxBits) {
  return maxBits == 0 ? 1.0f : powerOfTwo(30 - sumExponent(maxBits));
}

/** round-half-even of |x| ≤ 2^30. From 2^23 on, an f32 has no fraction. */
VIVIAN_INLINE int32_t roundWide(float x) {
  const float magnitude = floatOf(bitsOf(x) & MAGNITUDE_MASK);
  const float rounded = (magnitude + 8388608.0f) - 8388608.0f;
  const float kept = magnitude >= 8388608.0f ? magnitude : rounded;
  return (int32_t)floatOf(bitsOf(kept) | (bitsOf(x) & SIGN_MASK));
}

VIVIAN_INLINE void storeSum(const Reduction& p, int64_t at, int64_t sum, int32_t maxBits) {
  const float total = maxBits == 0 ? 0.0f : roundSum(sum, sumExponent(maxBits) - 30);
  p.y[at] = p.divisor == 0.0f ? total : divCanonical(total, p.divisor);
}

/** Adds the quantised rows [begin, end) of one outer index column by column into `sums`. */
VIVIAN_INLINE void addRows(const float* x, int64_t begin, int64_t end, int64_t inner,
                           const float* VIVIAN_RESTRICT scales, int64_t* VIVIAN_RESTRICT sums) {
  constexpr int64_t WIDTH = 16;
  int64_t column = 0;
  for (; column + WIDTH <= inner; column += WIDTH) {
    int64_t local[WIDTH] = {};
    float scale[WIDTH];
    for (int64_t c = 0; c < WIDTH; c += 1) scale[c] = scales[column + c];
    for (int64_t row = begin; row < end; row += 1) {
      const float* VIVIAN_RESTRICT values = x + row * inner + column;
      for (int64_t c = 0; c < WIDTH; c += 1) local[c] += roundWide(values[c] * scale[c]);
    }
    for (int64_t c = 0; c < WIDTH; c += 1) sums[column + c] += local[c];
  }
  for (; column < inner; column += 1) {
    const float scale = scales[column];
    int64_t local = 0;
    for (int64_t row = begin; row < end; row += 1) {
      local += roundWide(x[row * inner + column] * scale);
    }
    sums[column] += local;
  }
}

/** Whole outer indices, one thread each. */
void sumOuters(void* context, int64_t begin, int64_t end, int32_t worker) {
  const Reduction& p = *(const Reduction*)context;
  int32_t* maxima = p.maxima + p.inner * worker;
  float* scales = p.scales + p.inner * worker;
  int64_t* sums = p.sums + p.inner * worker;
  for (int64_t outer = begin; outer < end; outer += 1) {
    const float* x = p.x + outer * p.n * p.inner;
    if (p.inner == 1) {
      maxima[0] = maxMagnitude(x, p.n);
    } else {
      memset(maxima, 0, (size_t)p.inner * 4);
      maxOfColumns(x, 0, p.n, p.inner, maxima);
    }
    for (int64_t c = 0; c < p.inner; c += 1) scales[c] = sumScale(maxima[c]);
    memset(sums, 0, (size_t)p.inner * 8);
    addRows(x, 0, p.n, p.inner, scales, sums);
    for (int64_t c = 0; c < p.inner; c += 1) {
      storeSum(p, outer * p.inner + c, sums[c], maxima[c]);
    }
  }
}

void maxOfPart(void* context, int64_t begin, int64_t end, int32_t worker) {
  const Reduction& p = *(const Reduction*)context;
  const float* x = p.x + p.at * p.n * p.inner;
  int32_t* maxima = p.maxima + p.inner * worker;
  if (p.inner == 1) {
    maxima[0] = maxMagnitude(x + begin, end - begin);
  } else {
    maxOfColumns(x, begin, end, p.inner, maxima);
  }
}

void sumOfPart(void* context, int64_t begin, int64_t end, int32_t worker) {
  const Reduction& p = *(const Reduction*)context;
  addRows(p.x + p.at * p.n * p.inner, begin, end, p.inner, p.scales, p.sums + p.inner * worker);
}

/** One outer index at a time, its rows shared by all threads. */
VIVIAN_INLINE void sumShared(const Call& call, Reduction& p) {
  const int64_t grain = 1 + 32768 / p.inner;
  for (p.at = 0; p.at < p.outer; p.at += 1) {
    memset(p.maxima, 0, (size_t)(p.inner * p.threads) * 4);
    memset(p.sums, 0, (size_t)(p.inner * p.threads) * 8);
    parallelFor(call, p.n, grain, maxOfPart, &p);
    for (int64_t c = 0; c < p.inner; c += 1) {
      for (int32_t t = 1; t < p.threads; t += 1) {
        const int32_t other = p.maxima[t * p.inner + c];
        if (other > p.maxima[c]) p.maxima[c] = other;
      }
      p.scales[c] = sumScale(p.maxima[c]);
    }
    parallelFor(call, p.n, grain, sumOfPart, &p);
    for (int64_t c = 0; c < p.inner; c += 1) {
      int64_t sum = 0;
      for (int32_t t = 0; t < p.threads; t += 1) sum += p.sums[t * p.inner + c];
      storeSum(p, p.at * p.inner + c, sum, p.maxima[c]);
    }
  }
}

VIVIAN_INLINE void sumRun(const Call& call, bool mean) {
  Arena arena = {(uintptr_t)call.scratch, 0};
  Reduction p = reductionPlan(call, arena);
  if (mean) p.divisor = (float)p.n;
  if (p.outer >= p.threads) {
    parallelFor(call, p.outer, 1 + 32768 / (p.n * p.inner), sumOuters, &p);
  } else {
    sumShared(call, p);
  }
}

}  // namespace
}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
