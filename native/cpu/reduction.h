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

/** The one rounding of a sum, and of a mean's division; divisor 0 is none. */
VIVIAN_INLINE float finishedSum(int64_t sum, int32_t maxBits, float divisor) {
  const float total = maxBits == 0 ? 0.0f : roundSum(sum, sumExponent(maxBits) - 30);
  return divisor == 0.0f ? total : divCanonical(total, divisor);
}

VIVIAN_INLINE void storeSum(const Reduction& p, int64_t at, int64_t sum, int32_t maxBits) {
  p.y[at] = finishedSum(sum, maxBits, p.divisor);
}

/** The greatest element of a line of at least one. */
VIVIAN_INLINE float largestOf(const float* x, int64_t count) {
  constexpr int64_t WIDTH = 32;
  float largest = x[0];
  int64_t i = 0;
  if (count >= WIDTH) {
    float local[WIDTH];
    for (int64_t c = 0; c < WIDTH; c += 1) local[c] = x[c];
    for (i = WIDTH; i + WIDTH <= count; i += WIDTH) {
      for (int64_t c = 0; c < WIDTH; c += 1) local[c] = x[i + c] > local[c] ? x[i + c] : local[c];
    }
    for (int64_t half = WIDTH / 2; half > 0; half /= 2) {
      for (int64_t c = 0; c < half; c += 1) {
        local[c] = local[half + c] > local[c] ? local[half + c] : local[c];
      }
    }
    largest = local[0];
  }
  for (; i < count; i += 1) largest = x[i] > largest ? x[i] : largest;
  return largest;
}

// A sum of integers below 2^30 in magnitude is kept in two int32: their high parts and their low 16
// bits, both safe for so many of them.
constexpr int64_t SPLIT_MAX = 32767;

#if VIVIAN_LEVEL == VIVIAN_LEVEL_AVX512VNNI
constexpr int64_t SUM_LANES = 16;
struct SplitSum {
  __m512i high, low;
};
VIVIAN_INLINE SplitSum emptySplit() { return {_mm512_setzero_si512(), _mm512_setzero_si512()}; }
/** The conversion rounds half to even, as the state of the processor says (float-state.h). */
VIVIAN_INLINE void addSplit(SplitSum& sum, const float* values, const float* scales) {
  const __m512 scaled = _mm512_mul_ps(_mm512_loadu_ps(values), _mm512_loadu_ps(scales));
  const __m512i whole = _mm512_cvtps_epi32(scaled);
  sum.high = _mm512_add_epi32(sum.high, _mm512_srai_epi32(whole, 16));
  sum.low = _mm512_add_epi32(sum.low, _mm512_and_si512(whole, _mm512_set1_epi32(0xffff)));
}
VIVIAN_INLINE void storeSplit(const SplitSum& sum, int32_t* high, int32_t* low) {
  _mm512_storeu_si512(high, sum.high);
  _mm512_storeu_si512(low, sum.low);
}
#elif VIVIAN_LEVEL == VIVIAN_LEVEL_AVX2
constexpr int64_t SUM_LANES = 8;
struct SplitSum {
  __m256i high, low;
};
VIVIAN_INLINE SplitSum emptySplit() { return {_mm256_setzero_si256(), _mm256_setzero_si256()}; }
VIVIAN_INLINE void addSplit(SplitSum& sum, const float* values, const float* scales) {
  const __m256 scaled = _mm256_mul_ps(_mm256_loadu_ps(values), _mm256_loadu_ps(scales));
  const __m256i whole = _mm256_cvtps_epi32(scaled);
  sum.high = _mm256_add_epi32(sum.high, _mm256_srai_epi32(whole, 16));
  sum.low = _mm256_add_epi32(sum.low, _mm256_and_si256(whole, _mm256_set1_epi32(0xffff)));
}
VIVIAN_INLINE void storeSplit(const SplitSum& sum, int32_t* high, int32_t* low) {
  _mm256_storeu_si256((__m256i*)high, sum.high);
  _mm256_storeu_si256((__m256i*)low, sum.low);
}
#else
constexpr int64_t SUM_LANES = 8;
struct SplitSum {
  int32_t high[SUM_LANES], low[SUM_LANES];
};
VIVIAN_INLINE SplitSum emptySplit() { return {}; }
VIVIAN_INLINE void addSplit(SplitSum& sum, const float* values, const float* scales) {
  for (int64_t c = 0; c < SUM_LANES; c += 1) {
    const int32_t whole = roundWide(values[c] * scales[c]);
    sum.high[c] += whole >> 16;
    sum.low[c] += whole & 0xffff;
  }
}
VIVIAN_INLINE void storeSplit(const SplitSum& sum, int32_t* high, int32_t* low) {
  memcpy(high, sum.high, sizeof sum.high);
  memcpy(low, sum.low, sizeof sum.low);
}
#endif

/** Σ of the elements of a line times `scale`, each rounded to an integer. */
VIVIAN_INLINE int64_t sumOfLine(const float* x, int64_t count, float scale) {
  float scales[SUM_LANES];
  for (int64_t c = 0; c < SUM_LANES; c += 1) scales[c] = scale;
  int64_t sum = 0;
  int64_t i = 0;
  while (i + SUM_LANES <= count) {
    const int64_t end = i + SUM_LANES * smaller(SPLIT_MAX, (count - i) / SUM_LANES);
    SplitSum split = emptySplit();
    for (; i < end; i += SUM_LANES) addSplit(split, x + i, scales);
    int32_t high[SUM_LANES];
    int32_t low[SUM_LANES];
    storeSplit(split, high, low);
    for (int64_t c = 0; c < SUM_LANES; c += 1) sum += (int64_t)high[c] * 65536 + low[c];
  }
  for (; i < count; i += 1) sum += roundWide(x[i] * scale);
  return sum;
}

/** Columns that are added side by side: whole cache lines of two. */
constexpr int64_t SUM_COLUMNS = 32;

/** `VECTORS` vectors of columns from `column` on. */
template <int VECTORS>
VIVIAN_INLINE void addColumns(const float* x, int64_t begin, int64_t end, int64_t inner,
                              const float* scales, int64_t* VIVIAN_RESTRICT sums) {
  for (int64_t row = begin; row < end;) {
    const int64_t stop = smaller(end, row + SPLIT_MAX);
    SplitSum split[VECTORS];
    VIVIAN_UNROLL for (int v = 0; v < VECTORS; v += 1) split[v] = emptySplit();
    for (; row < stop; row += 1) {
      const float* values = x + row * inner;
      VIVIAN_UNROLL for (int v = 0; v < VECTORS; v += 1) {
        addSplit(split[v], values + v * SUM_LANES, scales + v * SUM_LANES);
      }
    }
    VIVIAN_UNROLL for (int v = 0; v < VECTORS; v += 1) {
      int32_t high[SUM_LANES];
      int32_t low[SUM_LANES];
      storeSplit(split[v], high, low);
      for (int64_t c = 0; c < SUM_LANES; c += 1) {
        sums[v * SUM_LANES + c] += (int64_t)high[c] * 65536 + low[c];
      }
    }
  }
}

/** Adds the quantised rows [begin, end) of one outer index column by column into `sums`. */
VIVIAN_INLINE void addRows(const float* x, int64_t begin, int64_t end, int64_t inner,
                           const float* VIVIAN_RESTRICT scales, int64_t* VIVIAN_RESTRICT sums) {
  if (inner == 1) {
    sums[0] += sumOfLine(x + begin, end - begin, scales[0]);
    return;
  }
  int64_t column = 0;
  for (; column + SUM_COLUMNS <= inner; column += SUM_COLUMNS) {
    addColumns<SUM_COLUMNS / SUM_LANES>(x + column, begin, end, inner, scales + column,
                                        sums + column);
  }
  for (; column + SUM_LANES <= inner; column += SUM_LANES) {
    addColumns<1>(x + column, begin, end, inner, scales + column, sums + column);
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
