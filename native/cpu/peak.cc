// Decides the rate measured as a level's limit: independent products from registers.
#include "peak.h"

#include "pair-kernel.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

/** Keeps the compiler from computing one product for all chains and repeats. */
VIVIAN_INLINE void hideValue(Vector& value) {
#if defined(_MSC_VER) && !defined(__clang__)
  (void)value;
#elif VIVIAN_LEVEL == VIVIAN_LEVEL_SCALAR || VIVIAN_LEVEL == VIVIAN_LEVEL_WASM
  __asm__ volatile("" : "+m"(value));
#elif VIVIAN_LEVEL == VIVIAN_LEVEL_NEON
  __asm__ volatile("" : "+w"(value));
#else
  __asm__ volatile("" : "+x"(value));
#endif
}

/** The products a level makes of I14, and of I8 where that has a kernel of its own. */
template <bool isOfBytes>
VIVIAN_INLINE Sum multiplied(Sum sum, Vector a, Vector b) {
#if VIVIAN_LEVEL == VIVIAN_LEVEL_AVX512VNNI
  if constexpr (isOfBytes) return _mm512_dpbusd_epi32(sum, a, b);
#endif
  return multiplyAdd(sum, a, b);
}

template <bool isOfBytes>
int64_t peakOfProducts(int64_t rounds) {
#if VIVIAN_LEVEL == VIVIAN_LEVEL_AVX2 && !defined(VIVIAN_PAIR_SUMS)
  constexpr int CHAINS = 6;  // each has a register for its product besides, of 16
#else
  constexpr int CHAINS = 12;  // more than latency × ports
#endif
  constexpr int REPEATS = 32;
  char pair[4] = {1, 2, 3, 4};
  Vector a = broadcast(pair);
  const Vector b = broadcast(pair);
  Sum sums[CHAINS];
  VIVIAN_UNROLL for (int i = 0; i < CHAINS; i += 1) sums[i] = zeroSum();
  for (int64_t round = 0; round < rounds; round += 1) {
    for (int repeat = 0; repeat < REPEATS; repeat += 1) {
      VIVIAN_UNROLL for (int i = 0; i < CHAINS; i += 1) {
        hideValue(a);
        sums[i] = multiplied<isOfBytes>(sums[i], a, b);
      }
    }
    VIVIAN_UNROLL for (int i = 0; i < CHAINS; i += 1) sums[i] = keepLow(sums[i]);
  }
  Vector total = zeroVector();
  VIVIAN_UNROLL for (int i = 0; i < CHAINS; i += 1) total = addHigh(total, sums[i]);
  int32_t lanes[LANES];
  storeVector(lanes, total);
  // Every lane is used, or a compiler would compute only those that are.
  int32_t all = 0;
  for (int i = 0; i < LANES; i += 1) all ^= lanes[i];
  const volatile int32_t sink = all;
  (void)sink;
  return rounds * REPEATS * CHAINS * LANES * (isOfBytes ? 4 : 2);
}

}  // namespace

int64_t runPeak(int64_t rounds, int32_t profile) {
#if VIVIAN_LEVEL == VIVIAN_LEVEL_AVX512VNNI
  if (profile == 2) return peakOfProducts<true>(rounds);
#else
  (void)profile;
#endif
  return peakOfProducts<false>(rounds);
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
