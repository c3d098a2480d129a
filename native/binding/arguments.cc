// Decides the readings declared in arguments.h.
#include "arguments.h"

namespace vivian {

namespace {

/** Longest text an option may be; levels have short names. */
constexpr size_t TEXT_BYTES_MAX = 64;

bool hasType(napi_env env, napi_value value, napi_valuetype expected) {
  napi_valuetype type;
  return value != nullptr && napi_typeof(env, value, &type) == napi_ok && type == expected;
}

bool readView(napi_env env, napi_value value, napi_typedarray_type expected, void** data,
              size_t& length) {
  bool isView = false;
  if (value == nullptr || napi_is_typedarray(env, value, &isView) != napi_ok || !isView) {
    return false;
  }
  napi_typedarray_type type;
  napi_value buffer;
  size_t offset;
  if (napi_get_typedarray_info(env, value, &type, &length, data, &buffer, &offset) != napi_ok) {
    return false;
  }
  return type == expected && (*data != nullptr || length == 0);
}

}  // namespace

bool readArguments(napi_env env, napi_callback_info info, Arguments& arguments) {
  const napi_status status = napi_get_cb_info(env, info, &arguments.count, arguments.values,
                                              &arguments.self, nullptr);
  return status == napi_ok;
}

bool readInteger(napi_env env, napi_value value, double least, double most, double& result) {
  if (!hasType(env, value, napi_number)) return false;
  if (napi_get_value_double(env, value, &result) != napi_ok) return false;
  if (!(result >= least && result <= most)) return false;
  return result == (double)(int64_t)result;
}

bool readText(napi_env env, napi_value value, std::string& result) {
  if (!hasType(env, value, napi_string)) return false;
  char text[TEXT_BYTES_MAX + 1];
  size_t length = 0;
  if (napi_get_value_string_utf8(env, value, text, sizeof text, &length) != napi_ok) return false;
  result.assign(text, length);
  return true;
}

bool readBoolean(napi_env env, napi_value value, bool& result) {
  if (!hasType(env, value, napi_boolean)) return false;
  return napi_get_value_bool(env, value, &result) == napi_ok;
}

bool readBytes(napi_env env, napi_value value, const uint8_t*& data, size_t& length) {
  void* memory = nullptr;
  if (!readView(env, value, napi_uint8_array, &memory, length)) return false;
  data = (const uint8_t*)memory;
  return true;
}

bool readFloats(napi_env env, napi_value value, const float*& data, size_t& length) {
  void* memory = nullptr;
  if (!readView(env, value, napi_float32_array, &memory, length)) return false;
  data = (const float*)memory;
  return true;
}

bool readProperty(napi_env env, napi_value object, const char* name, napi_value& result) {
  if (!hasType(env, object, napi_object)) return false;
  bool has = false;
  if (napi_has_named_property(env, object, name, &has) != napi_ok || !has) return false;
  return napi_get_named_property(env, object, name, &result) == napi_ok;
}

napi_value answerBoolean(napi_env env, bool value) {
  napi_value result = nullptr;
  napi_get_boolean(env, value, &result);
  return result;
}

napi_value throwError(napi_env env, const char* code, const std::string& message) {
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (!pending) napi_throw_error(env, code, message.c_str());
  return nullptr;
}

napi_value newFloats(napi_env env, size_t count, float*& data) {
  void* memory = nullptr;
  napi_value buffer;
  napi_value view;
  if (napi_create_arraybuffer(env, count * 4, &memory, &buffer) != napi_ok || memory == nullptr ||
      napi_create_typedarray(env, napi_float32_array, count, buffer, 0, &view) != napi_ok) {
    return throwError(env, "ENGINE_LIMIT", "no memory for a copy of the tensor");
  }
  data = (float*)memory;
  return view;
}

}  // namespace vivian
