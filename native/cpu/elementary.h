// Decides the functions that several ops are made of, as the sequences of primitives written in
// NUMERICS.md: exp, the logistic function, erf and its two companions of GELU, sine and cosine.
//
// Where a canon is left out, its operand is proved to be 0 or in range, or a term so small beside
// what it is added to that rounding swallows it (coefficients are above 2^-17, and what cancels
// leaves a multiple of an ulp above 2^-70). Branches that are not taken may hold anything.
#pragma once
#include "exp-log.h"
#if defined(_MSC_VER) && defined(_M_X64)
#include <immintrin.h>
#endif

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

VIVIAN_INLINE float magnitudeOf(float x) { return floatOf(bitsOf(x) & MAGNITUDE_MASK); }

/** One step of Horner's rule without canon: two roundings, never one. */
VIVIAN_INLINE float step(float p, float x, int32_t coefficient) {
  return p * x + floatOf(coefficient);
}

/** One of two values by bits: a branch here would keep a whole loop out of vectors. */
VIVIAN_INLINE float choose(bool first, float a, float b) {
  const int32_t mask = -(int32_t)first;
  return floatOf((bitsOf(a) & mask) | (bitsOf(b) & ~mask));
}

/** value with the sign of x; value is not zero. */
VIVIAN_INLINE float withSignOf(float value, float x) {
  return floatOf(bitsOf(value) | (bitsOf(x) & SIGN_MASK));
}

VIVIAN_INLINE float expCanonical(float x) {
  const float upper = floatOf(0x42266666);
  const float lower = floatOf((int32_t)0xc2853333);
  // Out of range values take the long way with 0 and are replaced at the end.
  const float inside = choose((x < upper) & (x > lower), x, 0.0f);
  const float t = inside * floatOf(0x3fb8aa3b);
  // |t| < 98, so adding 1.5·2^23 rounds to an integer, ties to even.
  const int32_t k = bitsOf(t + ROUND_MAGIC) - ROUND_MAGIC_BITS;
  const float kf = (float)k;
  float r = inside - kf * floatOf(LN2_HIGH);
  r = r - kf * floatOf(LN2_LOW);
  float p = floatOf(0x39506967);
  p = step(p, r, 0x3ab743ce);
  p = step(p, r, 0x3c088908);
  p = step(p, r, 0x3d2aa9c1);
  p = step(p, r, 0x3e2aaaaa);
  p = step(p, r, 0x3f000000);
  p = p * (r * r);
  p = p + r;
  p = p + 1.0f;
  const float result = canon(floatOf(bitsOf(p) + (int32_t)((uint32_t)k << 23)));
  return choose(x <= lower, 0.0f, choose(x >= upper, floatOf(LARGEST_BITS), result));
}

VIVIAN_INLINE float rootOf(float x) {
#if defined(__CUDACC__)
  return __fsqrt_rn(x);
#elif defined(_MSC_VER) && !defined(__clang__) && defined(_M_X64)
  return _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(x)));
#else
  return __builtin_sqrtf(x);
#endif
}

/** Correctly rounded; +0 for x ≤ 0. */
VIVIAN_INLINE float sqrtCanonical(float x) { return canon(rootOf(x > 0.0f ? x : 0.0f)); }

VIVIAN_INLINE float logCanonical(float x) {
  const int32_t bits = x > 0.0f ? bitsOf(x) : bitsOf(1.0f);
  const int32_t e = (bits - 0x3f3504f3) >> 23;
  const float ef = (float)e;
  const float m = floatOf(bits - (int32_t)((uint32_t)e << 23));
  const float f = subCanonical(m, 1.0f);
  const float z = mulCanonical(f, f);
  float p = floatOf(0x3d9021bb);
  p = mulThenAdd(p, f, (int32_t)0xbdebd1b8);
  p = mulThenAdd(p, f, 0x3def251a);
  p = mulThenAdd(p, f, (int32_t)0xbdfe5d4f);
  p = mulThenAdd(p, f, 0x3e11e9bf);
  p = mulThenAdd(p, f, (int32_t)0xbe2aae50);
  p = mulThenAdd(p, f, 0x3e4cceac);
  p = mulThenAdd(p, f, (int32_t)0xbe7ffffc);
  p = mulThenAdd(p, f, 0x3eaaaaaa);
  float y = mulCanonical(mulCanonical(p, f), z);
  y = addCanonical(y, mulCanonical(ef, floatOf(LN2_LOW)));
  y = subCanonical(y, mulCanonical(z, 0.5f));
  const float result = addCanonical(addCanonical(f, y), mulCanonical(ef, floatOf(LN2_HIGH)));
  return x > 0.0f ? result : floatOf(LARGEST_BITS | SIGN_MASK);
}

VIVIAN_INLINE float sigmoidCanonical(float x) {
  const float e = expCanonical(-magnitudeOf(x));
  return divCanonical(x < 0.0f ? e : 1.0f, addCanonical(1.0f, e));
}

VIVIAN_INLINE float tanhCanonical(float x) {
  const float magnitude = magnitudeOf(x);
  const float z = x * x;
  float p = floatOf((int32_t)0xbbbaf0ea);
  p = step(p, z, 0x3ca9134e);
  p = step(p, z, (int32_t)0xbd5c1e2d);
  p = step(p, z, 0x3e088393);
  p = step(p, z, (int32_t)0xbeaaaa99);
  const float near = canon(p * z * x + x);
  const float power = expCanonical(addCanonical(magnitude, magnitude));
  const float y = subCanonical(1.0f, divCanonical(2.0f, addCanonical(power, 1.0f)));
  return choose(magnitude < 0.625f, near, withSignOf(y, x));
}

VIVIAN_INLINE float erfCanonical(float x) {
  const float t = magnitudeOf(x);
  const float z = x * x;
  float p = floatOf((int32_t)0xba1c7000);
  p = step(p, z, 0x3ba38d2c);
  p = step(p, z, (int32_t)0xbcdb48d9);
  p = step(p, z, 0x3de70e22);
  p = step(p, z, (int32_t)0xbec09380);
  p = step(p, z, 0x3e0375d4);
  const float near = addCanonical(mulCanonical(p, x), x);
  float q = floatOf((int32_t)0xb7910000);
  q = step(q, t, 0x39c8e7d9);
  q = step(q, t, (int32_t)0xbb7e8a1c);
  q = step(q, t, 0x3cc6b1a1);
  q = step(q, t, (int32_t)0xbddaae5c);
  q = step(q, t, (int32_t)0xbf228550);
  q = step(q, t, (int32_t)0xbe03ce86);
  const float power = expCanonical(q * t - t);
  const float y = choose(t >= 4.0f, 1.0f, 1.0f - power);
  return choose(t <= floatOf(0x3f6d8000), near, withSignOf(y, x));
}

/** Φ(x), the share of a normal distribution below x. */
VIVIAN_INLINE float normalShare(float x) {
  const float e = erfCanonical(mulCanonical(x, floatOf(0x3f3504f3)));
  return (e + 1.0f) * 0.5f;
}

VIVIAN_INLINE float geluCanonical(float x) { return mulCanonical(x, normalShare(x)); }

VIVIAN_INLINE float geluSlopeCanonical(float x) {
  const float power = expCanonical(x * x * -0.5f);
  const float density = mulCanonical(power, floatOf(0x3ecc422a));
  return addCanonical(normalShare(x), mulCanonical(x, density));
}

/** Shift 0 is sine, shift 1 cosine. */
VIVIAN_INLINE float sineCanonical(float x, int32_t shift) {
  const bool isFar = magnitudeOf(x) > 8192.0f;
  const float inside = isFar ? 0.0f : x;
  const float t = inside * floatOf(0x3f22f983);
  const int32_t k = bitsOf(t + ROUND_MAGIC) - ROUND_MAGIC_BITS;
  const float kf = (float)k;
  float r = inside - kf * floatOf(0x3fc90000);
  r = r - kf * floatOf(0x39fda000);
  r = r - kf * floatOf(0x33a22169);
  const float z = r * r;
  float p = step(floatOf((int32_t)0xb94ca1f9), z, 0x3c08839e);
  p = step(p, z, (int32_t)0xbe2aaaa3);
  const float sine = canon(p * z * r + r);
  float q = step(floatOf(0x37ccf5ce), z, (int32_t)0xbab6061a);
  q = step(q, z, 0x3d2aaaa5);
  const float cosine = q * z * z - z * 0.5f + 1.0f;
  const int32_t quarter = (k + shift) & 3;
  const float y = (quarter & 1) == 0 ? sine : cosine;
  const float turned = quarter >= 2 ? subCanonical(0.0f, y) : y;
  return isFar ? (float)shift : turned;
}

}  // namespace
}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
