// Decides how values from JavaScript are taken apart: each reader answers false on anything it does
// not expect and never throws.
#pragma once
#include <node_api.h>
#include <stdint.h>
#include <string>

namespace vivian {

/** Most arguments any function here takes. */
constexpr size_t ARGUMENTS_MAX = 3;

struct Arguments {
  size_t count = ARGUMENTS_MAX;
  napi_value values[ARGUMENTS_MAX] = {};
  napi_value self = nullptr;
};

bool readArguments(napi_env env, napi_callback_info info, Arguments& arguments);
/** An integer in [least, most]; a fraction, NaN or another type is refused. */
bool readInteger(napi_env env, napi_value value, double least, double most, double& result);
bool readText(napi_env env, napi_value value, std::string& result);
bool readBoolean(napi_env env, napi_value value, bool& result);
/** A view's memory; null data only when its length is 0 (detached buffers included). */
bool readBytes(napi_env env, napi_value value, const uint8_t*& data, size_t& length);
bool readFloats(napi_env env, napi_value value, const float*& data, size_t& length);
/** A property of an object; false when it is absent or `object` is no object. */
bool readProperty(napi_env env, napi_value object, const char* name, napi_value& result);

/** true or false for JavaScript. */
napi_value answerBoolean(napi_env env, bool value);
/** Throws a JavaScript Error whose `code` is `code`, and gives null to return. */
napi_value throwError(napi_env env, const char* code, const std::string& message);
/** A new Float32Array of `count` values, to be written at `data`; null with a pending exception. */
napi_value newFloats(napi_env env, size_t count, float*& data);

}  // namespace vivian
