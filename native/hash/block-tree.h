// Decides the root of a matrix's block tree in one call; engine/state/state-root.ts is its
// definition.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace vivian {

/** Most threads a tree is hashed on; memory is not read faster by more. */
constexpr size_t TREE_THREADS_MAX = 8;

/**
 * RFC 9162 root over the 16 × 16 blocks of a row-major matrix of 32-bit words, 32 bytes to `root`.
 * @param count    words, a multiple of `columns`; both at least 1
 * @param threads  1 to TREE_THREADS_MAX, the caller's among them; small matrices use fewer
 * Throws std::bad_alloc. Only where `hasShaInstructions`, on a little-endian machine.
 */
void blockTreeRoot(const float* values, size_t count, size_t columns, size_t threads,
                   uint8_t* root);

}  // namespace vivian
