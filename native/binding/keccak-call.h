// Decides how JavaScript asks for a Keccak-256.
#pragma once
#include <node_api.h>

namespace vivian {

/** keccak256(bytes: Uint8Array, digest: Uint8Array of 32 bytes): undefined; fills `digest`. */
napi_value keccak256Call(napi_env env, napi_callback_info info);

}  // namespace vivian
