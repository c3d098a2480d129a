// Decides the functions that several ops are made of, as the sequences of primitives written in
// NUMERICS.md: exp, the logistic function, erf and its two companions of GELU, sine and cosine.
#pragma once
#include "exp-log.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

VIVIAN_INLINE float magnitudeOf(float x) { return floatOf(bitsOf(x) & MAGNITUDE_MASK); }

/** value with the sign of x; value is not zero. */
VIVIAN_INLINE float withSignOf(float value, float x) {
  return floatOf(bitsOf(value) | (bitsOf(x) & SIGN_MASK));
}

VIVIAN_INLINE float expCanonical(float x) {
  const float upper = floatOf(0x42266666);
  const float lower = floatOf((int32_t)0xc2853333);
  // Out of range values take the long way with 0 and are replaced at the end.
  const float inside = (x < upper && x > lower) ? x : 0.0f;
  const float t = mulCanonical(inside, floatOf(0x3fb8aa3b));
  // |t| < 98, so adding 1.5·2^23 rounds to an integer, ties to even.
  const int32_t k = bitsOf(t + ROUND_MAGIC) - ROUND_MAGIC_BITS;
  const float kf = (float)k;
  float r = subCanonical(inside, mulCanonical(kf, floatOf(LN2_HIGH)));
  r = subCanonical(r, mulCanonical(kf, floatOf(LN2_LOW)));
  float p = floatOf(0x39506967);
  p = mulThenAdd(p, r, 0x3ab743ce);
  p = mulThenAdd(p, r, 0x3c088908);
  p = mulThenAdd(p, r, 0x3d2aa9c1);
  p = mulThenAdd(p, r, 0x3e2aaaaa);
  p = mulThenAdd(p, r, 0x3f000000);
  p = mulCanonical(p, mulCanonical(r, r));
  p = addCanonical(p, r);
  p = addCanonical(p, 1.0f);
  const float result = canon(floatOf(bitsOf(p) + (int32_t)((uint32_t)k << 23)));
  const float high = x >= upper ? floatOf(LARGEST_BITS) : result;
  return x <= lower ? 0.0f : high;
}

VIVIAN_INLINE float sigmoidCanonical(float x) {
  const float e = expCanonical(-magnitudeOf(x));
  return divCanonical(x < 0.0f ? e : 1.0f, addCanonical(1.0f, e));
}

VIVIAN_INLINE float tanhCanonical(float x) {
  const float magnitude = magnitudeOf(x);
  const float z = mulCanonical(x, x);
  float p = floatOf((int32_t)0xbbbaf0ea);
  p = mulThenAdd(p, z, 0x3ca9134e);
  p = mulThenAdd(p, z, (int32_t)0xbd5c1e2d);
  p = mulThenAdd(p, z, 0x3e088393);
  p = mulThenAdd(p, z, (int32_t)0xbeaaaa99);
  const float near = addCanonical(mulCanonical(mulCanonical(p, z), x), x);
  const float power = expCanonical(addCanonical(magnitude, magnitude));
  const float y = subCanonical(1.0f, divCanonical(2.0f, addCanonical(power, 1.0f)));
  return magnitude < 0.625f ? near : withSignOf(y, x);
}

VIVIAN_INLINE float erfCanonical(float x) {
  const float t = magnitudeOf(x);
  const float z = mulCanonical(x, x);
  float p = floatOf((int32_t)0xba1c7000);
  p = mulThenAdd(p, z, 0x3ba38d2c);
  p = mulThenAdd(p, z, (int32_t)0xbcdb48d9);
  p = mulThenAdd(p, z, 0x3de70e22);
  p = mulThenAdd(p, z, (int32_t)0xbec09380);
  p = mulThenAdd(p, z, 0x3e0375d4);
  const float near = addCanonical(mulCanonical(p, x), x);
  float q = floatOf((int32_t)0xb7910000);
  q = mulThenAdd(q, t, 0x39c8e7d9);
  q = mulThenAdd(q, t, (int32_t)0xbb7e8a1c);
  q = mulThenAdd(q, t, 0x3cc6b1a1);
  q = mulThenAdd(q, t, (int32_t)0xbddaae5c);
  q = mulThenAdd(q, t, (int32_t)0xbf228550);
  q = mulThenAdd(q, t, (int32_t)0xbe03ce86);
  const float power = expCanonical(subCanonical(mulCanonical(q, t), t));
  const float y = t >= 4.0f ? 1.0f : subCanonical(1.0f, power);
  return t <= floatOf(0x3f6d8000) ? near : withSignOf(y, x);
}

/** Φ(x), the share of a normal distribution below x. */
VIVIAN_INLINE float normalShare(float x) {
  const float e = erfCanonical(mulCanonical(x, floatOf(0x3f3504f3)));
  return mulCanonical(addCanonical(e, 1.0f), 0.5f);
}

VIVIAN_INLINE float geluCanonical(float x) { return mulCanonical(x, normalShare(x)); }

VIVIAN_INLINE float geluSlopeCanonical(float x) {
  const float power = expCanonical(mulCanonical(mulCanonical(x, x), -0.5f));
  const float density = mulCanonical(power, floatOf(0x3ecc422a));
  return addCanonical(normalShare(x), mulCanonical(x, density));
}

/** Shift 0 is sine, shift 1 cosine. */
VIVIAN_INLINE float sineCanonical(float x, int32_t shift) {
  const bool isFar = magnitudeOf(x) > 8192.0f;
  const float inside = isFar ? 0.0f : x;
  const float t = mulCanonical(inside, floatOf(0x3f22f983));
  const int32_t k = bitsOf(t + ROUND_MAGIC) - ROUND_MAGIC_BITS;
  const float kf = (float)k;
  float r = subCanonical(inside, mulCanonical(kf, floatOf(0x3fc90000)));
  r = subCanonical(r, mulCanonical(kf, floatOf(0x39fda000)));
  r = subCanonical(r, mulCanonical(kf, floatOf(0x33a22169)));
  const float z = mulCanonical(r, r);
  float p = mulThenAdd(floatOf((int32_t)0xb94ca1f9), z, 0x3c08839e);
  p = mulThenAdd(p, z, (int32_t)0xbe2aaaa3);
  const float sine = addCanonical(mulCanonical(mulCanonical(p, z), r), r);
  float q = mulThenAdd(floatOf(0x37ccf5ce), z, (int32_t)0xbab6061a);
  q = mulThenAdd(q, z, 0x3d2aaaa5);
  const float tail = mulCanonical(mulCanonical(q, z), z);
  const float cosine = addCanonical(subCanonical(tail, mulCanonical(z, 0.5f)), 1.0f);
  const int32_t quarter = (k + shift) & 3;
  const float y = (quarter & 1) == 0 ? sine : cosine;
  const float turned = quarter >= 2 ? subCanonical(0.0f, y) : y;
  return isFar ? (float)shift : turned;
}

}  // namespace
}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
