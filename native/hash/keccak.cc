// Decides Keccak-256: the sponge of FIPS 202 with rate 136 and the padding of the original
// submission. Plain 64-bit words, so every processor has it.
#include "keccak.h"

#include <string.h>

namespace vivian {

namespace {

constexpr size_t LANES = 25;
constexpr size_t ROUNDS = 24;
constexpr size_t RATE_BYTES = 136;

/** Constants of the step iota, one a round (FIPS 202, section 3.2.5). */
constexpr uint64_t IOTA[ROUNDS] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

/** Where the lane that is moved goes, and by how much it turns, in the order of one walk. */
constexpr uint8_t PI[LANES - 1] = {10, 7,  11, 17, 18, 3, 5,  16, 8,  21, 24, 4,
                                   15, 23, 19, 13, 12, 2, 20, 14, 22, 9,  6,  1};
constexpr uint8_t RHO[LANES - 1] = {1,  3,  6,  10, 15, 21, 28, 36, 45, 55, 2,  14,
                                    27, 41, 56, 8,  25, 43, 62, 18, 39, 61, 20, 44};

inline uint64_t turn(uint64_t value, unsigned bits) {
  return (value << bits) | (value >> (64 - bits));
}

void permute(uint64_t* a) {
  for (size_t round = 0; round < ROUNDS; round += 1) {
    uint64_t c[5];
    for (size_t x = 0; x < 5; x += 1) c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
    for (size_t x = 0; x < 5; x += 1) {
      const uint64_t d = c[(x + 4) % 5] ^ turn(c[(x + 1) % 5], 1);
      for (size_t y = 0; y < LANES; y += 5) a[y + x] ^= d;
    }
    uint64_t moved = a[1];
    for (size_t step = 0; step < LANES - 1; step += 1) {
      const uint64_t kept = a[PI[step]];
      a[PI[step]] = turn(moved, RHO[step]);
      moved = kept;
    }
    for (size_t y = 0; y < LANES; y += 5) {
      uint64_t row[5];
      for (size_t x = 0; x < 5; x += 1) row[x] = a[y + x];
      for (size_t x = 0; x < 5; x += 1) a[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
    }
    a[0] ^= IOTA[round];
  }
}

/** Little-endian by shifts, which compilers make one load of. */
void absorb(uint64_t* state, const uint8_t* block) {
  for (size_t lane = 0; lane < RATE_BYTES / 8; lane += 1) {
    uint64_t word = 0;
    for (size_t byte = 0; byte < 8; byte += 1) {
      word |= (uint64_t)block[8 * lane + byte] << (8 * byte);
    }
    state[lane] ^= word;
  }
  permute(state);
}

}  // namespace

void keccak256(const uint8_t* data, size_t length, uint8_t* digest) {
  uint64_t state[LANES] = {};
  size_t at = 0;
  for (; length - at >= RATE_BYTES; at += RATE_BYTES) absorb(state, data + at);
  uint8_t last[RATE_BYTES] = {};
  if (length > at) memcpy(last, data + at, length - at);
  last[length - at] ^= 0x01;
  last[RATE_BYTES - 1] ^= 0x80;
  absorb(state, last);
  for (size_t byte = 0; byte < KECCAK_BYTES; byte += 1) {
    digest[byte] = (uint8_t)(state[byte / 8] >> (8 * (byte % 8)));
  }
}

}  // namespace vivian
