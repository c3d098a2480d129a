// Decides the JavaScript object of a session: upload, run, download, output, value, profile, close.
#pragma once
#include <node_api.h>

#include "step-session.h"

namespace vivian {

/** The JavaScript object of a session, which then belongs to it. */
napi_value wrapSession(napi_env env, std::unique_ptr<StepSession> session);

/** createSession(programBytes, { simd, threads, memoryBytesMax }). */
napi_value createSession(napi_env env, napi_callback_info info);

}  // namespace vivian
