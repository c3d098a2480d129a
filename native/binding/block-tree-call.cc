// Decides the checks before a block tree is hashed.
#include "block-tree-call.h"

#include <string.h>

#include <exception>

#include "../cpu/simd-levels.h"
#include "arguments.h"
#if defined(__x86_64__) || defined(_M_X64)
#include "../hash/block-tree.h"
#define VIVIAN_HAS_BLOCK_TREE 1
#endif

namespace vivian {

napi_value blockTreeRootCall(napi_env env, napi_callback_info info) {
  napi_value result = nullptr;
#if defined(VIVIAN_HAS_BLOCK_TREE)
  if (hasShaInstructions()) {
    try {
      Arguments arguments;
      const float* values = nullptr;
      size_t count = 0;
      double columns = 0;
      double threads = 0;
      if (!readArguments(env, info, arguments) ||
          !readFloats(env, arguments.values[0], values, count) || count == 0 ||
          !readInteger(env, arguments.values[1], 1, (double)count, columns) ||
          count % (size_t)columns != 0 ||
          !readInteger(env, arguments.values[2], 1, TREE_THREADS_MAX, threads)) {
        return throwError(env, "ENGINE_SHAPE",
                          "values are whole rows of a Float32Array, threads 1 to 8");
      }
      uint8_t root[32];
      blockTreeRoot(values, count, (size_t)columns, (size_t)threads, root);
      void* bytes = nullptr;
      napi_value buffer;
      if (napi_create_arraybuffer(env, sizeof root, &bytes, &buffer) != napi_ok ||
          bytes == nullptr ||
          napi_create_typedarray(env, napi_uint8_array, sizeof root, buffer, 0, &result) !=
              napi_ok) {
        return throwError(env, "ENGINE_LIMIT", "no memory for a root");
      }
      memcpy(bytes, root, sizeof root);
      return result;
    } catch (const std::exception& error) {
      return throwError(env, "ENGINE_LIMIT", error.what());
    }
  }
#else
  (void)info;
#endif
  napi_get_undefined(env, &result);
  return result;
}

}  // namespace vivian
