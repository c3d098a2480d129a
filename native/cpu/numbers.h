// Decides canonical numbers in C++: canon, shared exponents, quantisation and the one rounding of
// an exact integer sum. The rule is src-main/engine/NUMERICS.md; everything here is integer work or
// a single f32 operation, so compilers vectorise it and no library function is called.
#pragma once
#include "platform.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

constexpr int32_t SMALLEST_BITS = 0x0f800000;  // 2^-96
constexpr int32_t LARGEST_BITS = 0x5d800000;   // 2^60
constexpr int32_t MAGNITUDE_MASK = 0x7fffffff;
constexpr int32_t SIGN_MASK = INT32_MIN;
constexpr int32_t MANTISSA_MASK = 0x007fffff;

VIVIAN_INLINE int32_t bitsOf(float value) {
  int32_t bits;
  memcpy(&bits, &value, 4);
  return bits;
}

VIVIAN_INLINE float floatOf(int32_t bits) {
  float value;
  memcpy(&value, &bits, 4);
  return value;
}

/** canon of a value already rounded to f32; an infinity counts as above 2^60. */
VIVIAN_INLINE float canon(float value) {
  const int32_t bits = bitsOf(value);
  const int32_t magnitude = bits & MAGNITUDE_MASK;
  const int32_t clamped = magnitude > LARGEST_BITS ? LARGEST_BITS : magnitude;
  const int32_t result = (bits & SIGN_MASK) | clamped;
  return floatOf(magnitude < SMALLEST_BITS ? 0 : result);
}

VIVIAN_INLINE float addCanonical(float a, float b) { return canon(a + b); }
VIVIAN_INLINE float subCanonical(float a, float b) { return canon(a - b); }
VIVIAN_INLINE float mulCanonical(float a, float b) { return canon(a * b); }

/** x/0 is sign(x)·2^60 through the infinity; 0/0 = 0/x = +0. */
VIVIAN_INLINE float divCanonical(float a, float b) {
  const float quotient = canon(a / b);
  return bitsOf(a) == 0 ? 0.0f : quotient;
}

/** 2^exponent for −126 ≤ exponent ≤ 127. */
VIVIAN_INLINE float powerOfTwo(int32_t exponent) { return floatOf((exponent + 127) << 23); }

/** Bound of |q| in a product profile, prepared for exponent arithmetic. */
struct Bound {
  int32_t lead;       // floor(log2(bound))
  int32_t threshold;  // mantissa bits of the bound as f32
};

/** Profiles 0 (I14) and 1 (I14K) have bound 8127, profile 2 (I8) has 127. */
VIVIAN_INLINE Bound boundOfProfile(int32_t profile) {
  if (profile == 2) return {6, (127 << 17) & MANTISSA_MASK};
  return {12, (8127 << 11) & MANTISSA_MASK};
}

/** Least e with max ≤ bound·2^e, from the bits of the largest magnitude; 0 for a zero vector. */
VIVIAN_INLINE int32_t exponentOf(int32_t maxBits, Bound bound) {
  const int32_t exponent = (maxBits >> 23) - 127 - bound.lead;
  const int32_t result = exponent + ((maxBits & MANTISSA_MASK) > bound.threshold ? 1 : 0);
  return maxBits == 0 ? 0 : result;
}

/** Below every key of a number that is not zero. */
constexpr int32_t ZERO_KEY = INT32_MIN;

/**
 * An order-preserving key of |x|·2^-shift (|shift| ≤ 90) where f32 cannot hold the value: the f32
 * bits moved by 128 + shift exponent steps, which fits an int32 for every canonical x.
 */
VIVIAN_INLINE int32_t balancedKey(int32_t magnitudeBits, int32_t shift) {
  return magnitudeBits == 0 ? ZERO_KEY : magnitudeBits - ((shift + 128) << 23);
}

/** exponentOf for a balanced key. */
VIVIAN_INLINE int32_t exponentOfKey(int32_t key, Bound bound) {
  const int32_t exponent = (key >> 23) + 1 - bound.lead;
  const int32_t result = exponent + ((key & MANTISSA_MASK) > bound.threshold ? 1 : 0);
  return key == ZERO_KEY ? 0 : result;
}

/** s = floor((x − y)/2); 0 when either side is all zeros. */
VIVIAN_INLINE int32_t balanceShift(int32_t maxBitsA, int32_t maxBitsB, Bound bound) {
  if (maxBitsA == 0 || maxBitsB == 0) return 0;
  return (exponentOf(maxBitsA, bound) - exponentOf(maxBitsB, bound)) >> 1;
}

// 1.5·2^23: adding it leaves no fraction bits, so the f32 addition itself rounds half to even.
constexpr float ROUND_MAGIC = 12582912.0f;
constexpr int32_t ROUND_MAGIC_BITS = 0x4b400000;

/** round-half-even(x·scale) for |x·scale| < 2^22 and scale a power of two. */
VIVIAN_INLINE int32_t quantiseScaled(float x, float scale) {
  const float scaled = x * scale;
  return bitsOf(scaled + ROUND_MAGIC) - ROUND_MAGIC_BITS;
}

/** round-half-even(x·2^shift) for |x·2^shift| ≤ 8127, any shift. */
VIVIAN_INLINE int32_t quantiseShifted(int32_t bits, int32_t shift) {
  const int32_t magnitude = bits & MAGNITUDE_MASK;
  // A shift below −250 always gives 0 and must not wrap around.
  const int32_t bounded = shift < -250 ? -250 : shift;
  const int32_t field = (magnitude >> 23) + bounded;
  const uint32_t moved = (uint32_t)magnitude + ((uint32_t)bounded << 23);
  const int32_t scaled = (int32_t)moved | (bits & SIGN_MASK);
  // Field 126 is 0.5 ≤ |value| < 1; below it everything rounds to 0.
  const int32_t kept = (field < 126 || magnitude == 0) ? 0 : scaled;
  return bitsOf(floatOf(kept) + ROUND_MAGIC) - ROUND_MAGIC_BITS;
}

/** canon(value·2^exponent) for a float value that is 0 or normal; done on the exponent field. */
VIVIAN_INLINE float scaleCanonical(float value, int32_t exponent) {
  const int32_t bits = bitsOf(value);
  const int32_t magnitude = bits & MAGNITUDE_MASK;
  const int32_t field = (magnitude >> 23) + exponent;
  const int32_t moved = (int32_t)((uint32_t)magnitude + ((uint32_t)exponent << 23));
  const int32_t over = (field > 187) | ((field == 187) & ((magnitude & MANTISSA_MASK) != 0));
  const int32_t result = (over ? LARGEST_BITS : moved) | (bits & SIGN_MASK);
  return floatOf((field < 31 || magnitude == 0) ? 0 : result);
}

/** canon(round(sum·2^exponent)), one rounding; |sum| ≤ 2^53. */
VIVIAN_INLINE float roundSum(int64_t sum, int32_t exponent) {
  return scaleCanonical((float)sum, exponent);
}

/** Largest magnitude bits of a contiguous vector. */
VIVIAN_INLINE int32_t maxMagnitude(const float* values, int64_t count) {
  int32_t largest = 0;
  for (int64_t i = 0; i < count; i += 1) {
    const int32_t magnitude = bitsOf(values[i]) & MAGNITUDE_MASK;
    largest = magnitude > largest ? magnitude : largest;
  }
  return largest;
}

VIVIAN_INLINE int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }
VIVIAN_INLINE int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }
VIVIAN_INLINE int64_t roundUp(int64_t value, int64_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

/** No scratch is this large: a 32-bit size stays here instead of wrapping around. */
constexpr size_t SCRATCH_BYTES_MAX = SIZE_MAX - 65535;

/** Hands out 64-byte aligned pieces of the scratch memory; with base 0 it only measures. */
struct Arena {
  uintptr_t base;
  size_t used;
  template <typename T>
  VIVIAN_INLINE T* take(int64_t count) {
    used = (used + 63) & ~(size_t)63;
    T* piece = (T*)(base + used);
    const uint64_t bytes = (uint64_t)count * sizeof(T);
    used = bytes < SCRATCH_BYTES_MAX - used ? used + (size_t)bytes : SCRATCH_BYTES_MAX;
    return piece;
  }
};

}  // namespace
}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
