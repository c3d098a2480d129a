// Decides how messages of any length are padded and hashed two at a time. Two that take another
// number of blocks are hashed each beside itself.
#include "record-tree.h"

#include <string.h>

#include <vector>

#include "padding.h"
#include "sha256.h"

namespace vivian {

namespace {

constexpr size_t PAIR_BYTES = 2 * DIGEST_BYTES;

/** Blocks of a prefix byte and a message with its padding. */
size_t blocksOf(size_t bytes) { return paddedBlocks(1 + bytes); }

/** A prefix byte, the message and its padding; `padded` has room for all its blocks. */
void pad(uint8_t prefix, const uint8_t* message, size_t bytes, uint8_t* padded) {
  padded[0] = prefix;
  memcpy(padded + 1, message, bytes);
  putPadding(padded, 1 + bytes);
}

}  // namespace

void hashLeaves(const uint8_t* leaves, const uint32_t* lengths, size_t count, uint8_t* digests) {
  size_t most = 0;
  for (size_t i = 0; i < count; i += 1) most = lengths[i] > most ? lengths[i] : most;
  const size_t room = blocksOf(most) * SHA_BLOCK_BYTES;
  std::vector<uint8_t> padded(2 * room);
  uint8_t both[2 * DIGEST_BYTES];
  for (size_t i = 0; i < count;) {
    const size_t blocks = blocksOf(lengths[i]);
    const bool isPair = i + 1 < count && blocksOf(lengths[i + 1]) == blocks;
    pad(0, leaves, lengths[i], padded.data());
    leaves += lengths[i];
    if (isPair) {
      pad(0, leaves, lengths[i + 1], padded.data() + room);
      leaves += lengths[i + 1];
    }
    hashTwo(padded.data(), padded.data() + (isPair ? room : 0), blocks, both);
    memcpy(digests + DIGEST_BYTES * i, both, isPair ? 2 * DIGEST_BYTES : DIGEST_BYTES);
    i += isPair ? 2 : 1;
  }
}

void hashPairsOfNodes(const uint8_t* pairs, size_t count, uint8_t* digests) {
  const size_t blocks = blocksOf(PAIR_BYTES);
  uint8_t padded[2][3 * SHA_BLOCK_BYTES];
  uint8_t both[2 * DIGEST_BYTES];
  for (size_t i = 0; i < count; i += 2) {
    const bool isPair = i + 1 < count;
    pad(1, pairs + PAIR_BYTES * i, PAIR_BYTES, padded[0]);
    if (isPair) pad(1, pairs + PAIR_BYTES * (i + 1), PAIR_BYTES, padded[1]);
    hashTwo(padded[0], padded[isPair ? 1 : 0], blocks, both);
    memcpy(digests + DIGEST_BYTES * i, both, isPair ? 2 * DIGEST_BYTES : DIGEST_BYTES);
  }
}

void foldNodes(uint8_t* nodes, size_t leaves) {
  for (size_t count = leaves; count > 1; count /= 2) {
    uint8_t* above = nodes + DIGEST_BYTES * count;
    hashPairsOfNodes(nodes, count / 2, above);
    nodes = above;
  }
}

}  // namespace vivian
