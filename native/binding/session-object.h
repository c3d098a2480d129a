// Decides the JavaScript object of a session: upload, run, download, output, value, profile, close.
#pragma once
#include <node_api.h>

namespace vivian {

/** createSession(programBytes, { simd, threads, memoryBytesMax }). */
napi_value createSession(napi_env env, napi_callback_info info);

}  // namespace vivian
