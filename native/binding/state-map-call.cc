// Decides the checks before rows and pages of the state map are hashed. The asker brings the
// memory, and learns by false that this machine has no such instructions.
#include "state-map-call.h"

#include <exception>

#include "../cpu/simd-levels.h"
#include "arguments.h"
#if defined(__x86_64__) || defined(_M_X64)
#include "../hash/sha256.h"
#include "../hash/state-map.h"
#define VIVIAN_HAS_STATE_MAP 1
#endif

namespace vivian {

#if defined(VIVIAN_HAS_STATE_MAP)
namespace {

/** The three views each call takes; the second holds aligned u32 numbers. */
struct Views {
  const uint8_t* bytes = nullptr;
  size_t size = 0;
  const uint32_t* numbers = nullptr;
  size_t count = 0;
  uint8_t* out = nullptr;
  size_t room = 0;
};

bool readViews(napi_env env, napi_callback_info info, Views& views) {
  Arguments arguments;
  const uint8_t* numbers = nullptr;
  const uint8_t* out = nullptr;
  size_t numberBytes = 0;
  if (!readArguments(env, info, arguments) ||
      !readBytes(env, arguments.values[0], views.bytes, views.size) ||
      !readBytes(env, arguments.values[1], numbers, numberBytes) ||
      !readBytes(env, arguments.values[2], out, views.room) || (size_t)numbers % 4 != 0 ||
      numberBytes % 4 != 0) {
    return false;
  }
  views.numbers = (const uint32_t*)numbers;
  views.count = numberBytes / 4;
  views.out = const_cast<uint8_t*>(out);
  return true;
}

}  // namespace
#endif

napi_value mapLeavesCall(napi_env env, napi_callback_info info) {
#if defined(VIVIAN_HAS_STATE_MAP)
  if (hasShaInstructions()) {
    try {
      Views views;
      if (!readViews(env, info, views) || views.room != views.count * DIGEST_BYTES) {
        return throwError(env, "ENGINE_SHAPE", "rows, lengths and digests are Uint8Arrays");
      }
      uint64_t sum = 32 * (uint64_t)views.count;
      for (size_t i = 0; i < views.count; i += 1) sum += views.numbers[i];
      if (sum != views.size) return throwError(env, "ENGINE_SHAPE", "lengths add up to the rows");
      const uint8_t* values = views.bytes + 32 * views.count;
      mapLeaves(views.bytes, values, views.numbers, views.count, views.out);
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

napi_value pageRootsCall(napi_env env, napi_callback_info info) {
#if defined(VIVIAN_HAS_STATE_MAP)
  if (hasShaInstructions()) {
    try {
      Views views;
      if (!readViews(env, info, views) || views.room != views.count * (1 + DIGEST_BYTES)) {
        return throwError(env, "ENGINE_SHAPE", "pages, starts and roots are Uint8Arrays");
      }
      uint8_t* hashes = views.out + views.count;
      if (!pageRoots(views.bytes, views.size, views.numbers, views.count, views.out, hashes)) {
        return throwError(env, "ENGINE_SHAPE", "the bytes are no pages of the state map");
      }
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

}  // namespace vivian
