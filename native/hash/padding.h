// Decides how a message is filled up to whole blocks: SHA-256's padding (FIPS 180-4, 5.1.1).
#pragma once
#include <stdint.h>
#include <string.h>

#include "sha256.h"

namespace vivian {

/** Blocks of a message with its padding: a bit, zeros and the length in 8 bytes. */
constexpr size_t paddedBlocks(size_t bytes) {
  return (bytes + 1 + 8 + SHA_BLOCK_BYTES - 1) / SHA_BLOCK_BYTES;
}

/** Puts the padding behind a message of so many bytes, which has room for it. */
inline void putPadding(uint8_t* message, size_t bytes) {
  const size_t end = paddedBlocks(bytes) * SHA_BLOCK_BYTES;
  memset(message + bytes, 0, end - bytes);
  message[bytes] = 0x80;
  const uint64_t bits = 8 * (uint64_t)bytes;
  for (size_t i = 0; i < 8; i += 1) message[end - 1 - i] = (uint8_t)(bits >> (8 * i));
}

}  // namespace vivian
