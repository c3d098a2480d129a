// Decides one element of each element-wise op. The arithmetic is native/cpu's own: the same
// sequence of roundings, compiled without contraction.
#pragma once
#include "../cpu/elementary.h"
#include "../cpu/op-kinds.h"
#include "calls.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

__device__ __forceinline__ float ofOne(int kind, float x) {
  switch (kind) {
    case SQRT: return sqrtCanonical(x);
    case EXP: return expCanonical(x);
    case LOG: return logCanonical(x);
    case RELU: return x > 0.0f ? x : 0.0f;
    case SIGMOID: return sigmoidCanonical(x);
    case TANH: return tanhCanonical(x);
    case ERF: return erfCanonical(x);
    case GELU: return geluCanonical(x);
    case SIN: return sineCanonical(x, 0);
    case COS: return sineCanonical(x, 1);
    default: return x;
  }
}

__device__ __forceinline__ float ofTwo(int kind, float a, float b) {
  switch (kind) {
    case ADD:
    case BIAS: return addCanonical(a, b);
    case SUB: return subCanonical(a, b);
    case MUL: return mulCanonical(a, b);
    case DIV: return divCanonical(a, b);
    case RELU_GRADIENT: return a > 0.0f ? b : 0.0f;
    case GELU_GRADIENT: return mulCanonical(b, geluSlopeCanonical(a));
    default: return a;
  }
}

__device__ __forceinline__ bool isOfTwo(int kind) {
  switch (kind) {
    case ADD:
    case BIAS:
    case SUB:
    case MUL:
    case DIV:
    case RELU_GRADIENT:
    case GELU_GRADIENT: return true;
    default: return false;
  }
}

/** Least e with max < 2^e. */
__device__ __forceinline__ int32_t sumExponent(int32_t maxBits) { return (maxBits >> 23) - 126; }

__device__ __forceinline__ float sumScale(int32_t maxBits) {
  return maxBits == 0 ? 1.0f : powerOfTwo(30 - sumExponent(maxBits));
}

/** The one rounding of a sum, and of a mean's division; divisor 0 is none. */
__device__ __forceinline__ float finishedSum(int64_t sum, int32_t maxBits, float divisor) {
  const float total = maxBits == 0 ? 0.0f : roundSum(sum, sumExponent(maxBits) - 30);
  return divisor == 0.0f ? total : divCanonical(total, divisor);
}

/** round-half-even of a number up to 2^30: the device's own conversion. */
__device__ __forceinline__ int32_t roundWide(float x) { return __float2int_rn(x); }

__device__ __forceinline__ int32_t largestOfWarp(int32_t value) {
  for (int step = 16; step > 0; step /= 2) {
    const int32_t other = __shfl_xor_sync(0xffffffffu, value, step);
    value = other > value ? other : value;
  }
  return value;
}

__device__ __forceinline__ float greatestOfWarp(float value) {
  for (int step = 16; step > 0; step /= 2) {
    const float other = __shfl_xor_sync(0xffffffffu, value, step);
    value = other > value ? other : value;
  }
  return value;
}

__device__ __forceinline__ int64_t sumOfWarp(int64_t value) {
  for (int step = 16; step > 0; step /= 2) value += __shfl_xor_sync(0xffffffffu, value, step);
  return value;
}

/** Numbers that sort as the floats do: for a maximum by atomics. */
__device__ __forceinline__ int32_t orderedKey(float value) {
  const int32_t bits = bitsOf(value);
  return bits >= 0 ? bits : bits ^ MAGNITUDE_MASK;
}

/** a / b of numbers that are not negative; most fit 32 bits, in which it takes a tenth. */
__device__ __forceinline__ int64_t quotient(int64_t a, int64_t b) {
  if (((a | b) >> 32) == 0) return (uint32_t)a / (uint32_t)b;
  return a / b;
}

__device__ __forceinline__ int64_t threadIndex() {
  return (int64_t)blockIdx.x * blockDim.x + threadIdx.x;
}

__device__ __forceinline__ int64_t threadCount() { return (int64_t)gridDim.x * blockDim.x; }

}  // namespace
}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
