// Decides the calls that hash rows and pages of the state map in batches.
#pragma once
#include <node_api.h>

namespace vivian {

/**
 * mapLeaves(keys, then values, all joined; u32 length of each value as bytes; digests): fills the
 * digests; answers whether this machine can.
 */
napi_value mapLeavesCall(napi_env env, napi_callback_info info);

/**
 * pageRoots(pages, u32 start of each as bytes, a kind each and then a hash each): likewise. Throws
 * where bytes are no page.
 */
napi_value pageRootsCall(napi_env env, napi_callback_info info);

}  // namespace vivian
