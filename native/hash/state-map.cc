// Decides the order in which nodes of pages are hashed: level by level over a group of pages, so
// that there are nearly always two messages to hash beside each other.
#include "state-map.h"

#include <string.h>

#include <vector>

#include "padding.h"
#include "sha256.h"

namespace vivian {

namespace {

constexpr size_t PLACES = 64;
constexpr size_t KIND_BYTES = 16;
constexpr size_t KEY_BYTES = 32;
constexpr size_t GROUP_PAGES = 16;
constexpr uint8_t EMPTY = 0;
constexpr uint8_t LEAF = 1;
constexpr uint8_t SUBTREE = 2;

const uint8_t NO_HASH[DIGEST_BYTES] = {};

/** A node of a page while its levels are folded. */
struct Node {
  const uint8_t* hash;
  uint8_t kind;
};

/** Hashes pairs of hashes two at a time; digests go one after another to the memory it is given. */
class PairQueue {
 public:
  explicit PairQueue(uint8_t* digests) : next_(digests) {}

  /** Where the digest of the pair will be after the next `flush`. */
  const uint8_t* add(const uint8_t* left, const uint8_t* right) {
    memcpy(messages_[waiting_], left, DIGEST_BYTES);
    memcpy(messages_[waiting_] + DIGEST_BYTES, right, DIGEST_BYTES);
    const uint8_t* digest = next_ + DIGEST_BYTES * waiting_;
    waiting_ += 1;
    if (waiting_ == 2) flush();
    return digest;
  }

  void flush() {
    if (waiting_ == 0) return;
    uint8_t both[2 * DIGEST_BYTES];
    hashTwoPairs(messages_[0], messages_[waiting_ - 1], both);
    memcpy(next_, both, DIGEST_BYTES * waiting_);
    next_ += DIGEST_BYTES * waiting_;
    waiting_ = 0;
  }

 private:
  uint8_t messages_[2][2 * DIGEST_BYTES];
  uint8_t* next_;
  size_t waiting_ = 0;
};

/** Reads the places of a page. */
bool readPage(const uint8_t* page, size_t room, Node* nodes) {
  if (room < KIND_BYTES) return false;
  size_t at = KIND_BYTES;
  for (size_t place = 0; place < PLACES; place += 1) {
    const uint8_t kind = (page[place >> 2] >> (2 * (place & 3))) & 3;
    nodes[place] = {NO_HASH, kind};
    if (kind == EMPTY) continue;
    if (kind > SUBTREE) return false;
    if (kind == LEAF) at += KEY_BYTES;
    if (at + DIGEST_BYTES > room) return false;
    nodes[place].hash = page + at;
    at += DIGEST_BYTES;
  }
  return true;
}

}  // namespace

void mapLeaves(const uint8_t* keys, const uint8_t* values, const uint32_t* lengths, size_t count,
               uint8_t* digests) {
  constexpr size_t LEAF_BYTES = 1 + KEY_BYTES + DIGEST_BYTES;
  uint8_t leaves[2][paddedBlocks(LEAF_BYTES) * SHA_BLOCK_BYTES];
  for (auto& leaf : leaves) {
    leaf[0] = 0;
    putPadding(leaf, LEAF_BYTES);
  }
  size_t most = 0;
  for (size_t i = 0; i < count; i += 1) most = lengths[i] > most ? lengths[i] : most;
  const size_t room = paddedBlocks(most) * SHA_BLOCK_BYTES;
  std::vector<uint8_t> padded(2 * room);
  const auto take = [&](size_t index, size_t lane) {
    uint8_t* message = padded.data() + lane * room;
    if (lengths[index] > 0) memcpy(message, values, lengths[index]);
    putPadding(message, lengths[index]);
    values += lengths[index];
  };
  for (size_t i = 0; i < count;) {
    const size_t blocks = paddedBlocks(lengths[i]);
    const bool isPair = i + 1 < count && paddedBlocks(lengths[i + 1]) == blocks;
    const size_t lanes = isPair ? 2 : 1;
    take(i, 0);
    if (isPair) take(i + 1, 1);
    uint8_t both[2 * DIGEST_BYTES];
    hashTwo(padded.data(), padded.data() + (isPair ? room : 0), blocks, both);
    for (size_t lane = 0; lane < lanes; lane += 1) {
      memcpy(leaves[lane] + 1, keys + KEY_BYTES * (i + lane), KEY_BYTES);
      memcpy(leaves[lane] + 1 + KEY_BYTES, both + DIGEST_BYTES * lane, DIGEST_BYTES);
    }
    hashTwo(leaves[0], leaves[lanes - 1], paddedBlocks(LEAF_BYTES), both);
    memcpy(digests + DIGEST_BYTES * i, both, DIGEST_BYTES * lanes);
    i += lanes;
  }
}

bool pageRoots(const uint8_t* bytes, size_t size, const uint32_t* starts, size_t count,
               uint8_t* kinds, uint8_t* hashes) {
  std::vector<Node> nodes(GROUP_PAGES * PLACES);
  std::vector<uint8_t> digests(GROUP_PAGES * PLACES * DIGEST_BYTES);
  for (size_t first = 0; first < count; first += GROUP_PAGES) {
    const size_t pages = count - first < GROUP_PAGES ? count - first : GROUP_PAGES;
    for (size_t page = 0; page < pages; page += 1) {
      const size_t start = starts[first + page];
      if (start > size) return false;
      if (!readPage(bytes + start, size - start, nodes.data() + PLACES * page)) return false;
    }
    PairQueue queue(digests.data());
    // Node i of a level is written before node 2·i of the level below is overwritten.
    for (size_t width = pages * PLACES; width > pages; width /= 2) {
      for (size_t left = 0; left < width; left += 2) {
        const Node one = nodes[left];
        const Node other = nodes[left + 1];
        // A subtree with one leaf is that leaf, an empty one is nothing.
        if (one.kind + other.kind <= LEAF) nodes[left / 2] = one.kind == EMPTY ? other : one;
        else nodes[left / 2] = {queue.add(one.hash, other.hash), SUBTREE};
      }
      queue.flush();
    }
    for (size_t page = 0; page < pages; page += 1) {
      kinds[first + page] = nodes[page].kind;
      memcpy(hashes + DIGEST_BYTES * (first + page), nodes[page].hash, DIGEST_BYTES);
    }
  }
  return true;
}

}  // namespace vivian
