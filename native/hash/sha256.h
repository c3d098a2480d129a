// Decides how two messages are hashed at once: SHA-256 (FIPS 180-4) by the processor's own
// instructions, whose latency hides the other message's work.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace vivian {

/** Bytes of a block and of a digest. */
constexpr size_t SHA_BLOCK_BYTES = 64;
constexpr size_t DIGEST_BYTES = 32;

/**
 * SHA-256 of two padded messages of `blocks` · 64 bytes each (they may be the same one); two
 * digests go to `digests`. Only where `hasShaInstructions`.
 */
void hashTwo(const uint8_t* first, const uint8_t* second, size_t blocks, uint8_t* digests);

/**
 * SHA-256 of two messages of 64 bytes each, which need no padding: that of such a message is always
 * the same block, whose words are known. Likewise only where `hasShaInstructions`.
 */
void hashTwoPairs(const uint8_t* first, const uint8_t* second, uint8_t* digests);

}  // namespace vivian
