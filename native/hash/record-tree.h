// Decides how many records become the leaves of an RFC 9162 tree, and pairs its nodes.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace vivian {

/** SHA-256(0x00 ‖ leaf) of leaves one after another, of so many bytes each. */
void hashLeaves(const uint8_t* leaves, const uint32_t* lengths, size_t count, uint8_t* digests);

/** SHA-256(0x01 ‖ 64 bytes) of so many pairs of hashes. */
void hashPairsOfNodes(const uint8_t* pairs, size_t count, uint8_t* digests);

/** Writes all nodes above so many hashes, a power of two, behind them: half as many, and so on. */
void foldNodes(uint8_t* nodes, size_t leaves);

}  // namespace vivian
