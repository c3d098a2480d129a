// Decides what the addon exports. Node-API only, so one build serves every Node that has this
// version of it.
#include <node_api.h>

#include <chrono>

#include "../cpu/simd-levels.h"
#include "arguments.h"
#include "block-tree-call.h"
#include "cuda-object.h"
#include "keccak-call.h"
#include "record-tree-call.h"
#include "session-object.h"
#include "state-map-call.h"

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

/**
 * measurePeak(level, profile): multiplications a second of one thread that only multiplies numbers
 * of the profile; about 0.1 s.
 */
napi_value measurePeak(napi_env env, napi_callback_info info) {
  Arguments arguments;
  std::string level;
  double profile;
  if (!readArguments(env, info, arguments) || !readText(env, arguments.values[0], level) ||
      !readInteger(env, arguments.values[1], 0, 2, profile)) {
    return throwError(env, "ENGINE_PROGRAM", "a level is a text, a profile 0 to 2");
  }
  const PeakFunction peak = peakOfLevel(level);
  if (peak == nullptr) return throwError(env, "ENGINE_LIMIT", "no such level here, or no peak");
  constexpr int TRIES = 12;
  constexpr int64_t ROUNDS = 30000;
  double best = 0;
  for (int i = 0; i < TRIES; i += 1) {
    const auto begin = std::chrono::steady_clock::now();
    const int64_t products = peak(ROUNDS, (int32_t)profile);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    const double rate = (double)products / seconds.count();
    if (rate > best) best = rate;
  }
  napi_value result = nullptr;
  napi_create_double(env, best, &result);
  return result;
}

/** measureBandwidth(level): bytes a second that one thread moves; about 0.1 s. */
napi_value measureBandwidthCall(napi_env env, napi_callback_info info) {
  try {
    Arguments arguments;
    std::string level;
    if (!readArguments(env, info, arguments) || !readText(env, arguments.values[0], level)) {
      return throwError(env, "ENGINE_PROGRAM", "a level is a text");
    }
    const TriadFunction triad = triadOfLevel(level);
    if (triad == nullptr) return throwError(env, "ENGINE_LIMIT", "no such level here");
    napi_value result = nullptr;
    napi_create_double(env, measureBandwidth(triad), &result);
    return result;
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
      {"measurePeak", nullptr, vivian::measurePeak, nullptr, nullptr, nullptr, napi_enumerable,
       nullptr},
      {"measureBandwidth", nullptr, vivian::measureBandwidthCall, nullptr, nullptr, nullptr,
       napi_enumerable, nullptr},
      {"blockTreeRoot", nullptr, vivian::blockTreeRootCall, nullptr, nullptr, nullptr,
       napi_enumerable, nullptr},
      {"keccak256", nullptr, vivian::keccak256Call, nullptr, nullptr, nullptr, napi_enumerable,
       nullptr},
      {"leafHashes", nullptr, vivian::leafHashesCall, nullptr, nullptr, nullptr, napi_enumerable,
       nullptr},
      {"nodeHashes", nullptr, vivian::nodeHashesCall, nullptr, nullptr, nullptr, napi_enumerable,
       nullptr},
      {"foldNodes", nullptr, vivian::foldNodesCall, nullptr, nullptr, nullptr, napi_enumerable,
       nullptr},
      {"mapLeaves", nullptr, vivian::mapLeavesCall, nullptr, nullptr, nullptr, napi_enumerable,
       nullptr},
      {"pageRoots", nullptr, vivian::pageRootsCall, nullptr, nullptr, nullptr, napi_enumerable,
       nullptr},
      {"cudaDevices", nullptr, vivian::cudaDevices, nullptr, nullptr, nullptr, napi_enumerable,
       nullptr},
      {"openCudaDevice", nullptr, vivian::openCudaDevice, nullptr, nullptr, nullptr,
       napi_enumerable, nullptr},
      {"createSession", nullptr, vivian::createSession, nullptr, nullptr, nullptr, napi_enumerable,
       nullptr},
  };
  napi_define_properties(env, exports, sizeof functions / sizeof functions[0], functions);
  return exports;
}
