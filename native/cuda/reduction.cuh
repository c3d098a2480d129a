// Decides sum, mean and max over one axis: [outer, n, inner] over n. One exponent a vector,
// integers of 30 bits, one rounding; long vectors are split over blocks that meet in integers.
#pragma once
#include "scalar-ops.cuh"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

/** Most rows of threads in a block whose columns are side by side. */
constexpr int ROWS_OF_BLOCK = 32;

/** What one thread of a reduction looks at: numbers first, first + step, … below end. */
struct Strand {
  const float* x;
  int64_t first, end, step, stride;
};

__device__ __forceinline__ Strand strandOf(const cuda::ReduceCall& p, int64_t outer,
                                           int64_t column, int64_t part) {
  const int64_t begin = part * p.part;
  const int64_t end = smaller(begin + p.part, p.n);
  const bool isLine = p.inner == 1;
  const int64_t own = isLine ? threadIdx.y * 32 + threadIdx.x : threadIdx.y;
  const int64_t step = isLine ? 32 * blockDim.y : blockDim.y;
  return {p.x + outer * p.n * p.inner + column, begin + own, end, step, p.inner};
}

__device__ __forceinline__ int32_t largestOfStrand(const Strand& s) {
  int32_t largest = 0;
#pragma unroll 4
  for (int64_t i = s.first; i < s.end; i += s.step) {
    const int32_t magnitude = bitsOf(s.x[i * s.stride]) & MAGNITUDE_MASK;
    largest = magnitude > largest ? magnitude : largest;
  }
  return largest;
}

__device__ __forceinline__ int64_t sumOfStrand(const Strand& s, float scale) {
  int64_t sum = 0;
#pragma unroll 4
  for (int64_t i = s.first; i < s.end; i += s.step) sum += roundWide(s.x[i * s.stride] * scale);
  return sum;
}

/** No key of a number is as small. */
constexpr int32_t NO_KEY = INT32_MIN;

__device__ __forceinline__ int32_t greatestKeyOfStrand(const Strand& s) {
  int32_t greatest = NO_KEY;
#pragma unroll 4
  for (int64_t i = s.first; i < s.end; i += s.step) {
    const int32_t key = orderedKey(s.x[i * s.stride]);
    greatest = key > greatest ? key : greatest;
  }
  return greatest;
}

/** Joins what the block's threads found, by column or, where there is one column, of all. */
__device__ int32_t joinedLargest(int32_t value, bool isLine) {
  __shared__ int32_t found[ROWS_OF_BLOCK][33];
  if (isLine) value = largestOfWarp(value);
  __syncthreads();
  found[threadIdx.y][threadIdx.x] = value;
  __syncthreads();
  for (int row = 0; row < blockDim.y; row += 1) {
    const int32_t other = found[row][threadIdx.x];
    value = other > value ? other : value;
  }
  return value;
}

__device__ int64_t joinedSum(int64_t value, bool isLine) {
  __shared__ int64_t found[ROWS_OF_BLOCK][33];
  if (isLine) value = sumOfWarp(value);
  __syncthreads();
  found[threadIdx.y][threadIdx.x] = value;
  __syncthreads();
  int64_t sum = 0;
  for (int row = 0; row < blockDim.y; row += 1) sum += found[row][threadIdx.x];
  return sum;
}

/** Numbers of a strand that a thread keeps from the first look to the second. */
constexpr int KEPT = 32;

/** The strand's numbers, then zeros; false where there are more. */
__device__ __forceinline__ bool keep(const Strand& s, float (&kept)[KEPT]) {
  if (s.end > s.first + KEPT * s.step) return false;
#pragma unroll
  for (int i = 0; i < KEPT; i += 1) {
    const int64_t at = s.first + i * s.step;
    kept[i] = at < s.end ? s.x[at * s.stride] : 0.0f;
  }
  return true;
}

struct Place {
  int64_t outer, column, part;
  bool inside, isLine;
};

/** Blocks: parts, then groups of 32 columns, then outer indices. */
__device__ __forceinline__ Place placeOf(const cuda::ReduceCall& p) {
  const int64_t groups = (p.inner + 31) / 32;
  const int64_t part = blockIdx.x % p.parts;
  const int64_t rest = blockIdx.x / p.parts;
  const bool isLine = p.inner == 1;
  const int64_t column = isLine ? 0 : rest % groups * 32 + threadIdx.x;
  return {rest / groups, column, part, column < p.inner, isLine};
}

__device__ __forceinline__ bool writes(const Place& at) {
  return at.inside && threadIdx.y == 0 && (!at.isLine || threadIdx.x == 0);
}

}  // namespace

/** Vectors that one block, or one warp of it, looks through whole. */
extern "C" __global__ void __launch_bounds__(1024) reduce(cuda::ReduceCall p) {
  const Place at = placeOf(p);
  Strand strand = strandOf(p, at.outer, at.column, 0);
  if (!at.inside) strand.end = 0;
  const int64_t target = at.outer * p.inner + at.column;
  if (p.isMax != 0) {
    const int32_t key = joinedLargest(greatestKeyOfStrand(strand), at.isLine);
    if (writes(at)) p.y[target] = floatOf(key >= 0 ? key : key ^ MAGNITUDE_MASK);
    return;
  }
  float kept[KEPT];
  const bool isKept = keep(strand, kept);
  int32_t own = 0;
  if (isKept) {
#pragma unroll
    for (int i = 0; i < KEPT; i += 1) {
      const int32_t magnitude = bitsOf(kept[i]) & MAGNITUDE_MASK;
      own = magnitude > own ? magnitude : own;
    }
  } else {
    own = largestOfStrand(strand);
  }
  const int32_t largest = joinedLargest(own, at.isLine);
  const float scale = sumScale(largest);
  int64_t sum = 0;
  if (isKept) {
#pragma unroll
    for (int i = 0; i < KEPT; i += 1) sum += roundWide(kept[i] * scale);
  } else {
    sum = sumOfStrand(strand, scale);
  }
  sum = joinedSum(sum, at.isLine);
  if (writes(at)) p.y[target] = finishedSum(sum, largest, p.divisor);
}

/** A warp a vector of contiguous numbers. */
extern "C" __global__ void __launch_bounds__(cuda::THREADS) reduceLines(cuda::ReduceCall p) {
  const int64_t outer = threadIndex() / 32;
  if (outer >= p.outer) return;
  const int lane = threadIdx.x % 32;
  const Strand strand = {p.x + outer * p.n, lane, p.n, 32, 1};
  if (p.isMax != 0) {
    const int32_t key = largestOfWarp(greatestKeyOfStrand(strand));
    if (lane == 0) p.y[outer] = floatOf(key >= 0 ? key : key ^ MAGNITUDE_MASK);
    return;
  }
  const int32_t largest = largestOfWarp(largestOfStrand(strand));
  const int64_t sum = sumOfWarp(sumOfStrand(strand, sumScale(largest)));
  if (lane == 0) p.y[outer] = finishedSum(sum, largest, p.divisor);
}

/** The first half of a split reduction; `maxima` begin at NO_KEY for a maximum, else at 0. */
extern "C" __global__ void __launch_bounds__(1024) reduceMaxima(cuda::ReduceCall p) {
  const Place at = placeOf(p);
  Strand strand = strandOf(p, at.outer, at.column, at.part);
  if (!at.inside) strand.end = 0;
  const int32_t own = p.isMax != 0 ? greatestKeyOfStrand(strand) : largestOfStrand(strand);
  const int32_t largest = joinedLargest(own, at.isLine);
  if (writes(at)) atomicMax(p.maxima + at.outer * p.inner + at.column, largest);
}

/** The second half: integers are added in any order. */
extern "C" __global__ void __launch_bounds__(1024) reduceSums(cuda::ReduceCall p) {
  const Place at = placeOf(p);
  Strand strand = strandOf(p, at.outer, at.column, at.part);
  if (!at.inside) strand.end = 0;
  const int64_t target = at.outer * p.inner + at.column;
  const int32_t largest = at.inside ? p.maxima[target] : 0;
  const int64_t sum = joinedSum(sumOfStrand(strand, sumScale(largest)), at.isLine);
  if (writes(at)) atomicAdd((unsigned long long*)p.sums + target, (unsigned long long)sum);
}

extern "C" __global__ void __launch_bounds__(cuda::THREADS) reduceFinish(cuda::ReduceCall p) {
  for (int64_t i = threadIndex(); i < p.outer * p.inner; i += threadCount()) {
    const int32_t largest = p.maxima[i];
    p.y[i] = p.isMax != 0 ? floatOf(largest >= 0 ? largest : largest ^ MAGNITUDE_MASK)
                          : finishedSum(p.sums[i], largest, p.divisor);
  }
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
