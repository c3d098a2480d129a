// Decides the vectors of WebAssembly: four columns of pairs, multiplied and added by one
// instruction (i32x4.dot_i16x8_s, which is pmaddwd on x64).
#pragma once
#include <wasm_simd128.h>

#include "numbers.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

constexpr int LANES = 4;
constexpr int TILE_ROWS = 6;  // 12 sums + 2 columns + 1 row value of x64's 16 registers

typedef v128_t Vector;
typedef v128_t Sum;

VIVIAN_INLINE Vector zeroVector() { return wasm_i32x4_const(0, 0, 0, 0); }
VIVIAN_INLINE Vector loadVector(const void* p) { return wasm_v128_load(p); }
VIVIAN_INLINE void storeVector(void* p, Vector v) { wasm_v128_store(p, v); }
VIVIAN_INLINE Vector broadcast(const char* p) { return wasm_v128_load32_splat(p); }
VIVIAN_INLINE Sum zeroSum() { return zeroVector(); }
VIVIAN_INLINE void storeSum(void* p, Sum sum) { storeVector(p, sum); }
VIVIAN_INLINE Sum multiplyAdd(Sum sum, Vector a, Vector b) {
  return wasm_i32x4_add(sum, wasm_i32x4_dot_i16x8(a, b));
}
VIVIAN_INLINE Vector addHigh(Vector high, Sum sum) {
  return wasm_i32x4_add(high, wasm_i32x4_shr(sum, 16));
}
VIVIAN_INLINE Sum keepLow(Sum sum) {
  return wasm_v128_and(sum, wasm_i32x4_const(0xffff, 0xffff, 0xffff, 0xffff));
}

#define VIVIAN_OWN_PACK_LANES
/** LANES pairs at once. */
VIVIAN_INLINE void packLanes(int32_t* target, const float* first, const float* second,
                             const float* factorOne, const float* factorTwo) {
  const v128_t magic = wasm_f32x4_splat(ROUND_MAGIC);
  const v128_t one = wasm_f32x4_mul(wasm_v128_load(first), wasm_v128_load(factorOne));
  const v128_t two = wasm_f32x4_mul(wasm_v128_load(second), wasm_v128_load(factorTwo));
  // The low 16 bits of the rounded sums are the two's complement of q: the magic's own are zero.
  const v128_t low = keepLow(wasm_f32x4_add(one, magic));
  const v128_t high = wasm_i32x4_shl(wasm_f32x4_add(two, magic), 16);
  wasm_v128_store(target, wasm_v128_or(low, high));
}

}  // namespace
}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
