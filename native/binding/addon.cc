// Decides what the addon exports: simdLevels() and createSession(programBytes, options). Node-API
// only, so one build serves every Node that has this version of it.
#include <node_api.h>

#include "../cpu/simd-levels.h"
#include "arguments.h"
#include "session-object.h"

namespace vivian {

namespace {

napi_value listLevels(napi_env env, napi_callback_info) {
  try {
    const std::vector<std::string> levels = simdLevels();
    napi_value list = nullptr;
    if (napi_create_array_with_length(env, levels.size(), &list) != napi_ok) return nullptr;
    for (size_t i = 0; i < levels.size(); i += 1) {
      napi_value name;
      if (napi_create_string_utf8(env, levels[i].data(), levels[i].size(), &name) != napi_ok ||
          napi_set_element(env, list, (uint32_t)i, name) != napi_ok) {
        return nullptr;
      }
    }
    return list;
  } catch (const std::exception& error) {
    return throwError(env, "ENGINE_LIMIT", error.what());
  }
}

}  // namespace

}  // namespace vivian

NAPI_MODULE_INIT() {
  const napi_property_descriptor functions[] = {
      {"simdLevels", nullptr, vivian::listLevels, nullptr, nullptr, nullptr, napi_enumerable,
       nullptr},
      {"createSession", nullptr, vivian::createSession, nullptr, nullptr, nullptr, napi_enumerable,
       nullptr},
  };
  napi_define_properties(env, exports, sizeof functions / sizeof functions[0], functions);
  return exports;
}
