// Decides the hash of Ethereum's world in native code; crypto/keccak.ts is its definition.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace vivian {

/** Bytes of a Keccak-256 digest. */
constexpr size_t KECCAK_BYTES = 32;

/** Keccak-256 with the original padding (0x01); 32 bytes to `digest`. `data` may be null if 0. */
void keccak256(const uint8_t* data, size_t length, uint8_t* digest);

}  // namespace vivian
