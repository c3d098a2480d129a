// Decides how blocks are laid out for hashing and how their hashes are folded.
#include "block-tree.h"

#include <string.h>

#include <functional>
#include <system_error>
#include <thread>
#include <vector>

#include "padding.h"
#include "sha256.h"

namespace vivian {

namespace {

constexpr size_t SIDE = 16;
constexpr size_t ROW_BYTES = 4 * SIDE;
constexpr size_t LEAF_BYTES = 1 + ROW_BYTES * SIDE;
constexpr size_t NODE_BYTES = 1 + 2 * DIGEST_BYTES;

/** A message of a fixed size; its first byte and its padding stand, the rest is filled in. */
template <size_t BYTES>
struct Message {
  uint8_t bytes[paddedBlocks(BYTES) * SHA_BLOCK_BYTES] = {};

  explicit Message(uint8_t prefix) {
    bytes[0] = prefix;
    putPadding(bytes, BYTES);
  }
};

/** Hashes two messages of one size; an odd last one stands in for both. */
template <size_t BYTES>
void hashMessages(const Message<BYTES>* two, bool isPair, uint8_t* digests) {
  uint8_t both[2 * DIGEST_BYTES];
  hashTwo(two[0].bytes, two[isPair ? 1 : 0].bytes, paddedBlocks(BYTES), both);
  memcpy(digests, both, isPair ? 2 * DIGEST_BYTES : DIGEST_BYTES);
}

/** Copies a block, zero-filled at the edges, behind the leaf's prefix. */
void fillLeaf(uint8_t* leaf, const float* values, size_t rows, size_t columns, size_t stride) {
  if (rows == SIDE && columns == SIDE) {
    // Sizes known to the compiler become plain moves.
    for (size_t row = 0; row < SIDE; row += 1) {
      memcpy(leaf + 1 + ROW_BYTES * row, values + stride * row, ROW_BYTES);
    }
    return;
  }
  memset(leaf + 1, 0, LEAF_BYTES - 1);
  for (size_t row = 0; row < rows; row += 1) {
    memcpy(leaf + 1 + ROW_BYTES * row, values + stride * row, 4 * columns);
  }
}

/** Folds one level in place; an odd last hash goes up as it is. Gives the level above's count. */
size_t foldLevel(uint8_t* hashes, size_t count, Message<NODE_BYTES>* nodes) {
  const size_t pairs = count / 2;
  for (size_t pair = 0; pair < pairs; pair += 2) {
    const bool isPair = pair + 1 < pairs;
    for (size_t lane = 0; lane < (isPair ? 2u : 1u); lane += 1) {
      memcpy(nodes[lane].bytes + 1, hashes + 2 * DIGEST_BYTES * (pair + lane), 2 * DIGEST_BYTES);
    }
    hashMessages(nodes, isPair, hashes + DIGEST_BYTES * pair);
  }
  if (count % 2 == 1) {
    memmove(hashes + DIGEST_BYTES * pairs, hashes + DIGEST_BYTES * (count - 1), DIGEST_BYTES);
  }
  return pairs + count % 2;
}

size_t least(size_t a, size_t b) { return a < b ? a : b; }

/** A matrix and where the hashes of its blocks go. */
struct Blocks {
  const float* values;
  size_t rows, columns;
  size_t across;  // blocks a row of blocks
  uint8_t* hashes;
};

/** Hashes of blocks [begin, end). */
void hashBlocks(const Blocks& of, size_t begin, size_t end) {
  Message<LEAF_BYTES> leaves[2] = {Message<LEAF_BYTES>(0), Message<LEAF_BYTES>(0)};
  for (size_t block = begin; block < end; block += 2) {
    const bool isPair = block + 1 < end;
    for (size_t lane = 0; lane < (isPair ? 2u : 1u); lane += 1) {
      const size_t row = (block + lane) / of.across * SIDE;
      const size_t column = (block + lane) % of.across * SIDE;
      fillLeaf(leaves[lane].bytes, of.values + row * of.columns + column,
               least(SIDE, of.rows - row), least(SIDE, of.columns - column), of.columns);
    }
    hashMessages(leaves, isPair, of.hashes + DIGEST_BYTES * block);
  }
}

/** Blocks that are worth a thread: 1 MiB takes some milliseconds, a thread some microseconds. */
constexpr size_t PIECE_BLOCKS = 1024;

/** All blocks, a piece on each thread; what no thread can be had for, the caller hashes. */
void hashAllBlocks(const Blocks& of, size_t blocks, size_t threads) {
  const size_t pieces = least(threads, blocks / PIECE_BLOCKS);
  if (pieces < 2) return hashBlocks(of, 0, blocks);
  const size_t size = (blocks + pieces - 1) / pieces;
  std::vector<std::thread> others;
  others.reserve(pieces);
  size_t begin = size;
  try {
    for (; begin < blocks; begin += size) {
      others.emplace_back(hashBlocks, std::cref(of), begin, least(blocks, begin + size));
    }
  } catch (const std::system_error&) {
    hashBlocks(of, begin, blocks);
  }
  hashBlocks(of, 0, size);
  for (std::thread& other : others) other.join();
}

}  // namespace

void blockTreeRoot(const float* values, size_t count, size_t columns, size_t threads,
                   uint8_t* root) {
  const size_t rows = count / columns;
  const size_t across = (columns + SIDE - 1) / SIDE;
  size_t blocks = (rows + SIDE - 1) / SIDE * across;
  std::vector<uint8_t> hashes(blocks * DIGEST_BYTES);
  hashAllBlocks({values, rows, columns, across, hashes.data()}, blocks, threads);
  Message<NODE_BYTES> nodes[2] = {Message<NODE_BYTES>(1), Message<NODE_BYTES>(1)};
  while (blocks > 1) blocks = foldLevel(hashes.data(), blocks, nodes);
  memcpy(root, hashes.data(), DIGEST_BYTES);
}

}  // namespace vivian
