// Decides the root of a matrix's block tree in one call; engine/state/state-root.ts is its
// definition.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace vivian {

/**
 * RFC 9162 root over the 16 × 16 blocks of a row-major matrix of 32-bit words, 32 bytes to `root`.
 * @param count    words, a multiple of `columns`; both at least 1
 * Throws std::bad_alloc. Only where `hasShaInstructions`, on a little-endian machine.
 */
void blockTreeRoot(const float* values, size_t count, size_t columns, uint8_t* root);

}  // namespace vivian
