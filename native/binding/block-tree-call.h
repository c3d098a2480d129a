// Decides how JavaScript asks for the root of a block tree.
#pragma once
#include <node_api.h>

namespace vivian {

/**
 * blockTreeRoot(values: Float32Array, columns): Uint8Array of 32 bytes; undefined where this
 * machine has no instructions for it, which is the asker's cue to hash by itself.
 */
napi_value blockTreeRootCall(napi_env env, napi_callback_info info);

}  // namespace vivian
