// Decides how the leaves and pages of the state map are hashed, many at once.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace vivian {

/**
 * SHA-256(0x00 ‖ key ‖ SHA-256(value)) of so many rows: keys of 32 bytes, and values one after
 * another of so many bytes each.
 */
void mapLeaves(const uint8_t* keys, const uint8_t* values, const uint32_t* lengths, size_t count,
               uint8_t* digests);

/**
 * Roots of pages that begin at `starts` in `bytes`: a kind each (0 empty, 1 leaf, 2 subtree), and
 * 32 bytes of hash where it is not empty. False where bytes are no page.
 */
bool pageRoots(const uint8_t* bytes, size_t size, const uint32_t* starts, size_t count,
               uint8_t* kinds, uint8_t* hashes);

}  // namespace vivian
