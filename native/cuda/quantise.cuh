// Decides how the sides of a product become bytes: one exponent a line, q = 128·hi + lo for I14 in
// three planes hi, lo, hi + lo, and one plane for I8. Lines are contiguous afterwards, whichever
// way they lay, so that tensor cores read both sides alike.
#pragma once
#include "scalar-ops.cuh"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

/** Four neighbouring bytes of each plane. */
struct Word {
  uint32_t plane[3];
};

/** Puts q at byte `at` of the word. I14: |q| ≤ 8127, so hi and lo are in [−64, 63]. */
__device__ __forceinline__ void putNumber(Word& word, int at, int32_t q, bool isI8) {
  if (isI8) {
    word.plane[0] |= ((uint32_t)q & 0xffu) << (8 * at);
    return;
  }
  const int32_t high = (q + 64) >> 7;
  const int32_t low = q - high * 128;
  word.plane[0] |= ((uint32_t)high & 0xffu) << (8 * at);
  word.plane[1] |= ((uint32_t)low & 0xffu) << (8 * at);
  word.plane[2] |= ((uint32_t)(high + low) & 0xffu) << (8 * at);
}

__device__ __forceinline__ void storeWord(int8_t* planes, int64_t planeStride, int64_t at,
                                          const Word& word, bool isI8) {
  *(uint32_t*)(planes + at) = word.plane[0];
  if (isI8) return;
  *(uint32_t*)(planes + planeStride + at) = word.plane[1];
  *(uint32_t*)(planes + 2 * planeStride + at) = word.plane[2];
}

__device__ __forceinline__ int64_t placeOfNumber(const cuda::SideCall& p, int64_t k) {
  if (p.kOuter == 1) return k * p.innerStride;
  const int64_t outer = quotient(k, p.kInner);
  return outer * p.outerStride + (k - outer * p.kInner) * p.innerStride;
}

__device__ __forceinline__ int32_t shiftOf(const cuda::SideCall& p, const int32_t* shifts,
                                           int64_t k) {
  return shifts == nullptr ? 0 : p.sign * shifts[k];
}

/** A warp a line of numbers that lie side by side. */
__device__ __forceinline__ void quantiseAlong(const cuda::SideCall& p, int64_t line) {
  if (line >= p.batch * p.lines) return;
  const int lane = threadIdx.x % 32;
  const bool isI8 = p.profile == 2;
  const Bound bound = boundOfProfile(p.profile);
  const int64_t batch = quotient(line, p.lines);
  const int64_t count = p.kOuter * p.kInner;
  const float* values = p.values + batch * p.batchStride + (line - batch * p.lines) * p.lineStride;
  const int32_t* shifts = p.shifts == nullptr ? nullptr : p.shifts + batch * count;
  const bool isEven = p.kOuter == 1 && count % 4 == 0 && ((uintptr_t)values & 15) == 0;
  int32_t key = ZERO_KEY;
  for (int64_t k = 4 * lane; k < count; k += 128) {
    float x[4] = {};
    if (isEven) {
      const float4 four = *(const float4*)(values + k);
      x[0] = four.x, x[1] = four.y, x[2] = four.z, x[3] = four.w;
    } else {
      for (int i = 0; i < 4; i += 1) {
        if (k + i < count) x[i] = values[placeOfNumber(p, k + i)];
      }
    }
    for (int i = 0; i < 4; i += 1) {
      const int32_t shift = shifts == nullptr || k + i >= count ? 0 : p.sign * shifts[k + i];
      const int32_t one = balancedKey(bitsOf(x[i]) & MAGNITUDE_MASK, shift);
      key = one > key ? one : key;
    }
  }
  const int32_t exponent = exponentOfKey(largestOfWarp(key), bound);
  if (lane == 0) p.exponents[line] = exponent;
  for (int64_t k = 4 * lane; k < p.padded; k += 128) {
    float x[4] = {};
    if (isEven && k < count) {
      const float4 four = *(const float4*)(values + k);
      x[0] = four.x, x[1] = four.y, x[2] = four.z, x[3] = four.w;
    } else {
      for (int i = 0; i < 4; i += 1) {
        if (k + i < count) x[i] = values[placeOfNumber(p, k + i)];
      }
    }
    Word word = {};
    for (int i = 0; i < 4; i += 1) {
      const int32_t shift = shifts == nullptr || k + i >= count ? 0 : p.sign * shifts[k + i];
      putNumber(word, i, quantiseShifted(bitsOf(x[i]), -shift - exponent), isI8);
    }
    storeWord(p.planes, p.planeStride, line * p.padded + k, word, isI8);
  }
}

/** Tiles of TURN_NUMBERS numbers of a line that lies across which its threads keep. */
constexpr int TURN_KEPT = 4;

/** Words of 32 lines, turned in the block's memory so that each line is written in a row. */
struct Turn {
  uint32_t words[3][32][33];
};

/** 1,024 threads: `word` of line threadIdx.x, numbers 4 · threadIdx.y of the tile at `k`. */
__device__ __forceinline__ void writeTurned(Turn& turn, const Word& word, int8_t* planes,
                                            int64_t planeStride, int64_t firstLine, int64_t lines,
                                            int64_t padded, int64_t k, bool isI8) {
  const int count = isI8 ? 1 : 3;
  __syncthreads();
  for (int i = 0; i < count; i += 1) turn.words[i][threadIdx.x][threadIdx.y] = word.plane[i];
  __syncthreads();
  const int64_t line = firstLine + threadIdx.y;
  const int64_t at = k + 4 * threadIdx.x;
  if (line >= lines || at >= padded) return;
  for (int i = 0; i < count; i += 1) {
    *(uint32_t*)(planes + i * planeStride + line * padded + at) =
        turn.words[i][threadIdx.y][threadIdx.x];
  }
}

/** 32 lines that lie across, 1,024 threads. */
__device__ __forceinline__ void quantiseAcross(const cuda::SideCall& p, int64_t block,
                                               Turn& turn) {
  __shared__ int32_t keys[32][33];
  const bool isI8 = p.profile == 2;
  const int64_t groups = (p.lines + 31) / 32;
  const int64_t batch = quotient(block, groups);
  const int64_t firstLine = (block - batch * groups) * 32;
  const int64_t line = firstLine + threadIdx.x;
  const int64_t count = p.kOuter * p.kInner;
  const bool inside = line < p.lines;
  const float* values = p.values + batch * p.batchStride + line * p.lineStride;
  const int32_t* shifts = p.shifts == nullptr ? nullptr : p.shifts + batch * count;
  // What fits is kept from the first look to the second: up to TURN_KEPT tiles of numbers.
  float kept[TURN_KEPT][4];
  int32_t key = ZERO_KEY;
#pragma unroll
  for (int tile = 0; tile < TURN_KEPT; tile += 1) {
#pragma unroll
    for (int i = 0; i < 4; i += 1) {
      const int64_t k = tile * cuda::TURN_NUMBERS + 4 * threadIdx.y + i;
      kept[tile][i] = inside && k < count ? values[placeOfNumber(p, k)] : 0.0f;
    }
  }
#pragma unroll
  for (int tile = 0; tile < TURN_KEPT; tile += 1) {
#pragma unroll
    for (int i = 0; i < 4; i += 1) {
      const int64_t k = tile * cuda::TURN_NUMBERS + 4 * threadIdx.y + i;
      const int32_t shift = k < count ? shiftOf(p, shifts, k) : 0;
      const int32_t one = balancedKey(bitsOf(kept[tile][i]) & MAGNITUDE_MASK, shift);
      key = one > key ? one : key;
    }
  }
#pragma unroll 8
  for (int64_t k = TURN_KEPT * cuda::TURN_NUMBERS + threadIdx.y; k < count; k += 32) {
    const float x = inside ? values[placeOfNumber(p, k)] : 0.0f;
    const int32_t one = balancedKey(bitsOf(x) & MAGNITUDE_MASK, shiftOf(p, shifts, k));
    key = one > key ? one : key;
  }
  keys[threadIdx.y][threadIdx.x] = key;
  __syncthreads();
  for (int row = 0; row < 32; row += 1) {
    const int32_t one = keys[row][threadIdx.x];
    key = one > key ? one : key;
  }
  const int32_t exponent = exponentOfKey(key, boundOfProfile(p.profile));
  if (inside && threadIdx.y == 0) p.exponents[batch * p.lines + line] = exponent;
  int8_t* planes = p.planes + batch * p.lines * p.padded;
#pragma unroll
  for (int tile = 0; tile < TURN_KEPT; tile += 1) {
    const int64_t first = tile * cuda::TURN_NUMBERS;
    if (first >= p.padded) break;
    Word word = {};
#pragma unroll
    for (int i = 0; i < 4; i += 1) {
      const int64_t k = first + 4 * threadIdx.y + i;
      const int32_t shift = k < count ? shiftOf(p, shifts, k) : 0;
      putNumber(word, i, quantiseShifted(bitsOf(kept[tile][i]), -shift - exponent), isI8);
    }
    writeTurned(turn, word, planes, p.planeStride, firstLine, p.lines, p.padded, first, isI8);
  }
  for (int64_t first = TURN_KEPT * cuda::TURN_NUMBERS; first < p.padded;
       first += cuda::TURN_NUMBERS) {
    Word word = {};
#pragma unroll
    for (int i = 0; i < 4; i += 1) {
      const int64_t k = first + 4 * threadIdx.y + i;
      if (!inside || k >= count) continue;
      const int32_t bits = bitsOf(values[placeOfNumber(p, k)]);
      putNumber(word, i, quantiseShifted(bits, -shiftOf(p, shifts, k) - exponent), isI8);
    }
    writeTurned(turn, word, planes, p.planeStride, firstLine, p.lines, p.padded, first, isI8);
  }
}

__device__ __forceinline__ bool liesAlong(const cuda::SideCall& p) { return p.innerStride == 1; }

/** Largest magnitude of number k of each line, for 32 numbers from `first` on; by threadIdx.y. */
__device__ __forceinline__ int32_t largestOfNumber(const cuda::SideCall& p, int64_t batch,
                                                   int64_t first, int32_t (*found)[33]) {
  const float* values = p.values + batch * p.batchStride;
  const int64_t count = p.kOuter * p.kInner;
  int32_t largest = 0;
  // Threads side by side read what lies side by side: numbers, or lines of one number.
  const bool along = liesAlong(p);
  const int64_t k = first + (along ? threadIdx.x : threadIdx.y);
  const int64_t begin = along ? threadIdx.y : threadIdx.x;
  if (k < count) {
#pragma unroll 4
    for (int64_t line = begin; line < p.lines; line += 32) {
      const float x = values[line * p.lineStride + placeOfNumber(p, k)];
      const int32_t magnitude = bitsOf(x) & MAGNITUDE_MASK;
      largest = magnitude > largest ? magnitude : largest;
    }
  }
  __syncthreads();
  if (along) {
    found[threadIdx.x][threadIdx.y] = largest;
  } else {
    found[threadIdx.y][threadIdx.x] = largest;
  }
  __syncthreads();
  return largestOfWarp(found[threadIdx.y][threadIdx.x]);
}

}  // namespace

/** s_k of a balanced product (I14K): blocks of 32 × 32 threads, 32 numbers each. */
extern "C" __global__ void __launch_bounds__(1024) balanceNumbers(cuda::BalanceCall p) {
  __shared__ int32_t found[32][33];
  const int64_t count = p.a.kOuter * p.a.kInner;
  const int64_t groups = (count + 31) / 32;
  const int64_t batch = blockIdx.x / groups;
  const int64_t first = blockIdx.x % groups * 32;
  const int32_t ofA = largestOfNumber(p.a, batch, first, found);
  const int32_t ofB = largestOfNumber(p.b, batch, first, found);
  const int64_t k = first + threadIdx.y;
  if (threadIdx.x == 0 && k < count) {
    p.shifts[batch * count + k] = balanceShift(ofA, ofB, boundOfProfile(p.a.profile));
  }
}

/** Both sides of a product: blocks of 32 × 32 threads, 32 lines each. */
extern "C" __global__ void __launch_bounds__(1024) quantiseSides(cuda::SidesCall p) {
  __shared__ Turn turn;
  const bool isA = blockIdx.x < p.blocksA;
  const cuda::SideCall& side = isA ? p.a : p.b;
  const int64_t block = isA ? blockIdx.x : blockIdx.x - p.blocksA;
  if (liesAlong(side)) {
    quantiseAlong(side, block * 32 + threadIdx.y);
  } else {
    quantiseAcross(side, block, turn);
  }
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
