// Decides the x64 form of hashTwo. Compiled with flags of its own (binding.gyp), so nothing from
// the standard library is used here: an inline copy of it could be linked into code for older
// processors.
#include <immintrin.h>

#include "sha256.h"

#if defined(__GNUC__) && !defined(__clang__)
#define UNROLL _Pragma("GCC unroll 16")
#elif defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL
#endif

namespace vivian {

namespace {

constexpr int LANES = 2;

// First 32 bits of the fractional parts of the cube roots of the first 64 primes.
alignas(16) constexpr uint32_t ROUND_CONSTANTS[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/** The state as the instructions hold it: words A B E F and C D G H, highest first. */
struct State {
  __m128i abef;
  __m128i cdgh;
};

State initialState() {
  // Square roots of the first 8 primes: 6a09e667 bb67ae85 3c6ef372 a54ff53a 510e527f 9b05688c
  // 1f83d9ab 5be0cd19.
  return {_mm_set_epi32(0x6a09e667, (int)0xbb67ae85, 0x510e527f, (int)0x9b05688c),
          _mm_set_epi32(0x3c6ef372, (int)0xa54ff53a, 0x1f83d9ab, 0x5be0cd19)};
}

/** Mixes one block of each lane into its state. */
inline void mixBlocks(State* states, const uint8_t* const* blocks) {
  // Words of a message are big-endian.
  const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
  State before[LANES];
  __m128i words[LANES][4];
  UNROLL for (int lane = 0; lane < LANES; lane += 1) {
    before[lane] = states[lane];
    UNROLL for (int group = 0; group < 4; group += 1) {
      const __m128i* from = (const __m128i*)(blocks[lane] + 16 * group);
      words[lane][group] = _mm_shuffle_epi8(_mm_loadu_si128(from), swap);
    }
  }
  UNROLL for (int group = 0; group < 16; group += 1) {
    const __m128i constants = _mm_load_si128((const __m128i*)(ROUND_CONSTANTS + 4 * group));
    UNROLL for (int lane = 0; lane < LANES; lane += 1) {
      State& state = states[lane];
      __m128i* w = words[lane];
      const __m128i sum = _mm_add_epi32(w[group % 4], constants);
      state.cdgh = _mm_sha256rnds2_epu32(state.cdgh, state.abef, sum);
      state.abef = _mm_sha256rnds2_epu32(state.abef, state.cdgh, _mm_shuffle_epi32(sum, 0x0e));
      if (group < 3 || group == 15) continue;
      // Words of the next group, from those 16, 15, 7 and 2 before them.
      const __m128i last = w[group % 4];
      __m128i& next = w[(group + 1) % 4];
      const __m128i seven = _mm_alignr_epi8(last, w[(group + 3) % 4], 4);
      next = _mm_add_epi32(_mm_sha256msg1_epu32(next, w[(group + 2) % 4]), seven);
      next = _mm_sha256msg2_epu32(next, last);
    }
  }
  UNROLL for (int lane = 0; lane < LANES; lane += 1) {
    states[lane].abef = _mm_add_epi32(states[lane].abef, before[lane].abef);
    states[lane].cdgh = _mm_add_epi32(states[lane].cdgh, before[lane].cdgh);
  }
}

/** Each round's constant plus its word of the padding of a message of 64 bytes. */
struct PaddingWords {
  alignas(16) uint32_t sums[64];
};

constexpr uint32_t turned(uint32_t word, int by) { return (word >> by) | (word << (32 - by)); }

constexpr PaddingWords paddingWords() {
  PaddingWords padding{};
  uint32_t words[64] = {};
  // A one bit, and the length in bits.
  words[0] = 0x80000000;
  words[15] = 8 * SHA_BLOCK_BYTES;
  for (int i = 16; i < 64; i += 1) {
    const uint32_t early = words[i - 15];
    const uint32_t late = words[i - 2];
    words[i] = words[i - 16] + words[i - 7] +
               (turned(early, 7) ^ turned(early, 18) ^ (early >> 3)) +
               (turned(late, 17) ^ turned(late, 19) ^ (late >> 10));
  }
  for (int i = 0; i < 64; i += 1) padding.sums[i] = words[i] + ROUND_CONSTANTS[i];
  return padding;
}

constexpr PaddingWords PADDING = paddingWords();

/** Mixes the padding of a message of 64 bytes into each lane's state. */
inline void mixPadding(State* states) {
  State before[LANES];
  UNROLL for (int lane = 0; lane < LANES; lane += 1) before[lane] = states[lane];
  UNROLL for (int group = 0; group < 16; group += 1) {
    const __m128i sum = _mm_load_si128((const __m128i*)(PADDING.sums + 4 * group));
    const __m128i upper = _mm_shuffle_epi32(sum, 0x0e);
    UNROLL for (int lane = 0; lane < LANES; lane += 1) {
      State& state = states[lane];
      state.cdgh = _mm_sha256rnds2_epu32(state.cdgh, state.abef, sum);
      state.abef = _mm_sha256rnds2_epu32(state.abef, state.cdgh, upper);
    }
  }
  UNROLL for (int lane = 0; lane < LANES; lane += 1) {
    states[lane].abef = _mm_add_epi32(states[lane].abef, before[lane].abef);
    states[lane].cdgh = _mm_add_epi32(states[lane].cdgh, before[lane].cdgh);
  }
}

void storeDigest(const State& state, uint8_t* digest) {
  alignas(16) uint32_t abef[4];
  alignas(16) uint32_t cdgh[4];
  _mm_store_si128((__m128i*)abef, state.abef);
  _mm_store_si128((__m128i*)cdgh, state.cdgh);
  const uint32_t words[8] = {abef[3], abef[2], cdgh[3], cdgh[2],
                             abef[1], abef[0], cdgh[1], cdgh[0]};
  for (int i = 0; i < 8; i += 1) {
    for (int byte = 0; byte < 4; byte += 1) {
      digest[4 * i + byte] = (uint8_t)(words[i] >> (24 - 8 * byte));
    }
  }
}

}  // namespace

void hashTwo(const uint8_t* first, const uint8_t* second, size_t blocks, uint8_t* digests) {
  State states[LANES] = {initialState(), initialState()};
  for (size_t block = 0; block < blocks; block += 1) {
    const uint8_t* at[LANES] = {first + SHA_BLOCK_BYTES * block, second + SHA_BLOCK_BYTES * block};
    mixBlocks(states, at);
  }
  storeDigest(states[0], digests);
  storeDigest(states[1], digests + DIGEST_BYTES);
}

void hashTwoPairs(const uint8_t* first, const uint8_t* second, uint8_t* digests) {
  State states[LANES] = {initialState(), initialState()};
  const uint8_t* at[LANES] = {first, second};
  mixBlocks(states, at);
  mixPadding(states);
  storeDigest(states[0], digests);
  storeDigest(states[1], digests + DIGEST_BYTES);
}

}  // namespace vivian
