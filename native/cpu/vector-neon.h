// Decides the vectors of ARM's NEON: four columns of pairs. A pair's two products are kept apart in
// two registers (smlal, smlal2) and meet only when a sum is stored or spilled, because NEON has no
// instruction that multiplies int16 pairs and adds them.
#pragma once
#include <arm_neon.h>

#include "numbers.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

constexpr int LANES = 4;
constexpr int TILE_ROWS = 6;  // 24 sums + 2 columns + 1 row value of 32 registers

typedef int32x4_t Vector;

/** Sums of columns 0 and 1, then 2 and 3: column c is lane 2c plus lane 2c + 1. */
struct Sum {
  int32x4_t first, second;
};

VIVIAN_INLINE Vector loadVector(const void* p) { return vld1q_s32((const int32_t*)p); }
VIVIAN_INLINE Vector zeroVector() { return vdupq_n_s32(0); }
VIVIAN_INLINE void storeVector(void* p, Vector v) { vst1q_s32((int32_t*)p, v); }
VIVIAN_INLINE Vector broadcast(const char* p) { return vld1q_dup_s32((const int32_t*)p); }
VIVIAN_INLINE Sum zeroSum() { return {vdupq_n_s32(0), vdupq_n_s32(0)}; }
VIVIAN_INLINE Vector joined(Sum sum) { return vpaddq_s32(sum.first, sum.second); }
VIVIAN_INLINE void storeSum(void* p, Sum sum) { storeVector(p, joined(sum)); }
VIVIAN_INLINE Sum multiplyAdd(Sum sum, Vector a, Vector b) {
  const int16x8_t row = vreinterpretq_s16_s32(a);
  const int16x8_t columns = vreinterpretq_s16_s32(b);
  return {vmlal_s16(sum.first, vget_low_s16(row), vget_low_s16(columns)),
          vmlal_high_s16(sum.second, row, columns)};
}
VIVIAN_INLINE Vector addHigh(Vector high, Sum sum) {
  return vsraq_n_s32(high, joined(sum), 16);
}
VIVIAN_INLINE Sum keepLow(Sum sum) {
  const Vector low = vandq_s32(joined(sum), vdupq_n_s32(0xffff));
  return {vzip1q_s32(low, zeroVector()), vzip2q_s32(low, zeroVector())};
}

#define VIVIAN_OWN_PACK_LANES
/** LANES pairs at once; products below 2^-126 may be flushed, they round to 0 either way. */
VIVIAN_INLINE void packLanes(int32_t* target, const float* first, const float* second,
                             const float* factorOne, const float* factorTwo) {
  const float32x4_t magic = vdupq_n_f32(ROUND_MAGIC);
  const float32x4_t one = vmulq_f32(vld1q_f32(first), vld1q_f32(factorOne));
  const float32x4_t two = vmulq_f32(vld1q_f32(second), vld1q_f32(factorTwo));
  const int32x4_t low = vreinterpretq_s32_f32(vaddq_f32(one, magic));
  const int32x4_t high = vreinterpretq_s32_f32(vaddq_f32(two, magic));
  // The low 16 bits of the rounded sums are the two's complement of q: the magic's own are zero.
  vst1q_s32(target, vsliq_n_s32(low, high, 16));
}

}  // namespace
}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
