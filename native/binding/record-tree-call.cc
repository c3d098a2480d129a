// Decides the checks before leaves and nodes are hashed in a batch. The asker brings the digests'
// memory, and learns by false that this machine has no such instructions.
#include "record-tree-call.h"

#include <exception>

#include "../cpu/simd-levels.h"
#include "arguments.h"
#if defined(__x86_64__) || defined(_M_X64)
#include "../hash/record-tree.h"
#include "../hash/sha256.h"
#define VIVIAN_HAS_RECORD_TREE 1
#endif

namespace vivian {

napi_value leafHashesCall(napi_env env, napi_callback_info info) {
#if defined(VIVIAN_HAS_RECORD_TREE)
  if (hasShaInstructions()) {
    try {
      Arguments arguments;
      const uint8_t* leaves = nullptr;
      const uint8_t* lengths = nullptr;
      const uint8_t* digests = nullptr;
      size_t size = 0;
      size_t lengthBytes = 0;
      size_t room = 0;
      if (!readArguments(env, info, arguments) ||
          !readBytes(env, arguments.values[0], leaves, size) ||
          !readBytes(env, arguments.values[1], lengths, lengthBytes) ||
          !readBytes(env, arguments.values[2], digests, room) || (size_t)lengths % 4 != 0 ||
          lengthBytes % 4 != 0 || room != lengthBytes / 4 * DIGEST_BYTES) {
        return throwError(env, "ENGINE_SHAPE", "leaves, lengths and digests are Uint8Arrays");
      }
      const uint32_t* each = (const uint32_t*)lengths;
      const size_t count = lengthBytes / 4;
      uint64_t sum = 0;
      for (size_t i = 0; i < count; i += 1) sum += each[i];
      if (sum != size) return throwError(env, "ENGINE_SHAPE", "the lengths add up to the leaves");
      hashLeaves(leaves, each, count, const_cast<uint8_t*>(digests));
      return answerBoolean(env, true);
    } catch (const std::exception& error) {
      return throwError(env, "ENGINE_LIMIT", error.what());
    }
  }
#else
  (void)info;
#endif
  return answerBoolean(env, false);
}

napi_value nodeHashesCall(napi_env env, napi_callback_info info) {
#if defined(VIVIAN_HAS_RECORD_TREE)
  if (hasShaInstructions()) {
    Arguments arguments;
    const uint8_t* pairs = nullptr;
    const uint8_t* digests = nullptr;
    size_t size = 0;
    size_t room = 0;
    if (!readArguments(env, info, arguments) ||
        !readBytes(env, arguments.values[0], pairs, size) ||
        !readBytes(env, arguments.values[1], digests, room) || size % (2 * DIGEST_BYTES) != 0 ||
        room != size / 2) {
      return throwError(env, "ENGINE_SHAPE", "pairs of hashes, and half as much, are Uint8Arrays");
    }
    hashPairsOfNodes(pairs, size / (2 * DIGEST_BYTES), const_cast<uint8_t*>(digests));
    return answerBoolean(env, true);
  }
#else
  (void)info;
#endif
  return answerBoolean(env, false);
}

napi_value foldNodesCall(napi_env env, napi_callback_info info) {
#if defined(VIVIAN_HAS_RECORD_TREE)
  if (hasShaInstructions()) {
    Arguments arguments;
    const uint8_t* nodes = nullptr;
    size_t size = 0;
    if (!readArguments(env, info, arguments) ||
        !readBytes(env, arguments.values[0], nodes, size) || size == 0 ||
        size % DIGEST_BYTES != 0) {
      return throwError(env, "ENGINE_SHAPE", "nodes are hashes in a Uint8Array");
    }
    const size_t leaves = (size / DIGEST_BYTES + 1) / 2;
    if ((leaves & (leaves - 1)) != 0 || (2 * leaves - 1) * DIGEST_BYTES != size) {
      return throwError(env, "ENGINE_SHAPE", "nodes are those of a power of two of leaves");
    }
    foldNodes(const_cast<uint8_t*>(nodes), leaves);
    return answerBoolean(env, true);
  }
#else
  (void)info;
#endif
  return answerBoolean(env, false);
}

}  // namespace vivian
