// Decides the checks before a Keccak-256. The asker brings the digest's memory: making an array in
// here would take longer than hashing does.
#include "keccak-call.h"

#include "../hash/keccak.h"
#include "arguments.h"

namespace vivian {

napi_value keccak256Call(napi_env env, napi_callback_info info) {
  Arguments arguments;
  const uint8_t* bytes = nullptr;
  const uint8_t* digest = nullptr;
  size_t length = 0;
  size_t room = 0;
  if (!readArguments(env, info, arguments) ||
      !readBytes(env, arguments.values[0], bytes, length) ||
      !readBytes(env, arguments.values[1], digest, room) || room != KECCAK_BYTES) {
    return throwError(env, "ENGINE_SHAPE", "bytes, and 32 bytes for their digest, are Uint8Arrays");
  }
  keccak256(bytes, length, const_cast<uint8_t*>(digest));
  napi_value result = nullptr;
  napi_get_undefined(env, &result);
  return result;
}

}  // namespace vivian
